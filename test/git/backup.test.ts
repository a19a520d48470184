import { chmodSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { saveBackup } from '#git';
import { expect, test } from 'vitest';
import { gitIn, testRepository } from '../support/repository.ts';
import { testdir } from '../support/testdir.ts';

const FILES = { 'a.txt': 'one\n', 'folder with space/b.txt': 'two\n', '.gitignore': '*.log\n' };

function stateOf(root: string): string {
  return [
    gitIn(root, 'status', '--porcelain', '--untracked-files=all'),
    gitIn(root, 'ls-files', '--stage'),
    gitIn(root, 'log', '--format=%H', 'HEAD'),
  ].join('\n---\n');
}

test('a backup holds changed, staged, deleted and untracked files and leaves tree and index alone', async () => {
  const root = testRepository(FILES);
  writeFileSync(join(root, 'a.txt'), 'staged\n');
  gitIn(root, 'add', 'a.txt');
  writeFileSync(join(root, 'a.txt'), 'worked\n');
  rmSync(join(root, 'folder with space/b.txt'));
  writeFileSync(join(root, 'new\nline ü.txt'), 'untracked\n');
  writeFileSync(join(root, 'debug.log'), 'ignored\n');
  const before = stateOf(root);

  const backup = await saveBackup(root, 'agent-1', { reason: 'test' });

  expect(stateOf(root)).toBe(before);
  expect(backup.hasChanges).toBe(true);
  expect(gitIn(root, 'ls-tree', '-r', '--name-only', '-z', backup.ref).split('\0')).toEqual([
    '.gitignore',
    'a.txt',
    'new\nline ü.txt',
    '',
  ]);
  expect(gitIn(root, 'show', `${backup.ref}:a.txt`)).toBe('worked');
  expect(gitIn(root, 'show', `${backup.ref}^2:a.txt`)).toBe('staged');
  expect(gitIn(root, 'log', '-1', '--format=%s', backup.ref)).toBe('Backup of agent-1: test');
});

test('the undo of a backup brings every file back', async () => {
  const root = testRepository(FILES);
  writeFileSync(join(root, 'a.txt'), 'worked\n');
  writeFileSync(join(root, 'new.txt'), 'untracked\n');
  const backup = await saveBackup(root, 'agent-1');
  gitIn(root, 'reset', '--hard', '--quiet');
  rmSync(join(root, 'new.txt'));

  gitIn(root, ...backup.undo.split(' ').slice(1));

  expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('worked\n');
  expect(readFileSync(join(root, 'new.txt'), 'utf8')).toBe('untracked\n');
});

test('a clean tree gives a backup that says it holds nothing new', async () => {
  const root = testRepository(FILES);
  expect((await saveBackup(root, 'x')).hasChanges).toBe(false);
});

test('ignored files are kept when they are named', async () => {
  const root = testRepository(FILES);
  writeFileSync(join(root, 'debug.log'), 'ignored\n');
  const backup = await saveBackup(root, 'x', { ignored: ['debug.log'] });
  expect(gitIn(root, 'show', `${backup.ref}:debug.log`)).toBe('ignored');
});

test('a repository without a commit and without a configured name is saved', async () => {
  const root = testdir({ 'a.txt': 'one\n' });
  gitIn(root, 'init', '--quiet');
  const backup = await saveBackup(root, 'x');
  expect(gitIn(root, 'show', `${backup.ref}:a.txt`)).toBe('one');
});

test('hooks, signing and a failing monitor of the person do not run', async () => {
  const root = testRepository(FILES);
  for (const hook of ['pre-commit', 'reference-transaction', 'post-index-change']) {
    const path = join(root, '.git/hooks', hook);
    mkdirSync(join(root, '.git/hooks'), { recursive: true });
    writeFileSync(path, '#!/bin/sh\ntouch "$(git rev-parse --show-toplevel)/HOOK-RAN"\nexit 1\n');
    chmodSync(path, 0o755);
  }
  gitIn(root, 'config', 'commit.gpgsign', 'true');
  gitIn(root, 'config', 'gpg.program', '/bin/false');
  writeFileSync(join(root, 'a.txt'), 'worked\n');
  const backup = await saveBackup(root, 'x');
  expect(gitIn(root, 'ls-tree', '--name-only', backup.ref, 'HOOK-RAN')).toBe('');
  expect(gitIn(root, 'status', '--porcelain')).toBe('M a.txt');
});

test('a conflicted merge is saved with its markers, both sides and what was staged', async () => {
  const root = testRepository(FILES);
  gitIn(root, 'switch', '--quiet', '--create', 'other');
  writeFileSync(join(root, 'a.txt'), 'theirs\n');
  gitIn(root, 'commit', '--quiet', '--all', '--message', 'theirs');
  gitIn(root, 'switch', '--quiet', 'main');
  writeFileSync(join(root, 'a.txt'), 'ours\n');
  gitIn(root, 'commit', '--quiet', '--all', '--message', 'ours');
  expect(() => gitIn(root, 'merge', 'other')).toThrow();
  writeFileSync(join(root, 'staged.txt'), 'staged\n');
  gitIn(root, 'add', 'staged.txt');
  const before = stateOf(root);
  const backup = await saveBackup(root, 'x');
  expect(stateOf(root)).toBe(before);
  expect(gitIn(root, 'show', `${backup.ref}:a.txt`)).toContain('<<<<<<<');
  expect(gitIn(root, 'show', `${backup.ref}:staged.txt`)).toBe('staged');
  expect(gitIn(root, 'merge-base', '--is-ancestor', 'other', backup.ref)).toBe('');
});

test('commits that only a reflog knows stay reachable when asked for', async () => {
  const root = testRepository(FILES);
  writeFileSync(join(root, 'a.txt'), 'lost\n');
  gitIn(root, 'commit', '--quiet', '--all', '--message', 'lost');
  const lost = gitIn(root, 'rev-parse', 'HEAD');
  gitIn(root, 'reset', '--hard', '--quiet', 'HEAD~1');
  gitIn(root, 'update-ref', '-d', 'ORIG_HEAD');
  const without = await saveBackup(root, 'x');
  expect(gitIn(root, 'rev-list', without.ref).split('\n')).not.toContain(lost);
  const backup = await saveBackup(root, 'x', { reflogsOf: ['HEAD'] });
  expect(gitIn(root, 'rev-list', backup.ref).split('\n')).toContain(lost);
});

test('a name that is no ref name is made one', async () => {
  const root = testRepository(FILES);
  const backup = await saveBackup(root, ' ..weird name~^:?*[ ');
  expect(backup.ref).toMatch(/^refs\/squad\/backup\/weird-name\/[0-9a-f]{16}$/u);
});

test('an untracked nested repository, even without a commit, does not make the backup fail', async () => {
  const root = testRepository(FILES);
  mkdirSync(join(root, 'nested'));
  gitIn(join(root, 'nested'), 'init', '--quiet');
  writeFileSync(join(root, 'nested/n.txt'), 'n\n');
  writeFileSync(join(root, 'a.txt'), 'worked\n');
  const backup = await saveBackup(root, 'x');
  expect(gitIn(root, 'show', `${backup.ref}:a.txt`)).toBe('worked');
});

test('files hidden by a sparse checkout are not taken for deleted', async () => {
  const root = testRepository({ 'in/a.txt': 'a\n', 'out/b.txt': 'b\n' });
  gitIn(root, 'sparse-checkout', 'set', 'in');
  mkdirSync(join(root, 'out'), { recursive: true });
  writeFileSync(join(root, 'out/new.txt'), 'new\n');
  const backup = await saveBackup(root, 'x');
  expect(gitIn(root, 'ls-tree', '-r', '--name-only', backup.ref).split('\n')).toEqual([
    'in/a.txt',
    'out/b.txt',
    'out/new.txt',
  ]);
});

test('a file changed at equal size in the moment of its commit is not taken for unchanged', async () => {
  const root = testRepository(FILES);
  gitIn(root, 'config', 'core.trustctime', 'false');
  // One moment for file and index, as on a disk whose clock ticks slowly.
  const moment = new Date(Date.now() - 5000);
  const file = join(root, 'a.txt');
  const write = (text: string): void => {
    writeFileSync(file, text);
    utimesSync(file, moment, moment);
  };
  write('text 1\n');
  gitIn(root, 'commit', '--quiet', '--all', '--message', 'Text');
  utimesSync(join(root, '.git/index'), moment, moment);
  write('text 2\n');
  const backup = await saveBackup(root, 'x');
  expect(gitIn(root, 'show', `${backup.ref}:a.txt`)).toBe('text 2');
});
