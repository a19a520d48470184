import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { renderFrontMatter } from '#markdown';
import type { PlanHeader } from '#protocol';
import { expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { gitIn } from '../support/repository.ts';
import { testdir } from '../support/testdir.ts';
import { commitIn, put, testWorktrees } from '../support/worktrees.ts';

function plan(agent: string, tasks: Readonly<Record<string, readonly string[]>>): string {
  const header: PlanHeader = {
    version: 1,
    agent,
    role: agent,
    feature: 'Dashboard',
    prd_hash: `sha256:${'0'.repeat(64)}`,
    tasks: Object.entries(tasks).map(([id, depends_on]) => ({
      id,
      title: id,
      files: { create: [], modify: [], read: [] },
      depends_on,
      estimate_minutes: 10,
      start_minute: 0,
    })),
  };
  return renderFrontMatter({ ...header }, '# Plan\n');
}

test('a worktree per plan: who can begin gets one, who can begin nothing waits for merged work', async () => {
  const { root } = testWorktrees();
  put(root, '.squad/parallel-plans/agent-1-plan.md', plan('agent-1-types', { 'T-1': [] }));
  put(root, '.squad/parallel-plans/agent-2-plan.md', plan('agent-2-api', { 'T-2': [], 'T-3': ['T-1'] }));
  put(root, '.squad/parallel-plans/agent-3-plan.md', plan('agent-3-ui', { 'T-4': ['T-1'], 'T-5': ['T-4'] }));
  const create = ['create', '--from-plans', '--json'];
  const first = JSON.parse((await runBin('squad-worktree', create, { cwd: root })).stdout) as {
    created: { name: string; agent: string; purpose: string }[];
    waiting: unknown;
  };
  expect(first.created.map(({ name, agent, purpose }) => [name, agent, purpose])).toEqual([
    ['agent-1-types', 'agent-1-types', 'Dashboard: T-1'],
    ['agent-2-api', 'agent-2-api', 'Dashboard: T-2, T-3'],
  ]);
  expect(first.waiting).toEqual([{ name: 'agent-3-ui', for: ['agent-1-types'] }]);
  commitIn(`${root}.worktrees/agent-1-types`, { 'types.ts': 'export {};\n' });
  await runBin('squad-merge', ['run', '--no-test'], { cwd: root });
  const second = await runBin('squad-worktree', create, { cwd: root });
  expect(JSON.parse(second.stdout)).toMatchObject({
    created: [{ name: 'agent-3-ui' }],
    waiting: [],
    failed: [],
  });
  expect(existsSync(join(`${root}.worktrees/agent-3-ui`, 'types.ts'))).toBe(true);
});

test('a port is a lease that others see, and a lease of others is passed over', async () => {
  const { root } = testWorktrees();
  put(root, '.squad/config.yaml', 'worktree:\n  ports: {web: 48211-48219}\n');
  await runBin('squad-lock', ['acquire', 'port:48211', '--agent', 'agent-9'], { cwd: root });
  await runBin('squad-worktree', ['create', 'auth'], { cwd: root });
  const env = await runBin('squad-worktree', ['env', 'auth', '--json'], { cwd: root });
  expect(JSON.parse(env.stdout)).toMatchObject({ SQUAD_PORT_WEB: '48212', SQUAD_WORKTREE: 'auth' });
  const taken = await runBin('squad-lock', ['acquire', 'port:48212', '--agent', 'agent-9'], { cwd: root });
  expect(taken.code).toBe(3);
  await runBin('squad-worktree', ['remove', 'auth'], { cwd: root });
  const free = await runBin('squad-lock', ['acquire', 'port:48212', '--agent', 'agent-9'], { cwd: root });
  expect(free.code).toBe(0);
});

test('status tells changes, distance, what the agent said and the last test', async () => {
  const { root } = testWorktrees();
  await runBin('squad-worktree', ['create', 'auth', '--agent', 'agent-1'], { cwd: root });
  await runBin('squad-worktree', ['create', 'idle'], { cwd: root });
  const path = (await runBin('squad-worktree', ['path', 'auth'], { cwd: root })).stdout.trim();
  commitIn(path, { 'b.txt': 'b\n' });
  put(path, 'a.txt', 'edited\n');
  put(path, 'new.txt', 'n\n');
  put(root, '.squad/comms/agent-1-comm.md', '## Status Update 2026-11-20T11:00:00Z\nStatus: ACTIVE\n');
  const { stdout, code } = await runBin('squad-worktree', ['status'], { cwd: path });
  expect(code).toBe(0);
  expect(stdout.replace(/said ACTIVE [^)]*ago/u, 'said ACTIVE AGO').replaceAll(/ +/gu, ' ')).toBe(
    [
      'NAME BRANCH CHANGES AHEAD/BEHIND AGENT LAST TEST',
      'auth squad/auth 2 changed, 1 of them new +1 -0 unknown (said ACTIVE AGO) -',
      'idle squad/idle clean +0 -0 unknown -',
      '',
    ].join('\n'),
  );
  const { worktrees } = JSON.parse(
    (await runBin('squad-worktree', ['status', '--json'], { cwd: root })).stdout,
  ) as {
    worktrees: Record<string, unknown>[];
  };
  expect(worktrees[0]).toMatchObject({ name: 'auth', ahead: 1, behind: 0, operation: null, lastTest: null });
});

test('the evidence of a completion shows as a test that its agent tells of', async () => {
  const { root } = testWorktrees();
  await runBin('squad-worktree', ['create', 'auth', '--agent', 'agent-1'], { cwd: root });
  const path = `${root}.worktrees/auth`;
  commitIn(path, { 'b.txt': 'b\n' });
  const done = ['done', 'T-1', '--evidence', 'test -e b.txt', '--agent', 'agent-1'];
  expect((await runBin('squad-comms', done, { cwd: path })).code).toBe(0);
  const before = await runBin('squad-worktree', ['status'], { cwd: root });
  expect(before.stdout).toMatch(/ green this commit, \S+ ago, its agent says\n/u);
  commitIn(path, { 'c.txt': 'c\n' });
  const after = await runBin('squad-worktree', ['status'], { cwd: root });
  expect(after.stdout).toMatch(/ green at [0-9a-f]{7,8}, older, \S+ ago, its agent says\n/u);
  const json = await runBin('squad-worktree', ['status', '--json'], { cwd: root });
  expect(JSON.parse(json.stdout)).toMatchObject({
    worktrees: [{ lastTest: { command: 'test -e b.txt', exitCode: 0, source: 'claimed' } }],
  });
});

test('several at once: what can be made is made, what cannot is said, exit 1', async () => {
  const { root } = testWorktrees();
  gitIn(root, 'branch', 'squad/taken');
  const { stdout, code } = await runBin('squad-worktree', ['create', 'one', 'taken', 'two'], { cwd: root });
  expect(code).toBe(1);
  expect(stdout).toBe(`created one  branch squad/one from main  ${root}.worktrees/one
created two  branch squad/two from main  ${root}.worktrees/two
failed  taken  BRANCH_TAKEN: branch squad/taken exists already
        take it as it is: squad-worktree create taken --branch squad/taken   (or rename it: git branch -m squad/taken squad/taken-old)

next: cd "$(squad-worktree path one)"
`);
});

test('a refused removal names every reason and the next command', async () => {
  const { root } = testWorktrees();
  await runBin('squad-worktree', ['create', 'auth'], { cwd: root });
  put(`${root}.worktrees/auth`, 'new.txt', 'n\n');
  const refused = await runBin('squad-worktree', ['remove', 'auth'], { cwd: root });
  expect(refused.code).toBe(1);
  expect(refused.stdout).toBe(`refused auth
        1 uncommitted change: new.txt
        next: finish it, or: squad-worktree remove auth --force   (keeps everything in a backup)
`);
  const forced = await runBin('squad-worktree', ['remove', 'auth', '--force'], { cwd: root });
  const undo = /undo: squad-worktree (restore \S+)/u.exec(forced.stdout)?.[1] ?? '';
  const restored = await runBin('squad-worktree', undo.split(' '), { cwd: root });
  expect(restored.stdout).toBe(`restored auth in ${root}.worktrees/auth\n`);
  expect(existsSync(`${root}.worktrees/auth/new.txt`)).toBe(true);
});

test.each([
  [['create'], 2, 'squad-worktree create needs a name, or --from-plans'],
  [['create', 'a', 'b', '--branch', 'x'], 2, '--branch goes with one name only'],
  [['path', 'nope'], 1, 'there is no worktree "nope"'],
  [['restore', 'refs/heads/main'], 1, 'refs/heads/main is no backup of a worktree'],
])('%j exits %d and says why', async (args, code, message) => {
  const { root } = testWorktrees();
  const result = await runBin('squad-worktree', args, { cwd: root });
  expect(result.code).toBe(code);
  expect(result.stderr).toContain(message);
});

test('a record that was edited into nonsense is named with its problems', async () => {
  const { root } = testWorktrees();
  put(root, '.squad/worktrees/auth.json', '{"version": 1, "name": "auth"}');
  const result = await runBin('squad-worktree', ['list'], { cwd: root });
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('auth.json is no worktree record\n  branch: expected');
});

test('a bare repository works through its worktrees', async () => {
  const { root } = testWorktrees();
  const place = testdir();
  gitIn(root, 'clone', '--quiet', '--bare', root, join(place, 'shop.git'));
  gitIn(join(place, 'shop.git'), 'worktree', 'add', '--quiet', join(place, 'main'), 'main');
  const cwd = join(place, 'main');
  gitIn(cwd, 'config', 'user.name', 'Test');
  gitIn(cwd, 'config', 'user.email', 'test@example.org');
  put(place, '.squad/config.yaml', '');
  expect((await runBin('squad-worktree', ['create', 'auth'], { cwd })).stderr).toBe('');
  const path = (await runBin('squad-worktree', ['path', 'auth'], { cwd })).stdout.trim();
  expect(path).toBe(join(place, 'main.worktrees/auth'));
  commitIn(path, { 'b.txt': 'b\n' });
  const run = await runBin('squad-merge', ['run', '--no-test'], { cwd: path });
  expect(run.stderr).toBe('merging auth\n');
  expect(existsSync(join(cwd, 'b.txt'))).toBe(true);
  const removed = await runBin('squad-worktree', ['remove', 'auth'], { cwd });
  expect(removed.code).toBe(0);
});
