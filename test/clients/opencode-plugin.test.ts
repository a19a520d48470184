import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { runBin } from '../support/bins.ts';
import { guardedRepository } from '../support/guarded.ts';

type Hook = (input: unknown, output: unknown) => Promise<void>;
type Plugin = (input: unknown) => Promise<Readonly<Record<string, Hook>>>;

interface Part {
  readonly id: string;
  readonly type: string;
  readonly text: string;
  readonly synthetic?: boolean;
}

// What the real client does with these hooks is in `real/`; here is what they answer.
async function plugin(
  root: string,
): Promise<(name: string, input?: unknown, output?: unknown) => Promise<void>> {
  await runBin('squad-init', ['--opencode'], { cwd: root });
  const path = join(root, '.opencode/plugins/dotsquad.mjs');
  copyFileSync(join(root, '.opencode/plugins/dotsquad.js'), path);
  vi.stubEnv('AGENT_ID', '');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const { Squad } = (await import(pathToFileURL(path).href)) as { Squad: Plugin };
  const get = ({ path: { id } }: { path: { id: string } }): Promise<unknown> =>
    Promise.resolve({ data: id === 'ses_sub' ? { parentID: 'ses_main0001' } : {} });
  const hooks = await Squad({ client: { session: { get } }, directory: root });
  return (name, input, output) => hooks[name]?.(input, output) ?? Promise.reject(new Error(name));
}

function editBy(sessionID: string, filePath: string): readonly [string, unknown, unknown] {
  return ['tool.execute.before', { tool: 'edit', sessionID, callID: 'c1' }, { args: { filePath } }];
}

test('the OpenCode plugin refuses by throwing, answers for sub-agents as their session, and gives everything back', async () => {
  const root = guardedRepository('/theirs.txt: { owner: bob, access: EXCLUSIVE }\n');
  const call = await plugin(root);
  const parts: Part[] = [{ id: 'prt_1', type: 'text', text: 'hello' }];
  await call('chat.message', { sessionID: 'ses_main0001' }, { parts });
  expect(parts[1]).toMatchObject({ id: 'prt_1squad', synthetic: true });
  expect(parts[1]?.text).toContain('you are opencode-main0001');

  await expect(call(...editBy('ses_main0001', 'theirs.txt'))).rejects.toThrow(
    'squad: theirs.txt is EXCLUSIVE to bob',
  );
  await expect(call(...editBy('ses_sub', 'theirs.txt'))).rejects.toThrow('handoff opencode-main0001');
  await call(...editBy('ses_sub', 'a.ts'));
  await expect(call(...editBy('ses_other002', 'a.ts'))).rejects.toThrow('held by opencode-main0001');

  const env: Record<string, string> = {};
  await call('shell.env', { sessionID: 'ses_sub' }, { env });
  const whoami = await runBin('squad-lock', ['release', 'a.ts', '--json'], { cwd: root, env });
  expect(JSON.parse(whoami.stdout)).toMatchObject({ released: [{ path: 'a.ts' }] });
  await call(...editBy('ses_main0001', 'a.ts'));
  await call('dispose');
  expect(readFileSync(join(root, '.squad/logs/events.ndjson'), 'utf8')).toContain(
    '"kind":"session.ended","agent":"opencode-main0001"',
  );
  expect((await runBin('squad-lock', ['list'], { cwd: root })).stdout).toBe('no leases\n');
});

test('a message for the agent stands once below the result of its next tool', async () => {
  const root = guardedRepository('');
  const call = await plugin(root);
  const result = { output: 'read' };
  await call('tool.execute.after', { tool: 'read', sessionID: 'ses_main0001', args: {} }, result);
  expect(result.output).toContain('you are opencode-main0001');
  await runBin('squad-comms', ['ask', 'opencode-main0001', 'ready?', '--agent', 'bob'], { cwd: root });
  const next = { output: 'read' };
  await call('tool.execute.after', { tool: 'read', sessionID: 'ses_main0001', args: {} }, next);
  expect(next.output).toContain('from bob: "ready?"');
  const last = { output: 'read' };
  await call('tool.execute.after', { tool: 'read', sessionID: 'ses_main0001', args: {} }, last);
  expect(last.output).toBe('read');
});
