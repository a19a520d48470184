import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { callGuard, editOf, shellOf } from './guarded.ts';

/** A matrix with a rule of each kind. */
export const MATRIX: string = `
/bob: { owner: bob, access: EXCLUSIVE }
/ml: { owner: ml-engineer, access: EXCLUSIVE }
/constants: { owner: NONE, access: READ-ONLY }
/observed: { owner: bob, access: EXCLUSIVE, mode: observe }
/warned: { owner: bob, access: EXCLUSIVE, mode: warn }
/asked: { owner: bob, access: EXCLUSIVE, mode: ask }
/CHANGELOG.d: { owner: NONE, access: PARTITIONED }
`;

/** `allowed`, or how an edit by an agent was answered. */
export async function edit(root: string, as: string, path: string): Promise<string> {
  const { code, stdout } = await callGuard({ root, as, input: editOf(path, as) });
  return code === 0 && stdout === '' ? 'allowed' : `exit ${code}: ${reasonIn(stdout)}`;
}

/** `allowed`, or how a shell command of an agent was answered. */
export async function shell(root: string, as: string, command: string): Promise<string> {
  const { code, stdout } = await callGuard({ root, as, input: shellOf(command, as) });
  return code === 0 && stdout === '' ? 'allowed' : `exit ${code}: ${reasonIn(stdout)}`;
}

/** First line of the reason in a client's answer, without times. */
export function reasonIn(stdout: string): string {
  const { hookSpecificOutput: answer } = JSON.parse(stdout) as {
    hookSpecificOutput: Readonly<Record<string, string>>;
  };
  const text = answer['permissionDecisionReason'] ?? answer['additionalContext'] ?? '';
  return text.split('\n')[0]?.replace(/ since .*$/u, '') ?? '';
}

/** What stands in the journal. */
export function journal(root: string): readonly { kind: string; agent: string }[] {
  const lines = readFileSync(join(root, '.squad/logs/events.ndjson'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as { kind: string; agent: string });
}
