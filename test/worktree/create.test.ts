import { existsSync, lstatSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { createWorktree, inspectWorktrees, readWorktrees, removeWorktree, worktreesFolder } from '#worktree';
import { expect, onTestFinished, test } from 'vitest';
import { gitIn, testRepository } from '../support/repository.ts';
import { testdir } from '../support/testdir.ts';
import { commitIn, put, testWorktrees, worktreeWorld } from '../support/worktrees.ts';

test('a worktree gets a folder beside the repository, a branch from the current one, and a record', async () => {
  const { root, world } = testWorktrees();
  gitIn(root, 'switch', '--quiet', '--create', 'develop');
  const record = await createWorktree(world, { name: 'auth', purpose: 'Log people in' });
  expect(record.path).toBe(join(`${root}.worktrees`, 'auth'));
  expect(record).toMatchObject({
    branch: 'squad/auth',
    state: 'ready',
    base: { ref: 'develop' },
    createdBranch: true,
  });
  expect(gitIn(record.path, 'branch', '--show-current')).toBe('squad/auth');
  expect(readWorktrees(world.store, world.home.squadDir)).toEqual([record]);
  expect(gitIn(root, 'status', '--porcelain')).toBe('');
  // What it is for is kept in .squad/, not in the tree.
  expect(readdirSync(record.path).toSorted()).toEqual(['.git', '.gitignore', 'a.txt']);
});

test('from inside a linked worktree the base is the branch checked out there', async () => {
  const { world } = testWorktrees();
  const first = await createWorktree(world, { name: 'first' });
  const inside = { ...world, home: { ...world.home, worktreeRoot: first.path } };
  expect((await createWorktree(inside, { name: 'second' })).base.ref).toBe('squad/first');
});

test('two repositories of one name in one configured folder never meet', () => {
  const shared = testdir();
  const places = ['x', 'y'].map((parent) => {
    const root = join(testdir({ [`${parent}/app/a.txt`]: 'a\n' }), parent, 'app');
    gitIn(root, 'init', '--quiet');
    return worktreesFolder(worktreeWorld(root, { folder: shared }));
  });
  expect(new Set(places).size).toBe(2);
  expect(places.map((place) => basename(place).replace(/[0-9a-f]{8}$/u, 'HASH'))).toEqual([
    'app-HASH',
    'app-HASH',
  ]);
});

test('a folder inside the repository stays out of its status', async () => {
  const { root, world } = testWorktrees({ 'a.txt': 'one\n' }, { folder: 'trees' });
  await createWorktree(world, { name: 'auth' });
  expect(gitIn(root, 'status', '--porcelain', '--untracked-files=all')).toBe('');
});

test('needed ignored files, client settings and contracts reach the worktree at their places', async () => {
  const { root, world } = testWorktrees(
    { 'a.txt': 'one\n', '.worktreeinclude': '.env\n*.local\n' },
    { link: ['node_modules'], copy: ['certs'] },
  );
  put(root, '.env', 'SECRET=1\n');
  put(root, 'unfinished.local', 'not ignored by git, so not equipment\n');
  put(root, 'node_modules/x/index.js', 'x\n');
  put(root, 'certs/dev.pem', 'pem\n');
  put(root, '.claude/settings.local.json', '{}\n');
  put(root, '.claude/contracts/api.md', '# API\n');
  put(root, '.claude/worktrees/other/file', 'of another tool\n');
  const { path, carried } = await createWorktree(world, { name: 'auth' });
  expect(readFileSync(join(path, '.env'), 'utf8')).toBe('SECRET=1\n');
  expect(readFileSync(join(path, '.claude/contracts/api.md'), 'utf8')).toBe('# API\n');
  expect(readFileSync(join(path, 'certs/dev.pem'), 'utf8')).toBe('pem\n');
  expect(lstatSync(join(path, 'node_modules')).isSymbolicLink()).toBe(true);
  expect(existsSync(join(path, 'unfinished.local'))).toBe(false);
  expect(existsSync(join(path, '.claude/worktrees'))).toBe(false);
  expect(carried.map((entry) => `${entry.how} ${entry.path}`)).toEqual([
    'copy .env',
    'copy .claude/contracts/api.md',
    'copy .claude/settings.local.json',
    'copy certs',
    'link node_modules',
  ]);
  // The link must not be committed by the next `git add`, though `node_modules/` does not match a link.
  gitIn(path, 'add', '--all', '--dry-run', 'node_modules/..');
  expect(gitIn(path, 'status', '--porcelain', 'node_modules')).toBe('');
});

test("a worktree's temporary folder goes with it, and one that only its record calls so stays", async () => {
  const { world } = testWorktrees();
  const one = await createWorktree(world, { name: 'one' });
  const own = one.env['SQUAD_TMPDIR'] ?? '';
  put(own, 'left.txt', '');
  await removeWorktree(world, one, { force: false });
  expect(existsSync(own)).toBe(false);
  const theirs = join(testdir({ 'dotsquad-theirs/work.txt': '' }), 'dotsquad-theirs');
  const two = await createWorktree(world, { name: 'two' });
  await removeWorktree(world, { ...two, env: { SQUAD_TMPDIR: theirs } }, { force: false });
  expect(existsSync(join(theirs, 'work.txt'))).toBe(true);
});

test('each worktree holds a port of its own that nothing listens on', async () => {
  const busy = createServer();
  const first = await new Promise<number>((resolve) => {
    busy.listen(0, '127.0.0.1', () => {
      const address = busy.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  onTestFinished(() => void busy.close());
  const range = `${first}-${Math.min(first + 30, 65_535)}`;
  const { world } = testWorktrees({}, { ports: { web: range }, databases: { main: 'app_{name}' } });
  const one = await createWorktree(world, { name: 'one' });
  const two = await createWorktree(world, { name: 'two-b' });
  const ports = [one, two].map(({ env }) => Number(env['SQUAD_PORT_WEB']));
  expect(ports.every((port) => port > first)).toBe(true);
  expect(new Set(ports).size).toBe(2);
  expect(two.env['SQUAD_DB_MAIN']).toBe('app_two_b');
  await removeWorktree(world, one, { force: false });
  expect((await createWorktree(world, { name: 'three' })).env['SQUAD_PORT_WEB']).toBe(
    one.env['SQUAD_PORT_WEB'],
  );
});

test('a range without a free port undoes the making', async () => {
  const { root, world } = testWorktrees({}, { ports: { web: '1-x' } });
  await expect(createWorktree(world, { name: 'auth' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  expect(readWorktrees(world.store, world.home.squadDir)).toEqual([]);
  expect(gitIn(root, 'branch', '--list', 'squad/*')).toBe('');
  expect(existsSync(join(`${root}.worktrees`, 'auth'))).toBe(false);
});

test('a dependent is never cut before the work it needs is merged', async () => {
  const { root, world } = testWorktrees();
  const types = await createWorktree(world, { name: 'types' });
  const dependent = { name: 'api', dependsOn: ['types'] };
  await expect(createWorktree(world, dependent)).rejects.toMatchObject({
    code: 'DEPENDENCY_UNMERGED',
    message: 'types is not merged into main yet',
  });
  commitIn(types.path, { 'types.ts': 'export {};\n' });
  await expect(createWorktree(world, dependent)).rejects.toMatchObject({ code: 'DEPENDENCY_UNMERGED' });
  gitIn(root, 'merge', '--quiet', '--squash', 'squad/types');
  gitIn(root, 'commit', '--quiet', '--message', 'Types');
  const api = await createWorktree(world, dependent);
  expect(readFileSync(join(api.path, 'types.ts'), 'utf8')).toBe('export {};\n');
});

test('with stack a dependent starts from the unmerged work of those it needs', async () => {
  const { world } = testWorktrees();
  const one = await createWorktree(world, { name: 'one' });
  const two = await createWorktree(world, { name: 'two' });
  commitIn(one.path, { '1.txt': '1\n' });
  commitIn(two.path, { '2.txt': '2\n' });
  const both = await createWorktree(world, { name: 'both', dependsOn: ['one', 'two'], stack: true });
  expect(
    readdirSync(both.path)
      .filter((name) => name.endsWith('.txt'))
      .toSorted(),
  ).toEqual(['1.txt', '2.txt', 'a.txt']);
});

test('dependencies that cannot be stacked are named with their conflict', async () => {
  const { root, world } = testWorktrees();
  const one = await createWorktree(world, { name: 'one' });
  commitIn(one.path, { 'a.txt': 'theirs\n' });
  commitIn(root, { 'a.txt': 'ours\n' });
  await expect(createWorktree(world, { name: 'x', dependsOn: ['one'], stack: true })).rejects.toMatchObject({
    message: '"one" cannot be stacked: conflicts in a.txt',
  });
});

test.each([
  [{ name: 'x', base: 'nope' }, 'BASE_UNKNOWN'],
  [{ name: 'x', dependsOn: ['nope'] }, 'WORKTREE_UNKNOWN'],
  [{ name: '../x' }, 'USAGE'],
  [{ name: 'x.lock' }, 'USAGE'],
  [{ name: 'AUTH' }, 'WORKTREE_EXISTS'],
  [{ name: 'auth' }, 'WORKTREE_EXISTS'],
  [{ name: 'x', branch: 'main' }, 'BRANCH_TAKEN'],
  [{ name: 'taken' }, 'BRANCH_TAKEN'],
])('%j is refused as %s and leaves nothing', async (request, code) => {
  const { root, world } = testWorktrees();
  await createWorktree(world, { name: 'auth' });
  gitIn(root, 'branch', 'squad/taken');
  await expect(createWorktree(world, request)).rejects.toMatchObject({ code });
  expect(readWorktrees(world.store, world.home.squadDir).map(({ name }) => name)).toEqual(['auth']);
});

test('an existing branch is checked out as it is and not deleted with the worktree', async () => {
  const { root, world } = testWorktrees();
  gitIn(root, 'branch', 'mine');
  const record = await createWorktree(world, { name: 'x', branch: 'mine' });
  expect(await removeWorktree(world, record, { force: false })).toMatchObject({
    kind: 'removed',
    branchDeleted: false,
  });
  expect(gitIn(root, 'branch', '--list', 'mine')).toBe('mine');
});

test('of several callers for one name exactly one makes it', async () => {
  const { world } = testWorktrees();
  const calls = Array.from({ length: 4 }, () => createWorktree(world, { name: 'auth' }));
  const results = await Promise.allSettled(calls);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await inspectWorktrees(world, readWorktrees(world.store, world.home.squadDir))).toMatchObject([
    { exists: true, branch: 'squad/auth' },
  ]);
});

test('a repository without a commit says what to do', async () => {
  const root = testdir();
  gitIn(root, 'init', '--quiet');
  await expect(createWorktree(worktreeWorld(root), { name: 'x' })).rejects.toMatchObject({
    code: 'BASE_UNKNOWN',
    hint: 'run: git commit --allow-empty --message "Start"',
  });
});

test("a failing hook of the person's does not stop the making", async () => {
  const { root, world } = testWorktrees();
  put(root, '.hooks/post-checkout', '#!/bin/sh\nexit 1\n');
  gitIn(root, 'config', 'core.hooksPath', join(root, '.hooks'));
  expect((await createWorktree(world, { name: 'x' })).state).toBe('ready');
});

test('a detached HEAD, a shallow clone and a sparse checkout can be cut from', async () => {
  const source = testRepository({ 'in/a.txt': 'a\n', 'out/b.txt': 'b\n' });
  commitIn(source, { 'in/a.txt': 'b\n' });
  const root = join(testdir(), 'clone');
  gitIn(source, 'clone', '--quiet', '--depth=1', `file://${source}`, root);
  gitIn(root, 'sparse-checkout', 'set', 'in');
  gitIn(root, 'switch', '--quiet', '--detach');
  const record = await createWorktree(worktreeWorld(root), { name: 'x' });
  expect(record.base).toEqual({ commit: gitIn(root, 'rev-parse', 'HEAD') });
  expect(existsSync(join(record.path, 'in/a.txt'))).toBe(true);
});
