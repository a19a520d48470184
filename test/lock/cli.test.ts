import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBin, type BinResult } from '../support/bins.ts';
import { gitIn, testRepository } from '../support/repository.ts';

type Run = (...words: readonly string[]) => Promise<BinResult>;

function squad(): { root: string; as: (agent: string, cwd?: string) => Run } {
  const root = testRepository({ 'src/a.ts': 'export {};\n', 'src/b.ts': '', '.squad/README.md': 'x\n' });
  return {
    root,
    as:
      (agent, cwd = root) =>
      (...words) =>
        runBin('squad-lock', words, { cwd, env: { AGENT_ID: agent } }),
  };
}

test('a held path is refused with who, why and until when, and what to do', async () => {
  const { as } = squad();
  const taken = await as('agent-1')('acquire', 'src/a.ts', '--purpose', 'add fields', '--json');
  expect(taken.code).toBe(0);
  expect(JSON.parse(taken.stdout)).toMatchObject({
    kind: 'acquired',
    leases: [{ path: 'src/a.ts', token: 1, agent: 'agent-1', purpose: 'add fields' }],
  });
  const refused = await as('agent-2')('acquire', 'src/a.ts', '--json');
  expect(refused.code).toBe(3);
  expect(JSON.parse(refused.stdout)).toMatchObject({
    kind: 'held',
    holders: [
      { path: 'src/a.ts', heldPath: 'src/a.ts', agent: 'agent-1', purpose: 'add fields', alive: 'unknown' },
    ],
    next: [
      'squad-lock acquire src/a.ts --wait 30m',
      'squad-comms ask agent-1 "when will src/a.ts be free?"',
      'squad-lock list --waiting',
    ],
  });
  const words = await as('agent-2')('acquire', 'src/a.ts');
  expect(words.stdout).toMatch(
    /^held: src\/a\.ts is held by agent-1 \(add fields\) since \S+Z, until \S+Z \((?:29m \d+s|30m) left\); whether it still runs is not known\n {2}squad-lock acquire src\/a\.ts --wait 30m\n/u,
  );
});

test('several paths are taken all or none, from a sub-folder and from a linked worktree alike', async () => {
  const { root, as } = squad();
  expect((await as('agent-1', join(root, 'src'))('acquire', 'b.ts')).stdout).toMatch(
    /^acquired src\/b\.ts until/u,
  );
  const worktree = join(root, '..', `linked ${Date.now()}`);
  gitIn(root, 'worktree', 'add', '--quiet', '-b', 'linked', worktree);
  mkdirSync(join(worktree, 'docs'));
  const other = as('agent-2', join(worktree, 'docs'));
  expect((await other('acquire', '../src/a.ts', '../src/b.ts')).code).toBe(3);
  expect((await other('acquire', '../src/a.ts', 'op:git')).code).toBe(0);
  const list = await as('agent-1')('list');
  expect(list.stdout.split('\n').map((line) => line.split(' since ')[0])).toEqual([
    'op:git held by agent-2',
    'src/a.ts held by agent-2',
    'src/b.ts held by agent-1',
    '',
  ]);
  gitIn(root, 'worktree', 'remove', '--force', worktree);
});

test('a leading ./ makes a file of a name that reads as a pattern, also from a sub-folder', async () => {
  const { root, as } = squad();
  const inSource = as('agent-1', join(root, 'src'));
  expect((await inSource('acquire', './[id].ts')).stdout).toMatch(/^acquired src\/\[id\]\.ts until/u);
  expect((await as('agent-2')('acquire', 'src/i.ts')).code).toBe(0);
  expect((await as('agent-2')('acquire', './src/[id].ts')).code).toBe(3);
});

test.each([
  ['../../outside.ts', 'is outside the repository'],
  ['.git/config', 'is inside .git'],
  ['nul\u0001char', 'the path holds a control character'],
])('refuses %j by name', async (path, why) => {
  const { as } = squad();
  const result = await as('agent-1')('acquire', path);
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('error PATH_REFUSED');
  expect(result.stderr).toContain(why);
});

test('run holds while the command runs, passes its exit code on and releases', async () => {
  const { as } = squad();
  const result = await as('agent-1')(
    'run',
    'op:git',
    '--',
    'sh',
    '-c',
    'echo "tokens $SQUAD_LOCK_TOKENS"; exit 4',
  );
  expect(result).toMatchObject({ code: 4, stdout: 'tokens 1\n' });
  expect((await as('agent-1')('list')).stdout).toBe('no leases\n');
});
