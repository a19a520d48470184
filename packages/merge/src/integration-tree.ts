import { join } from 'node:path';
import { git, INERT, listWorktrees, runGit } from '#git';
import { worktreesFolder } from '#worktree';
import type { MergeWorld } from './world.ts';

/** The worktree in which merges are tested; nobody else works there. */
export function integrationPath(world: MergeWorld): string {
  return join(worktreesFolder(world), '.integration');
}

/**
 * Puts a commit (or another tree on top of it) into the integration worktree, making it when needed. HEAD is detached:
 * no branch can be moved from there. Ignored files such as installed packages stay.
 */
export async function checkOut(world: MergeWorld, commit: string, tree: string = commit): Promise<void> {
  const cwd = integrationPath(world);
  await ensureTree(world, commit);
  await clearLock(world, cwd);
  await git([...INERT, 'checkout', '--quiet', '--force', '--detach', commit], { cwd });
  if (tree !== commit) await git([...INERT, 'read-tree', '--reset', '-u', tree], { cwd });
  await git([...INERT, 'clean', '--quiet', '--force', '-d'], { cwd });
}

async function ensureTree(world: MergeWorld, commit: string): Promise<void> {
  const path = integrationPath(world);
  const root = world.home.mainRoot;
  const entry = (await listWorktrees(root)).find((listed) => listed.path === path);
  const isThere = world.store.stat(join(path, '.git')) !== undefined;
  const isWhole = entry !== undefined && isThere && entry.locked === undefined;
  if (isWhole) return;
  // Left by a crash: half made, or its folder deleted by hand.
  if (entry?.locked !== undefined) await runGit(['worktree', 'unlock', path], { cwd: root });
  if (entry !== undefined) await runGit(['worktree', 'remove', '--force', path], { cwd: root });
  if (world.store.stat(path) !== undefined)
    world.store.rename(path, `${path}-left-${world.newId().slice(-6)}`);
  world.store.makeFolder(worktreesFolder(world));
  await git([...INERT, 'worktree', 'add', '--quiet', '--detach', '--', path, commit], { cwd: root });
}

// A run that was killed inside git leaves its lock; only this queue, one run at a time, works here.
async function clearLock({ store }: MergeWorld, cwd: string): Promise<void> {
  const args = ['rev-parse', '--path-format=absolute', '--git-path', 'index.lock'];
  store.removeFile((await git(args, { cwd })).replace(/\n$/u, ''));
}
