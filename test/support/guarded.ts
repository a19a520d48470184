import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runBin, type BinResult } from './bins.ts';
import { testRepository } from './repository.ts';

/** A repository with a `.squad/` whose matrix and other files are these. */
export function guardedRepository(
  ownership: string,
  files: Readonly<Record<string, string>> = { 'a.ts': 'a\n' },
): string {
  const root = testRepository(files);
  writeIn(root, '.squad/ownership.yaml', ownership);
  return root;
}

/** Writes a file below a root, with its folders. */
export function writeIn(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** One hook call as a client would make it, in one object. */
export interface HookCall {
  readonly root: string;
  readonly event?: string;
  readonly as?: string;
  readonly client?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input: Readonly<Record<string, unknown>> | string;
}

/** Runs the built guard. */
export function callGuard(call: HookCall): Promise<BinResult> {
  const { root, event = 'pre-tool', client = 'claude', input } = call;
  const text = typeof input === 'string' ? input : JSON.stringify({ cwd: root, ...input });
  const env = { ...(call.as === undefined ? {} : { AGENT_ID: call.as }), ...call.env };
  return runBin('squad-guard', [event, '--client', client], { cwd: root, input: text, env });
}

/** Input for an edit tool. */
export function editOf(path: string, session = 's1'): Readonly<Record<string, unknown>> {
  return {
    session_id: session,
    hook_event_name: 'PreToolUse',
    tool_name: 'Edit',
    tool_input: { file_path: path },
    tool_use_id: 'use-1',
  };
}

/** Input for a shell tool. */
export function shellOf(command: string, session = 's1'): Readonly<Record<string, unknown>> {
  return {
    session_id: session,
    hook_event_name: 'PreToolUse',
    tool_name: 'Bash',
    tool_input: { command },
    tool_use_id: 'use-1',
  };
}
