import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listChanges, resolveCommit, saveBackup, saveNested, type Backup } from '#git';
import { valuableIgnored } from './ignored-files.ts';
import type { WorktreeRecord } from './record.ts';
import type { WorktreeWorld } from './world.ts';

/**
 * Saves all of a worktree under backup refs: its files with untracked ones and those ignored ones that somebody may
 * have written, what only its reflogs know, and every commit of repositories nested in it.
 */
export async function saveWorktree(
  world: WorktreeWorld,
  record: WorktreeRecord,
  reason: string,
): Promise<Backup> {
  const ignored = await valuableIgnored(world, record);
  const untracked = (await listChanges(record.path)).map(({ path }) => path);
  const nested = [...ignored, ...untracked].filter((path) => path.endsWith('/'));
  await saveNested(record.path, nested, { name: record.name, into: world.home.worktreeRoot });
  const tip = await resolveCommit(record.path, `refs/heads/${record.branch}`);
  return saveBackup(record.path, record.name, {
    reason,
    ignored,
    commits: tip === undefined ? [] : [tip],
    reflogsOf: ['HEAD', `refs/heads/${record.branch}`],
    trailers: trailersOf(record),
  });
}

/**
 * Saves what git still knows of a worktree whose folder is gone: its last commit, what was staged, and its reflogs.
 */
export async function saveMissingWorktree(
  world: WorktreeWorld,
  record: WorktreeRecord,
  adminFolder: string,
): Promise<Backup> {
  const { store } = world;
  // A stand-in for the folder: git finds the worktree's own index and HEAD through its `.git` file.
  const place = join(tmpdir(), `dotsquad-missing-${world.newId()}`);
  try {
    store.writeAtomic(join(place, '.git'), `gitdir: ${adminFolder}\n`);
    const tip = await resolveCommit(place, `refs/heads/${record.branch}`);
    return await saveBackup(place, record.name, {
      reason: 'its folder is gone',
      stagedOnly: true,
      commits: tip === undefined ? [] : [tip],
      reflogsOf: ['HEAD', `refs/heads/${record.branch}`],
      trailers: trailersOf(record),
    });
  } finally {
    store.removeFolder(place);
  }
}

function trailersOf(record: WorktreeRecord): Readonly<Record<string, string>> {
  return {
    'Squad-Worktree': record.name,
    'Squad-Branch': record.branch,
    'Squad-Base': record.base.ref ?? record.base.commit,
  };
}
