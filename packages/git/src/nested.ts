import { join } from 'node:path';
import { SquadError } from '#protocol';
import { saveBackup } from './backup.ts';
import { INERT } from './plumbing.ts';
import { git, runGit } from './run-git.ts';
import { splitZ } from './tree.ts';

/**
 * Saves repositories that lie inside a worktree (submodules that are checked out, and folders with a repository of
 * their own) into another repository: all their refs and a backup of their files, below
 * `refs/squad/backup/<name>/nested/<path>/`. What a remote of theirs has and nobody changed is left out.
 */
export async function saveNested(
  worktreeRoot: string,
  folders: readonly string[],
  to: { readonly name: string; readonly into: string },
): Promise<void> {
  const submodules = await checkedOutSubmodules(worktreeRoot);
  for (const folder of [...submodules, ...folders.map((path) => path.replace(/\/$/u, ''))]) {
    const root = join(worktreeRoot, folder);
    if (await isWithoutOwnWork(root)) continue;
    await saveBackup(root, to.name, { reason: `nested in ${folder}`, reflogsOf: await branchesOf(root) });
    const target = `refs/squad/backup/${to.name}/nested/${encodePath(folder)}`;
    const fetch = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'];
    const fetched = await runGit([...INERT, ...fetch, root, `+refs/*:${target}/*`], { cwd: to.into });
    if (fetched.code !== 0) throw unsaved(folder, fetched.stderr);
  }
}

/**
 * Makes the submodules of a worktree that was moved as a folder known where they are now, those of submodules too. Git keeps each
 * one's place as a path of its own, and no command works in such a worktree while that is wrong.
 */
export async function repointSubmodules(worktreeRoot: string): Promise<void> {
  for (const path of await submodulesOf(worktreeRoot)) {
    const root = join(worktreeRoot, path);
    // Named by hand: while its place is wrong, git cannot go there by itself.
    const at = ['--git-dir', join(root, '.git'), '--work-tree', root];
    const set = await runGit([...at, 'config', 'core.worktree', root], { cwd: worktreeRoot });
    if (set.code === 0) await repointSubmodules(root);
  }
}

async function checkedOutSubmodules(worktreeRoot: string): Promise<readonly string[]> {
  const links = await submodulesOf(worktreeRoot);
  const found: string[] = [];
  for (const path of links) {
    const top = await runGit(['rev-parse', '--show-cdup'], { cwd: join(worktreeRoot, path) }).catch(
      () => undefined,
    );
    if (top?.code === 0 && top.stdout.trim() === '') found.push(path);
  }
  return found;
}

async function submodulesOf(worktreeRoot: string): Promise<readonly string[]> {
  const entries = splitZ(await git(['ls-files', '--stage', '-z'], { cwd: worktreeRoot }));
  return entries
    .filter((line) => line.startsWith('160000 '))
    .map((line) => line.slice(line.indexOf('\t') + 1));
}

async function isWithoutOwnWork(root: string): Promise<boolean> {
  const changes = await runGit(['status', '--porcelain', '--untracked-files=all', '--ignored'], {
    cwd: root,
  });
  if (changes.code !== 0 || changes.stdout !== '') return false;
  const own = await runGit(['rev-list', '--max-count=1', '--all', '--reflog', 'HEAD', '--not', '--remotes'], {
    cwd: root,
  });
  return own.code === 0 && own.stdout.trim() === '';
}

async function branchesOf(root: string): Promise<readonly string[]> {
  const text = await git(['for-each-ref', '--format=%(refname)', 'refs/heads'], { cwd: root });
  return ['HEAD', ...text.split('\n').filter((ref) => ref !== '')];
}

function encodePath(path: string): string {
  return path
    .split('/')
    .map((segment) =>
      segment.replace(/[^\w-]/gu, (character) => `_${character.codePointAt(0)?.toString(16) ?? ''}_`),
    )
    .join('/');
}

function unsaved(folder: string, stderr: string): SquadError {
  return new SquadError({
    code: 'BACKUP_FAILED',
    message: `the repository in ${folder} could not be saved, so nothing was changed: ${stderr.trim()}`,
    hint: `move ${folder} out of the worktree, then try again`,
  });
}
