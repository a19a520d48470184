import { spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  createWorktree,
  moveWorktree,
  pruneWorktrees,
  readWorktree,
  readWorktrees,
  removeWorktree,
  restoreWorktree,
  writeWorktree,
  type Removal,
} from '#worktree';
import { expect, onTestFinished, test } from 'vitest';
import { gitIn } from '../support/repository.ts';
import { commitIn, put, testWorktrees } from '../support/worktrees.ts';

const GENTLE = { force: false };
const FORCE = { force: true };

function kinds(removal: Removal): readonly string[] {
  return removal.kind === 'refused' ? removal.obstacles.map(({ kind }) => kind) : [removal.kind];
}

function backupOf(removal: Removal): string {
  if (removal.kind !== 'removed') throw new Error(JSON.stringify(removal));
  return removal.backup;
}

test('a worktree whose work is merged goes with its branch, its entry and its record', async () => {
  const { root, world } = testWorktrees();
  const record = await createWorktree(world, { name: 'auth' });
  commitIn(record.path, { 'b.txt': 'b\n' });
  gitIn(root, 'config', 'branch.squad/auth.description', 'x');
  gitIn(root, 'merge', '--quiet', '--squash', 'squad/auth');
  gitIn(root, 'commit', '--quiet', '--message', 'Squash');
  expect(await removeWorktree(world, record, GENTLE)).toMatchObject({ kind: 'removed', branchDeleted: true });
  expect(existsSync(record.path)).toBe(false);
  expect(gitIn(root, 'branch', '--list', 'squad/*')).toBe('');
  expect(gitIn(root, 'worktree', 'list').split('\n')).toHaveLength(1);
  expect(() => gitIn(root, 'config', '--get-regexp', '^branch\\.squad')).toThrow();
  expect(readWorktrees(world.store, world.home.squadDir)).toEqual([]);
});

test('uncommitted, untracked, unmerged and half-done work each refuse a removal and stay', async () => {
  const { root, world } = testWorktrees();
  const record = await createWorktree(world, { name: 'auth' });
  put(record.path, 'new.txt', 'n\n');
  expect(kinds(await removeWorktree(world, record, GENTLE))).toEqual(['uncommitted']);
  commitIn(record.path, { 'a.txt': 'theirs\n' });
  expect(kinds(await removeWorktree(world, record, GENTLE))).toEqual(['unmerged']);
  commitIn(root, { 'a.txt': 'ours\n' });
  expect(() => gitIn(record.path, 'rebase', 'main')).toThrow();
  expect(kinds(await removeWorktree(world, record, GENTLE))).toEqual([
    'operation',
    'uncommitted',
    'unmerged',
  ]);
  expect(readFileSync(join(record.path, 'new.txt'), 'utf8')).toBe('n\n');
});

test('commits on a detached HEAD are not overlooked', async () => {
  const { world } = testWorktrees();
  const record = await createWorktree(world, { name: 'auth' });
  gitIn(record.path, 'switch', '--quiet', '--detach');
  const commit = commitIn(record.path, { 'b.txt': 'b\n' });
  const refused = await removeWorktree(world, record, GENTLE);
  expect(refused).toMatchObject({
    obstacles: [
      { kind: 'unmerged', message: `work of detached HEAD ${commit.slice(0, 12)} is not merged into main` },
    ],
  });
});

test('commits that wait for a push are named', async () => {
  const { root, world } = testWorktrees();
  gitIn(root, 'init', '--quiet', '--bare', join(root, '../remote.git'));
  onTestFinished(() => rmSync(join(root, '../remote.git'), { recursive: true, force: true }));
  gitIn(root, 'remote', 'add', 'origin', join(root, '../remote.git'));
  const record = await createWorktree(world, { name: 'auth' });
  gitIn(record.path, 'push', '--quiet', '--set-upstream', 'origin', 'squad/auth');
  commitIn(record.path, { 'b.txt': 'b\n' });
  expect(kinds(await removeWorktree(world, record, GENTLE))).toEqual(['unmerged', 'unpushed']);
});

test('a process that works in it refuses a removal', async () => {
  const { world } = testWorktrees();
  const record = await createWorktree(world, { name: 'auth' });
  const agent = spawn('sh', ['-c', 'echo ready; read line'], {
    cwd: record.path,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  await new Promise((resolve) => void agent.stdout.once('data', resolve));
  expect(await removeWorktree(world, record, GENTLE)).toMatchObject({
    obstacles: [{ kind: 'in-use', message: `process ${agent.pid} works in it` }],
  });
  const ended = new Promise((resolve) => void agent.once('exit', resolve));
  agent.stdin.end();
  await ended;
  expect(kinds(await removeWorktree(world, record, GENTLE))).toEqual(['removed']);
});

test('a locked worktree is not removed, not even by force', async () => {
  const { root, world } = testWorktrees();
  const record = await createWorktree(world, { name: 'auth' });
  gitIn(root, 'worktree', 'lock', '--reason', 'on a stick', record.path);
  expect(await removeWorktree(world, record, FORCE)).toMatchObject({
    obstacles: [{ kind: 'locked', message: 'locked: on a stick' }],
  });
});

test('by force everything stays in the backup, and one command brings it back', async () => {
  const { root, world } = testWorktrees({ 'a.txt': 'one\n', '.worktreeinclude': '.env\n' });
  put(root, '.env', 'A=1\n');
  const record = await createWorktree(world, { name: 'auth' });
  const lost = commitIn(record.path, { 'a.txt': 'reset away\n' });
  gitIn(record.path, 'reset', '--hard', '--quiet', 'HEAD~1');
  const tip = commitIn(record.path, { 'b.txt': 'b\n' });
  put(record.path, 'a.txt', 'uncommitted\n');
  put(record.path, 'notes/new.txt', 'untracked\n');
  put(record.path, 'debug.log', 'ignored\n');
  put(record.path, '.env', 'A=changed\n');
  put(record.path, 'node_modules/x.js', 'disposable\n');

  const removal = await removeWorktree(world, record, FORCE);

  const backup = backupOf(removal);
  expect(removal).toMatchObject({ branchDeleted: true, undo: `squad-worktree restore ${backup}` });
  gitIn(root, 'gc', '--quiet', '--prune=now');
  expect(gitIn(root, 'rev-list', backup).split('\n')).toContain(lost);
  expect(gitIn(root, 'ls-tree', '-r', '--name-only', backup).split('\n')).not.toContain('node_modules/x.js');

  const restored = await restoreWorktree(world, backup);

  expect(gitIn(restored.path, 'rev-parse', 'HEAD')).toBe(tip);
  expect(gitIn(restored.path, 'branch', '--show-current')).toBe('squad/auth');
  expect(gitIn(restored.path, 'status', '--porcelain')).toBe('M a.txt\n?? notes/');
  expect(readFileSync(join(restored.path, 'debug.log'), 'utf8')).toBe('ignored\n');
  expect(readFileSync(join(restored.path, '.env'), 'utf8')).toBe('A=changed\n');
  await expect(restoreWorktree(world, backup)).rejects.toMatchObject({ code: 'WORKTREE_EXISTS' });
});

test('a changed copy of a carried file is work; an untouched one is not', async () => {
  const { root, world } = testWorktrees({ 'a.txt': 'one\n', '.worktreeinclude': '.env\n' });
  put(root, '.env', 'A=1\n');
  put(root, '.claude/contracts/api.md', '# API\n');
  const record = await createWorktree(world, { name: 'auth' });
  expect(kinds(await removeWorktree(world, record, GENTLE))).toEqual(['removed']);
  const again = await createWorktree(world, { name: 'auth' });
  put(again.path, '.claude/contracts/api.md', '# API 2\n');
  expect(kinds(await removeWorktree(world, again, GENTLE))).toEqual(['uncommitted']);
});

test('a repository inside a worktree is kept with all its refs and files', async () => {
  const { root, world } = testWorktrees();
  const record = await createWorktree(world, { name: 'auth' });
  const nested = join(record.path, 'vendor/tool');
  put(nested, 'x.txt', 'x\n');
  gitIn(nested, 'init', '--quiet', '--initial-branch=main');
  gitIn(nested, 'config', 'user.email', 'x@example.org');
  const inside = commitIn(nested, { 'x.txt': 'x2\n' });
  put(nested, 'y.txt', 'uncommitted\n');
  expect(kinds(await removeWorktree(world, record, GENTLE))).toEqual(['uncommitted']);
  await removeWorktree(world, record, FORCE);
  const refs = gitIn(root, 'for-each-ref', '--format=%(refname)', 'refs/squad/backup/auth/nested').split(
    '\n',
  );
  expect(refs).toContain('refs/squad/backup/auth/nested/vendor/tool/heads/main');
  expect(gitIn(root, 'rev-parse', 'refs/squad/backup/auth/nested/vendor/tool/heads/main')).toBe(inside);
  const saved = refs.find((ref) => ref.includes('/tool/squad/backup/')) ?? '';
  expect(gitIn(root, 'show', `${saved}:y.txt`)).toBe('uncommitted');
});

test('a worktree with a submodule is removed, what was changed in the submodule kept', async () => {
  const { root, world } = testWorktrees();
  const library = testWorktrees().root;
  const allow = ['-c', 'protocol.file.allow=always'];
  gitIn(root, ...allow, 'submodule', '--quiet', 'add', library, 'lib');
  gitIn(root, 'commit', '--quiet', '--message', 'Add lib');
  const record = await createWorktree(world, { name: 'auth' });
  gitIn(record.path, ...allow, 'submodule', '--quiet', 'update', '--init');
  const inside = commitIn(join(record.path, 'lib'), { 'b.txt': 'b\n' });
  put(record.path, 'lib/a.txt', 'not committed\n');
  expect(kinds(await removeWorktree(world, record, GENTLE))).toEqual(['uncommitted']);
  expect(kinds(await removeWorktree(world, record, FORCE))).toEqual(['removed']);
  expect(existsSync(record.path)).toBe(false);
  const refs = gitIn(root, 'for-each-ref', '--contains', inside, '--format=%(refname)').split('\n');
  expect(refs.some((ref) => ref.startsWith('refs/squad/backup/auth/nested/lib/'))).toBe(true);
  const saved = refs.find((ref) => ref.includes('/nested/lib/squad/backup/')) ?? '';
  expect(gitIn(root, 'show', `${saved}:a.txt`)).toBe('not committed');
});

test('a folder that somebody deleted costs neither commits nor what was staged', async () => {
  const { root, world } = testWorktrees();
  const record = await createWorktree(world, { name: 'auth' });
  const lost = commitIn(record.path, { 'a.txt': 'reset away\n' });
  gitIn(record.path, 'reset', '--hard', '--quiet', 'HEAD~1');
  const tip = commitIn(record.path, { 'b.txt': 'b\n' });
  put(record.path, 'staged.txt', 'staged\n');
  gitIn(record.path, 'add', 'staged.txt');
  rmSync(record.path, { recursive: true });
  const [pruned] = await pruneWorktrees(world);
  expect(pruned).toMatchObject({ name: 'auth', what: 'forgot it: its folder is gone, its branch stays' });
  expect(gitIn(root, 'rev-parse', 'squad/auth')).toBe(tip);
  expect(gitIn(root, 'show', `${pruned?.backup}:staged.txt`)).toBe('staged');
  expect(gitIn(root, 'rev-list', pruned?.backup ?? '').split('\n')).toContain(lost);
  expect(gitIn(root, 'worktree', 'list').split('\n')).toHaveLength(1);
  expect(await pruneWorktrees(world)).toEqual([]);
});

test('a removal that was killed is finished by prune, with what was written last', async () => {
  const { root, world } = testWorktrees();
  const record = await createWorktree(world, { name: 'auth' });
  put(record.path, 'late.txt', 'late\n');
  writeWorktree(world.store, world.home.squadDir, { ...record, state: 'removing' });
  renameSync(record.path, join(record.path, '../.removing-auth'));
  const [pruned] = await pruneWorktrees(world);
  expect(pruned?.what).toBe('finished its removal');
  expect(gitIn(root, 'show', `${pruned?.backup}:late.txt`)).toBe('late');
  expect(existsSync(join(record.path, '../.removing-auth'))).toBe(false);
  expect(readWorktrees(world.store, world.home.squadDir)).toEqual([]);
});

test('prune keeps a worktree whose removal had not begun and leaves a living maker alone', async () => {
  const { world } = testWorktrees();
  const record = await createWorktree(world, { name: 'auth' });
  writeWorktree(world.store, world.home.squadDir, { ...record, state: 'removing' });
  expect(await pruneWorktrees(world)).toEqual([
    { name: 'auth', what: 'kept: its removal was interrupted before anything was gone' },
  ]);
  expect(readWorktree(world.store, world.home.squadDir, 'auth')?.state).toBe('ready');
});

test('a making that was killed half way is undone, and the name is free again', async () => {
  const { root, world } = testWorktrees();
  const record = await createWorktree(world, { name: 'auth' });
  gitIn(root, 'worktree', 'lock', '--reason', 'initializing', record.path);
  writeWorktree(world.store, world.home.squadDir, { ...record, state: 'creating' });
  const [pruned] = await pruneWorktrees(world);
  expect(pruned?.what).toMatch(/^undid its making; what was there is in .*auth\.half-made-/u);
  expect((await createWorktree(world, { name: 'auth' })).state).toBe('ready');
});

test('a making that was killed before its files were brought is finished', async () => {
  const { world } = testWorktrees();
  const record = await createWorktree(world, { name: 'auth' });
  writeWorktree(world.store, world.home.squadDir, { ...record, state: 'creating', env: {} });
  expect(await pruneWorktrees(world)).toEqual([{ name: 'auth', what: 'finished its making' }]);
  expect(readWorktree(world.store, world.home.squadDir, 'auth')).toMatchObject({
    state: 'ready',
    env: { SQUAD_WORKTREE: 'auth' },
  });
});

test('a moved worktree is found again, whoever moved it', async () => {
  const { root, world } = testWorktrees();
  const record = await createWorktree(world, { name: 'auth' });
  const moved = await moveWorktree(world, record, { path: '../else where', cwd: `${root}.worktrees/auth` });
  expect(moved.path).toBe(`${root}.worktrees/else where`);
  expect(gitIn(moved.path, 'branch', '--show-current')).toBe('squad/auth');
  gitIn(root, 'worktree', 'move', moved.path, `${root}.worktrees/by hand`);
  expect(await pruneWorktrees(world)).toEqual([
    { name: 'auth', what: `followed to ${root}.worktrees/by hand` },
  ]);
});
