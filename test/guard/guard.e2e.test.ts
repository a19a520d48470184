import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { callGuard, editOf, guardedRepository, shellOf, writeIn } from '../support/guarded.ts';
import { edit, journal, MATRIX, shell } from '../support/judged.ts';
import { gitIn } from '../support/repository.ts';
import { testdir } from '../support/testdir.ts';

test('the levels of the matrix', async () => {
  const root = guardedRepository(MATRIX);
  expect(await edit(root, 'alice', 'bob/x.ts')).toContain('squad: bob/x.ts is EXCLUSIVE to bob');
  expect(await edit(root, 'bob', 'bob/x.ts')).toBe('allowed');
  expect(await edit(root, 'alice', 'constants/x.ts')).toContain('READ-ONLY: nobody writes it');
  expect(await edit(root, 'alice', 'CHANGELOG.d/alice-1.md')).toBe('allowed');
  expect(await edit(root, 'alice', 'CHANGELOG.d/bob-1.md')).toContain('your fragments are');
});

test('a free path is leased to who edits it first, until the session ends', async () => {
  const root = guardedRepository(MATRIX);
  expect(await edit(root, 'alice', 'a.ts')).toBe('allowed');
  expect(await edit(root, 'alice', 'a.ts')).toBe('allowed');
  expect(await edit(root, 'bob', 'a.ts')).toBe(
    'exit 2: squad: a.ts is held by alice for "edit through the guard"',
  );
  await callGuard({
    root,
    as: 'alice',
    event: 'session-end',
    input: { session_id: 'alice', hook_event_name: 'SessionEnd' },
  });
  expect(await edit(root, 'bob', 'a.ts')).toBe('allowed');
});

test('modes: observe is silent, warn tells, ask asks, and each is journalled', async () => {
  const root = guardedRepository(MATRIX);
  expect(await edit(root, 'alice', 'observed/x.ts')).toBe('allowed');
  expect(await edit(root, 'alice', 'warned/x.ts')).toContain(
    'exit 0: squad: warned/x.ts is EXCLUSIVE to bob',
  );
  expect(await edit(root, 'alice', 'asked/x.ts')).toContain('exit 0: squad: asked/x.ts is EXCLUSIVE to bob');
  const kinds = journal(root).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind.startsWith('guard.'))).toEqual([
    'guard.observed',
    'guard.warned',
    'guard.asked',
  ]);
});

test('without .squad/ nothing is said and nothing written', async () => {
  const root = testdir();
  const result = await callGuard({ root, as: 'alice', input: editOf(join(root, 'a.ts')) });
  expect(result).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect(existsSync(join(root, '.squad'))).toBe(false);
});

test('the file decides, not the folder the session runs in', async () => {
  const root = guardedRepository(MATRIX);
  const elsewhere = testdir();
  const result = await callGuard({
    root: elsewhere,
    as: 'alice',
    input: { ...editOf(join(root, 'bob/x.ts')), cwd: elsewhere },
  });
  expect(result.code).toBe(2);
});

test('an edited matrix holds at once', async () => {
  const root = guardedRepository(MATRIX);
  expect(await edit(root, 'alice', 'bob/x.ts')).not.toBe('allowed');
  writeIn(root, '.squad/ownership.yaml', '/bob: { owner: alice, access: EXCLUSIVE }\n');
  expect(await edit(root, 'alice', 'bob/x.ts')).toBe('allowed');
});

test('an owner that is a role is whoever has the role by its plan', async () => {
  const root = guardedRepository(MATRIX);
  writeIn(
    root,
    '.squad/parallel-plans/agent-3-plan.md',
    `---\nversion: 1\nagent: agent-3-ml\nrole: ml-engineer\nfeature: x\nprd_hash: sha256:${'0'.repeat(64)}\ntasks: []\n---\n`,
  );
  expect(await edit(root, 'agent-3-ml', 'ml/x.py')).toBe('allowed');
  expect(await edit(root, 'agent-1-frontend', 'ml/x.py')).toContain('EXCLUSIVE to ml-engineer');
});

test("a handoff by the owner lets the receiver in, another's does not", async () => {
  const root = guardedRepository(MATRIX);
  const comms = (...args: readonly string[]) => runBin('squad-comms', args, { cwd: root });
  const handOver = async (from: string): Promise<void> => {
    const { stdout } = await comms('handoff', 'alice', '--file', 'bob/x.ts', '--agent', from, '--json');
    await comms('accept', /H-[0-9A-Z]+/u.exec(stdout)?.[0] ?? '', '--agent', 'alice');
  };
  await handOver('carol');
  expect(await edit(root, 'alice', 'bob/x.ts')).not.toBe('allowed');
  await handOver('bob');
  expect(await edit(root, 'alice', 'bob/x.ts')).toBe('allowed');
});

test('a refusal names another ready task of the plan', async () => {
  const root = guardedRepository(MATRIX);
  const tasks = [
    '  - { id: T-01, title: Own it, files: { create: [], modify: [bob/x.ts], read: [] }, depends_on: [], estimate_minutes: 5, start_minute: 0 }',
    '  - { id: T-02, title: Blocked, files: { create: [], modify: [c.ts], read: [] }, depends_on: [T-09], estimate_minutes: 5, start_minute: 0 }',
    '  - { id: T-03, title: Free work, files: { create: [d.ts], modify: [], read: [] }, depends_on: [], estimate_minutes: 5, start_minute: 0 }',
  ];
  writeIn(
    root,
    '.squad/parallel-plans/agent-1-plan.md',
    `---\nversion: 1\nagent: agent-1-frontend\nrole: frontend\nfeature: x\nprd_hash: sha256:${'0'.repeat(64)}\ntasks:\n${tasks.join('\n')}\n---\n`,
  );
  const { stdout } = await callGuard({ root, as: 'agent-1-frontend', input: editOf('bob/x.ts') });
  expect(stdout).toContain('or take another task of your plan: T-03 Free work (d.ts)');
});

test('shell commands are judged for what they write', async () => {
  const root = guardedRepository(MATRIX, { 'a.ts': 'a\n', 'bob/x.ts': 'x\n', 'bob/deep/y.ts': 'y\n' });
  expect(await shell(root, 'alice', 'echo x > bob/x.ts')).toContain('bob/x.ts is EXCLUSIVE to bob');
  expect(await shell(root, 'alice', 'rm -rf bob/deep')).toContain('bob/deep/y.ts is EXCLUSIVE to bob');
  expect(await shell(root, 'alice', 'sed -i s/x/y/ bob/*.ts')).toContain('bob/x.ts is EXCLUSIVE to bob');
  expect(await shell(root, 'alice', 'cp a.ts bob')).toContain('bob/a.ts is EXCLUSIVE to bob');
  expect(await shell(root, 'alice', 'cat bob/x.ts && npm test')).toBe('allowed');
  expect(await shell(root, 'alice', 'rm "$UNKNOWN"')).toBe('allowed');
});

test('a never-parallel operation is held for the length of one command', async () => {
  const root = guardedRepository(MATRIX);
  expect(await shell(root, 'alice', 'git commit -m x')).toBe('allowed');
  expect(await shell(root, 'bob', 'git rebase main')).toContain(
    'op:git (git rebase never runs twice at a time) is held by alice',
  );
  expect(await shell(root, 'bob', 'npm install')).toBe('allowed');
  await callGuard({
    root,
    as: 'alice',
    event: 'post-tool',
    input: { ...shellOf('git commit -m x', 'alice'), hook_event_name: 'PostToolUse' },
  });
  expect(await shell(root, 'bob', 'git rebase main')).toBe('allowed');
});

test("what would undo another's uncommitted work in the same checkout is refused", async () => {
  const root = guardedRepository(MATRIX);
  await callGuard({
    root,
    as: 'bob',
    event: 'session-start',
    input: { session_id: 'bob', hook_event_name: 'SessionStart' },
  });
  expect(await edit(root, 'bob', 'a.ts')).toBe('allowed');
  expect(await shell(root, 'alice', 'git stash')).toBe('allowed');
  await callGuard({
    root,
    as: 'alice',
    event: 'stop',
    input: { session_id: 'alice', hook_event_name: 'Stop' },
  });
  writeFileSync(join(root, 'a.ts'), 'changed\n');
  expect(await shell(root, 'alice', 'git stash')).toContain('would take away what bob changed in a.ts');
  expect(await shell(root, 'alice', 'git commit -m x; git reset --hard')).toContain('bob changed in a.ts');
  for (const harmless of [
    'git stash list',
    'git stash push -m mine mine.ts',
    'git checkout HEAD other.ts',
    'git clean -fd',
    'git reset --soft HEAD',
  ])
    expect(await shell(root, 'alice', harmless)).toBe('allowed');
});

test('a committed file is given back, an uncommitted one is kept', async () => {
  const root = guardedRepository(MATRIX);
  expect(await edit(root, 'alice', 'a.ts')).toBe('allowed');
  expect(await edit(root, 'alice', 'b.ts')).toBe('allowed');
  writeFileSync(join(root, 'a.ts'), 'new\n');
  writeFileSync(join(root, 'b.ts'), 'new\n');
  gitIn(root, 'commit', '--quiet', '--message', 'a', '--', 'a.ts');
  await callGuard({
    root,
    as: 'alice',
    event: 'post-tool',
    input: { ...shellOf('git commit -m a -- a.ts', 'alice'), hook_event_name: 'PostToolUse' },
  });
  expect(await edit(root, 'bob', 'a.ts')).toBe('allowed');
  expect(await edit(root, 'bob', 'b.ts')).toContain('held by alice');
});
