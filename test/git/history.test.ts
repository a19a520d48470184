import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { conflictedPaths, distance, mergedHow, mergeTrees, parseMergeTree, parseWorktreeList } from '#git';
import { expect, test } from 'vitest';
import { gitIn, testRepository } from '../support/repository.ts';

function commit(root: string, file: string, text: string): void {
  writeFileSync(join(root, file), text);
  gitIn(root, 'add', '--all');
  gitIn(root, 'commit', '--quiet', '--message', `${file} ${text.trim()}`);
}

function branchWith(root: string, name: string, files: Readonly<Record<string, string>>): void {
  gitIn(root, 'switch', '--quiet', '--create', name, 'main');
  for (const [file, text] of Object.entries(files)) commit(root, file, text);
  gitIn(root, 'switch', '--quiet', 'main');
}

test('merged work is recognised however it came', async () => {
  const root = testRepository({ 'a.txt': '1\n', 'b.txt': '1\n' });
  branchWith(root, 'ordinary', { 'o.txt': 'o\n' });
  branchWith(root, 'squashed', { 's1.txt': 's\n', 's2.txt': 's\n' });
  branchWith(root, 'picked', { 'p1.txt': 'p\n', 'p2.txt': 'p\n' });
  branchWith(root, 'retyped', { 'r.txt': 'r\n', 'r2.txt': 'r\n' });
  branchWith(root, 'open', { 'a.txt': 'open\n' });
  branchWith(root, 'reverted', { 'v.txt': 'v\n' });
  gitIn(root, 'merge', '--quiet', '--no-ff', '--message', 'm', 'ordinary');
  gitIn(root, 'merge', '--quiet', '--squash', 'squashed');
  gitIn(root, 'commit', '--quiet', '--message', 'squash');
  gitIn(root, 'cherry-pick', 'main..picked');
  commit(root, 'r.txt', 'r\n');
  commit(root, 'r2.txt', 'r\n');
  commit(root, 'later.txt', 'later\n');
  gitIn(root, 'merge', '--quiet', '--squash', 'reverted');
  gitIn(root, 'commit', '--quiet', '--message', 'squash');
  gitIn(root, 'rm', '--quiet', 'v.txt');
  gitIn(root, 'commit', '--quiet', '--message', 'Take v.txt out');
  commit(root, 's1.txt', 'changed later\n');
  const how = async (branch: string): Promise<string | undefined> => mergedHow(root, branch, 'main');
  expect(await how('ordinary')).toBe('ancestor');
  expect(await how('squashed')).toBe('squash');
  expect(await how('picked')).toBe('patches');
  expect(await how('retyped')).toBe('patches');
  expect(await how('open')).toBeUndefined();
  expect(await how('reverted')).toBe('patches');
});

test('a branch with merges of its own counts as merged only by its content', async () => {
  const root = testRepository({ 'a.txt': '1\n' });
  branchWith(root, 'side', { 's.txt': 's\n' });
  branchWith(root, 'feature', { 'f.txt': 'f\n' });
  gitIn(root, 'switch', '--quiet', 'feature');
  gitIn(root, 'merge', '--quiet', '--no-ff', '--message', 'm', 'side');
  gitIn(root, 'switch', '--quiet', 'main');
  expect(await mergedHow(root, 'feature', 'main')).toBeUndefined();
  gitIn(root, 'merge', '--quiet', '--squash', 'feature');
  gitIn(root, 'commit', '--quiet', '--message', 'all');
  expect(await mergedHow(root, 'feature', 'main')).toBe('squash');
});

test('ahead and behind are counted from the first', async () => {
  const root = testRepository();
  branchWith(root, 'x', { 'x1.txt': '1\n', 'x2.txt': '2\n' });
  commit(root, 'm.txt', 'm\n');
  expect(await distance(root, 'x', 'main')).toEqual({ ahead: 2, behind: 1 });
});

test('pairs are merged in one go, an impossible pair among them', async () => {
  const root = testRepository({ 'a.txt': '1\n2\n3\n' });
  branchWith(root, 'x', { 'a.txt': 'x\n2\n3\n' });
  branchWith(root, 'y', { 'a.txt': 'y\n2\n3\n' });
  branchWith(root, 'z', { 'z ü\n.txt': 'z\n' });
  gitIn(root, 'switch', '--quiet', '--orphan', 'alone');
  commit(root, 'alone.txt', 'alone\n');
  const merges = await mergeTrees(root, [
    ['x', 'z'],
    ['x', 'y'],
    ['x', 'alone'],
    ['z', 'y'],
  ]);
  expect(merges.map(({ kind }) => kind)).toEqual(['clean', 'conflict', 'refused', 'clean']);
  expect(merges.map(conflictedPaths)).toEqual([[], ['a.txt'], [], []]);
  expect(merges[1]).toMatchObject({ notes: [{ kind: 'CONFLICT (contents)', paths: ['a.txt'] }] });
  expect(merges[2]).toEqual({ kind: 'refused', reason: 'refusing to merge unrelated histories' });
});

test('nothing parses to nothing', () => {
  expect(parseMergeTree('')).toEqual([]);
  expect(parseWorktreeList('')).toEqual([]);
});

test('the list of worktrees is read with its odd ones', () => {
  const text = [
    'worktree /a b/main\0HEAD 1111\0branch refs/heads/main',
    'worktree /w/x\0HEAD 2222\0detached\0locked moving house\nsoon',
    'worktree /w/gone\0HEAD 3333\0branch refs/heads/feat/y\0prunable gitdir file points to non-existent location',
    'worktree /bare\0bare\0locked',
  ].join('\0\0');
  expect(parseWorktreeList(`${text}\0\0`)).toEqual([
    {
      path: '/a b/main',
      head: '1111',
      branch: 'main',
      isBare: false,
      locked: undefined,
      prunable: undefined,
    },
    {
      path: '/w/x',
      head: '2222',
      branch: undefined,
      isBare: false,
      locked: 'moving house\nsoon',
      prunable: undefined,
    },
    {
      path: '/w/gone',
      head: '3333',
      branch: 'feat/y',
      isBare: false,
      locked: undefined,
      prunable: 'gitdir file points to non-existent location',
    },
    { path: '/bare', head: undefined, branch: undefined, isBare: true, locked: '', prunable: undefined },
  ]);
});
