import { readConfig } from '#config';
import { listWorktrees } from '#git';
import { printableLine } from '#protocol';
import { pruneWorktrees, readWorktrees } from '#worktree';
import type { DoctorScene, Finding } from './finding.ts';

/**
 * Worktrees that git knows and whose folder is gone. Ours are forgotten by the repair, which first saves what git still
 * has of them; one that a person made may have been moved, which only that person knows.
 */
export async function checkWorktrees(scene: DoctorScene): Promise<readonly Finding[]> {
  const { io, home } = scene;
  if (!home.isGit) return [];
  const ours = new Set(readWorktrees(io.store, home.squadDir).map(({ path }) => path));
  const orphans = await orphanPaths(scene);
  if (orphans.length === 0)
    return [{ check: 'worktrees', severity: 'ok', message: 'every worktree has its folder' }];
  return orphans.map((path) => ({
    check: 'worktrees',
    severity: 'warning',
    message: `git knows a worktree whose folder is gone: ${printableLine(path, 200)}`,
    ...(ours.has(path) ? { repair: forget(scene, path) } : { advice: MOVED_OR_GONE }),
  }));
}

const MOVED_OR_GONE = 'git worktree repair <new path> if it was moved, else git worktree prune';

function forget(scene: DoctorScene, path: string): NonNullable<Finding['repair']> {
  const { store, clock, newId } = scene.io;
  const { home } = scene;
  return {
    what: `forget the worktree ${printableLine(path, 200)}; its branch and a backup of what git knows of it stay`,
    async apply() {
      const { worktree: settings } = await readConfig(store, home.squadDir);
      await pruneWorktrees({ store, clock, newId, home, settings });
    },
    isDone: async () => !(await orphanPaths(scene)).includes(path),
  };
}

async function orphanPaths({ home }: DoctorScene): Promise<readonly string[]> {
  const listed = await listWorktrees(home.mainRoot);
  return listed.filter(({ prunable }) => prunable !== undefined).map(({ path }) => path);
}
