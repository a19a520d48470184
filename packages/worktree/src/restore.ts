import { join } from 'node:path';
import { git, resolveCommit, runGit } from '#git';
import { SquadError, renderInstant } from '#protocol';
import { checkName, worktreesFolder } from './place.ts';
import { equip } from './create.ts';
import type { WorktreeRecord } from './record.ts';
import { claimWorktree, dropWorktree, readWorktree } from './records.ts';
import type { WorktreeWorld } from './world.ts';

/**
 * Brings a removed worktree back from its backup: branch, folder, and every file as it was, uncommitted work
 * uncommitted again. Refuses while a worktree of that name is there.
 */
export async function restoreWorktree(world: WorktreeWorld, ref: string): Promise<WorktreeRecord> {
  const { store, home } = world;
  const cwd = home.mainRoot;
  const backup = await readBackup(cwd, ref);
  if (readWorktree(store, home.squadDir, backup.name) !== undefined) throw stillThere(backup.name, ref);
  const draft = await draftOf(world, backup);
  if (store.stat(draft.path) !== undefined || !claimWorktree(store, home.squadDir, draft))
    throw stillThere(backup.name, ref);
  try {
    const how = draft.createdBranch
      ? ['--no-track', '-b', draft.branch, '--', draft.path, backup.head]
      : ['--', draft.path, draft.branch];
    await git(['-c', 'core.hooksPath=/dev/null', 'worktree', 'add', '--quiet', ...how], { cwd });
    await git(['restore', `--source=${ref}`, '--worktree', '--', ':/'], { cwd: draft.path });
    return await equip(world, draft);
  } catch (error) {
    dropWorktree(store, home.squadDir, draft.name);
    throw error;
  }
}

interface SavedWorktree {
  readonly name: string;
  readonly branch: string;
  readonly base: string;
  readonly head: string;
}

async function readBackup(cwd: string, ref: string): Promise<SavedWorktree> {
  const text = (await runGit(['log', '-1', '--format=%P%n%B', ref, '--'], { cwd })).stdout;
  const trailer = (key: string): string | undefined => new RegExp(`^${key}: (.+)$`, 'mu').exec(text)?.[1];
  const [head] = (text.split('\n')[0] ?? '').split(' ');
  const [name, branch, base] = ['Squad-Worktree', 'Squad-Branch', 'Squad-Base'].map(trailer);
  if (name !== undefined && branch !== undefined && base !== undefined && head !== undefined && head !== '')
    return { name: checkName(name), branch, base, head };
  throw new SquadError({
    code: 'BACKUP_UNKNOWN',
    message: `${ref} is no backup of a worktree`,
    hint: 'see: squad-worktree backup --list',
  });
}

async function draftOf(world: WorktreeWorld, backup: SavedWorktree): Promise<WorktreeRecord> {
  const cwd = world.home.mainRoot;
  const { name, branch, head } = backup;
  const isBranch = (await resolveCommit(cwd, `refs/heads/${backup.base}`)) !== undefined;
  const commit = (await resolveCommit(cwd, backup.base)) ?? head;
  return {
    version: 1,
    name,
    branch,
    path: join(worktreesFolder(world), name),
    state: 'creating',
    base: isBranch ? { ref: backup.base, commit } : { commit },
    start: commit,
    createdBranch: (await resolveCommit(cwd, `refs/heads/${branch}`)) === undefined,
    createdAt: renderInstant(world.clock.wallMs()),
    dependsOn: [],
    carried: [],
    env: {},
  };
}

function stillThere(name: string, ref: string): SquadError {
  return new SquadError({
    code: 'WORKTREE_EXISTS',
    message: `worktree "${name}" is there, so its backup was not put over it`,
    hint: `to put the saved files over it: git -C "$(squad-worktree path ${name})" restore --source=${ref} --worktree -- :/`,
  });
}
