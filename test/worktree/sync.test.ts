import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorktree, inspectWorktrees, syncWorktree } from '#worktree';
import { expect, test } from 'vitest';
import { gitIn } from '../support/repository.ts';
import { commitIn, put, testWorktrees } from '../support/worktrees.ts';

function stateOf(path: string): string {
  return [gitIn(path, 'status', '--porcelain=v2', '--branch'), gitIn(path, 'ls-files', '--stage')].join('\n');
}

test('a branch without own work follows its base', async () => {
  const { root, world } = testWorktrees();
  const record = await createWorktree(world, { name: 'auth' });
  const tip = commitIn(root, { 'm.txt': 'm\n' });
  expect(await syncWorktree(world, record, 'merge')).toMatchObject({ kind: 'synced', commits: 1 });
  expect(gitIn(record.path, 'rev-parse', 'HEAD')).toBe(tip);
  expect(gitIn(record.path, 'status', '--porcelain')).toBe('');
  expect(await syncWorktree(world, record, 'merge')).toEqual({ kind: 'current', name: 'auth' });
});

test('own work is merged with the base, or put on top of it', async () => {
  const { root, world } = testWorktrees();
  for (const how of ['merge', 'rebase'] as const) {
    const record = await createWorktree(world, { name: how });
    gitIn(record.path, 'config', 'user.name', 'Agent');
    commitIn(record.path, { [`${how}1.txt`]: '1\n' }, 'First\n\nWith a body.');
    commitIn(record.path, { [`${how}2.txt`]: '2\n' }, 'Second');
    commitIn(root, { [`base-${how}.txt`]: 'm\n' });
    expect(await syncWorktree(world, record, how)).toMatchObject({ kind: 'synced' });
    expect(gitIn(record.path, 'status', '--porcelain')).toBe('');
    expect(readFileSync(join(record.path, `base-${how}.txt`), 'utf8')).toBe('m\n');
  }
  const auth = `${root}.worktrees`;
  expect(gitIn(join(auth, 'merge'), 'log', '-1', '--format=%s')).toBe('Merge main into squad/merge');
  expect(gitIn(join(auth, 'rebase'), 'log', '--format=%B', 'main..HEAD')).toBe(
    'Second\n\nFirst\n\nWith a body.',
  );
});

test.each(['merge', 'rebase'] as const)(
  'a conflict in a %s leaves the worktree exactly as it was',
  async (how) => {
    const { root, world } = testWorktrees();
    const record = await createWorktree(world, { name: 'auth' });
    commitIn(record.path, { 'b.txt': 'b\n' });
    commitIn(record.path, { 'a.txt': 'theirs\n' }, 'Change a');
    commitIn(root, { 'a.txt': 'ours\n' });
    const before = stateOf(record.path);
    expect(await syncWorktree(world, record, how)).toMatchObject({ kind: 'conflict', paths: ['a.txt'] });
    expect(stateOf(record.path)).toBe(before);
  },
);

test('uncommitted work, an operation under way and a detached HEAD are never synced', async () => {
  const { root, world } = testWorktrees();
  const record = await createWorktree(world, { name: 'auth' });
  commitIn(root, { 'm.txt': 'm\n' });
  put(record.path, 'new.txt', 'n\n');
  expect(await syncWorktree(world, record, 'merge')).toEqual({
    kind: 'skipped',
    name: 'auth',
    why: '1 uncommitted change',
  });
  gitIn(record.path, 'clean', '--force', '--quiet');
  gitIn(record.path, 'switch', '--quiet', '--detach');
  expect(await syncWorktree(world, record, 'merge')).toMatchObject({ why: 'its HEAD is detached' });
  gitIn(record.path, 'switch', '--quiet', 'squad/auth');
  gitIn(record.path, 'bisect', 'start');
  expect(await syncWorktree(world, record, 'merge')).toMatchObject({ why: 'a bisect is under way' });
});

test('a branch with merges is not rebased, and the reason is said', async () => {
  const { root, world } = testWorktrees();
  const record = await createWorktree(world, { name: 'auth' });
  commitIn(record.path, { 'b.txt': 'b\n' });
  commitIn(root, { 'm.txt': 'm\n' });
  await syncWorktree(world, record, 'merge');
  commitIn(root, { 'm2.txt': 'm\n' });
  expect(await syncWorktree(world, record, 'rebase')).toMatchObject({
    kind: 'skipped',
    why: expect.stringMatching(/^it holds merge commits \([0-9a-f]{12}\); sync without --rebase$/u),
  });
});

test('without a configured name the merge still works', async () => {
  const { root, world } = testWorktrees();
  const record = await createWorktree(world, { name: 'auth' });
  commitIn(record.path, { 'b.txt': 'b\n' });
  commitIn(root, { 'm.txt': 'm\n' });
  gitIn(root, 'config', '--unset', 'user.name');
  gitIn(root, 'config', '--unset', 'user.email');
  expect(await syncWorktree(world, record, 'merge')).toMatchObject({ kind: 'synced' });
});

test('the state of no worktrees is no worktrees', async () => {
  const { world } = testWorktrees();
  expect(await inspectWorktrees(world, [])).toEqual([]);
});
