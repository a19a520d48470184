import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { binPath, cleanEnvironment, runBin } from '../support/bins.ts';
import { callGuard, editOf, guardedRepository, writeIn } from '../support/guarded.ts';
import { testdir } from '../support/testdir.ts';

const MATRIX = '/alice: { owner: alice, access: EXCLUSIVE }\n/shared: { owner: NONE, access: SEQUENTIAL }\n';

// The commands of a refusal, as a model reads them.
async function commandsFor(root: string, file: string, cwd = root): Promise<readonly string[]> {
  const input = { ...editOf(join(root, file)), cwd };
  const { stderr } = await callGuard({ root, as: 'bob', input });
  return stderr.split('\n').flatMap((line) => /(squad-(?:comms|lock) .*)$/u.exec(line)?.[1] ?? []);
}

// A shell in which the commands are those that were built.
function paste(command: string, cwd: string, agent: string): string {
  const folder = testdir();
  for (const name of ['squad-comms', 'squad-lock'] as const)
    writeIn(folder, name, `#!/bin/sh\nexec '${process.execPath}' '${binPath(name)}' "$@"\n`);
  execFileSync('chmod', ['+x', join(folder, 'squad-comms'), join(folder, 'squad-lock')]);
  const path = `${folder}:${process.env['PATH'] ?? ''}`;
  const env = { ...cleanEnvironment(), AGENT_ID: agent, PATH: path };
  return execFileSync('bash', ['-c', command], { cwd, env, encoding: 'utf8' });
}

test('a name can put nothing into the command that asks for its file', async () => {
  const root = guardedRepository(MATRIX);
  const name = 'alice/$(touch pwned) `touch pwned` "it\'s".ts';
  const [ask = '', handOver = ''] = await commandsFor(root, name);
  expect(paste(ask, root, 'bob')).toContain(`Text: please hand me ${name}: <why>`);
  expect(paste(handOver, root, 'alice')).toContain(`FILE: ${JSON.stringify(`/${name}`)}`);
  expect(existsSync(join(root, 'pwned'))).toBe(false);
});

test('in a sub-folder the command to wait names the file from there', async () => {
  const root = guardedRepository(MATRIX, { 'alice/a.ts': 'a\n', 'shared/it is.ts': 's\n' });
  await runBin('squad-lock', ['acquire', 'shared/it is.ts'], { cwd: root, env: { AGENT_ID: 'alice' } });
  const folder = dirname(join(root, 'alice/a.ts'));
  const [wait = ''] = await commandsFor(root, 'shared/it is.ts', folder);
  expect(wait).toBe("squad-lock acquire '../shared/it is.ts' --wait 2m --agent bob");
  await runBin('squad-lock', ['release', '--all'], { cwd: root, env: { AGENT_ID: 'alice' } });
  expect(paste(wait, folder, 'bob')).toMatch(/^acquired shared\/it is\.ts until /u);
});

test.each(['Edit', 'Write', 'MultiEdit', 'edit_file'])(
  'an edit by %s whose file cannot be read is a failure of the guard, not a file of nobody',
  async (tool) => {
    const root = guardedRepository(MATRIX);
    const call = {
      root,
      as: 'bob',
      input: { ...editOf(''), tool_name: tool, tool_input: { file_path: ['alice/a.ts'] } },
    };
    const lenient = await callGuard(call);
    expect([lenient.code, lenient.stderr]).toEqual([
      0,
      `squad: the guard could not check this: the hook input of ${tool} names no file\n`,
    ]);
    writeIn(root, '.squad/config.yaml', 'guard:\n  onFailure: strict\n');
    expect((await callGuard(call)).code).toBe(2);
  },
);

test('a byte order mark before the input is not its content', async () => {
  const root = guardedRepository(MATRIX);
  const input = `\uFEFF${JSON.stringify({ cwd: root, ...editOf('alice/a.ts') })}`;
  expect((await callGuard({ root, as: 'bob', input })).code).toBe(2);
});
