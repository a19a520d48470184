import { join } from 'node:path';
import { git } from '#git';
import type { WorktreeWorld } from './world.ts';

/** Git's own folder for the worktree registered at a path, also when that path is gone. */
export async function adminFolderOf(world: WorktreeWorld, path: string): Promise<string | undefined> {
  const args = ['rev-parse', '--path-format=absolute', '--git-common-dir'];
  const common = (await git(args, { cwd: world.home.mainRoot })).replace(/\n$/u, '');
  const folder = join(common, 'worktrees');
  const name = world.store
    .list(folder)
    .find((entry) => world.store.readText(join(folder, entry, 'gitdir'))?.trim() === join(path, '.git'));
  return name === undefined ? undefined : join(folder, name);
}
