import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createNodeStore, findSquadHome, toRepoPath } from '#store';
import { expect, test } from 'vitest';
import { gitIn, testRepository } from '../support/repository.ts';
import { testdir } from '../support/testdir.ts';

const store = createNodeStore();

test('a linked worktree shares the main worktree’s .squad/', () => {
  const root = testRepository();
  mkdirSync(join(root, '.squad'));
  const linked = join(testdir(), 'linked tree');
  gitIn(root, 'worktree', 'add', '--quiet', '-b', 'linked', linked);
  mkdirSync(join(linked, 'deep', 'er'), { recursive: true });
  expect(findSquadHome(store, join(linked, 'deep', 'er', 'new.ts'))).toEqual({
    squadDir: join(root, '.squad'),
    mainRoot: root,
    worktreeRoot: linked,
    isGit: true,
  });
});

test('a submodule is a repository of its own', () => {
  const inner = testRepository();
  const outer = testRepository();
  mkdirSync(join(outer, '.squad'));
  gitIn(outer, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'sub');
  expect(findSquadHome(store, join(outer, 'sub'))).toBeUndefined();
  mkdirSync(join(outer, 'sub', '.squad'));
  expect(findSquadHome(store, join(outer, 'sub'))?.squadDir).toBe(join(outer, 'sub', '.squad'));
});

test('outside git the nearest .squad/ upwards counts', () => {
  const root = testdir({ '.squad/config.yaml': '', 'a/b.txt': '' });
  expect(findSquadHome(store, join(root, 'a', 'b.txt'))?.squadDir).toBe(join(root, '.squad'));
});

test('SQUAD_DIR wins', () => {
  const root = testRepository();
  const elsewhere = testdir({ '.squad/config.yaml': '' });
  expect(findSquadHome(store, root, { SQUAD_DIR: join(elsewhere, '.squad') })?.squadDir).toBe(
    join(elsewhere, '.squad'),
  );
});

function place(): { home: NonNullable<ReturnType<typeof findSquadHome>>; root: string; outside: string } {
  const root = testRepository({ 'src/a.ts': '', 'shared/.keep': '' });
  mkdirSync(join(root, '.squad'));
  const outside = testdir({ 'secret.txt': '' });
  symlinkSync(outside, join(root, 'leaves'));
  symlinkSync(join(root, 'src'), join(root, 'alias'));
  const home = findSquadHome(store, root);
  if (home === undefined) throw new Error('no .squad/ found');
  return { home, root, outside };
}

test('paths are named from anywhere and mean the same place', () => {
  const { home, root } = place();
  const of = (path: string, cwd = root): string => toRepoPath(store, home, { path, cwd });
  expect(of('src/a.ts')).toBe('src/a.ts');
  expect(of('a.ts', join(root, 'src'))).toBe('src/a.ts');
  expect(of('../shared/new/b.ts', join(root, 'src'))).toBe('shared/new/b.ts');
  expect(of(join(root, 'src', 'a.ts'))).toBe('src/a.ts');
  expect(of('/no-such-root-folder/types/a.ts')).toBe('no-such-root-folder/types/a.ts');
  expect(of('alias/a.ts')).toBe('src/a.ts');
});

test.each([
  '../x',
  '/etc/passwd',
  '.git/config',
  'a/../../x',
  'nul\0x',
  'leaves/secret.txt',
  '.',
  'src/../.git/HEAD',
])('refuses %j by name', (path) => {
  const { home, root } = place();
  expect(() => toRepoPath(store, home, { path, cwd: root })).toThrow(
    expect.objectContaining({ code: 'PATH_REFUSED' }),
  );
});
