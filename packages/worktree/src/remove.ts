import { dirname, join } from 'node:path';
import {
  git,
  INERT,
  isAncestor,
  listWorktrees,
  repointSubmodules,
  resolveCommit,
  runGit,
  treeOf,
  type Backup,
} from '#git';
import { identifyProcess } from '#store';
import { adminFolderOf } from './admin-folder.ts';
import { inspectWorktree, lookAround } from './inspect.ts';
import { findObstacles, type Obstacle } from './obstacles.ts';
import type { WorktreeRecord } from './record.ts';
import { dropWorktree, writeWorktree } from './records.ts';
import { freeResources } from './resources.ts';
import { saveMissingWorktree, saveWorktree } from './save.ts';
import type { WorktreeWorld } from './world.ts';

/** What became of a removal. Without `force` any obstacle refuses it; a git lock always does. */
export type Removal =
  | { readonly kind: 'refused'; readonly name: string; readonly obstacles: readonly Obstacle[] }
  | {
      readonly kind: 'removed';
      readonly name: string;
      readonly branch: string;
      readonly branchDeleted: boolean;
      readonly backup: string;
      /** The command that brings it back. */
      readonly undo: string;
    };

/**
 * Removes a worktree and the branch that was made for it, after a backup of all that was in it. The folder is first
 * renamed away and saved once more, so that what is written at the last moment is kept too.
 */
export async function removeWorktree(
  world: WorktreeWorld,
  record: WorktreeRecord,
  options: { readonly force: boolean },
): Promise<Removal> {
  const { store, home } = world;
  const look = await lookAround(home.worktreeRoot);
  const state = await inspectWorktree(world, record, look);
  if (!state.exists) return removeMissing(world, record, options.force);
  const obstacles = await findObstacles(world, state);
  const isBarred = obstacles.some(({ kind }) => kind === 'locked');
  if (isBarred || (obstacles.length > 0 && !options.force))
    return { kind: 'refused', name: record.name, obstacles };
  const backup = await saveWorktree(world, record, 'its removal');
  const maker = identifyProcess(process.pid);
  writeWorktree(store, home.squadDir, { ...record, state: 'removing', ...(maker ? { maker } : {}) });
  const aside = asideOf(record);
  try {
    store.rename(record.path, aside);
  } catch (error) {
    writeWorktree(store, home.squadDir, record);
    throw error;
  }
  return finishRemoval(world, record, backup);
}

/** Where a worktree waits between being taken away and being deleted. */
export function asideOf(record: WorktreeRecord): string {
  return join(dirname(record.path), `.removing-${record.name}`);
}

/** Second half of a removal, also after a crash: saves what stands aside, then deletes folder, branch and record. */
export async function finishRemoval(
  world: WorktreeWorld,
  record: WorktreeRecord,
  earlier?: Backup,
): Promise<Removal> {
  const aside = asideOf(record);
  await repointSubmodules(aside);
  const late = await saveWorktree(world, { ...record, path: aside }, 'its removal');
  const backup = await keepOne(world, late, earlier);
  world.store.removeFolder(aside);
  return forget(world, record, backup);
}

async function keepOne({ home }: WorktreeWorld, late: Backup, earlier: Backup | undefined): Promise<string> {
  const cwd = home.mainRoot;
  if (earlier === undefined || earlier.ref === late.ref) return late.ref;
  if ((await treeOf(cwd, late.commit)) !== (await treeOf(cwd, earlier.commit))) return late.ref;
  await git([...INERT, 'update-ref', '-d', earlier.ref, earlier.commit], { cwd });
  return late.ref;
}

/** Deletes git's entry, the branch, held resources and the record of a worktree whose folder is gone and saved. */
async function forget(world: WorktreeWorld, record: WorktreeRecord, backup: string): Promise<Removal> {
  const { home, store } = world;
  const cwd = home.mainRoot;
  await runGit(['worktree', 'remove', '--force', record.path], { cwd });
  const branchDeleted = record.createdBranch && (await deleteBranch(cwd, record.branch, backup));
  freeResources(world, record);
  dropWorktree(store, home.squadDir, record.name);
  const { name, branch } = record;
  return { kind: 'removed', name, branch, branchDeleted, backup, undo: `squad-worktree restore ${backup}` };
}

// Only at the commit that the backup holds: an agent that committed meanwhile keeps its branch.
async function deleteBranch(cwd: string, branch: string, backup: string): Promise<boolean> {
  const ref = `refs/heads/${branch}`;
  const tip = await resolveCommit(cwd, ref);
  if (tip === undefined) return true;
  const isElsewhere = (await listWorktrees(cwd)).some((listed) => listed.branch === branch);
  if (isElsewhere || !(await isAncestor(cwd, tip, backup))) return false;
  const deleted = await runGit([...INERT, 'update-ref', '-d', ref, tip], { cwd });
  if (deleted.code === 0) await runGit(['config', '--remove-section', `branch.${branch}`], { cwd });
  return deleted.code === 0;
}

/** Removes what is left of a worktree whose folder somebody deleted; its branch goes only with `force`. */
export async function removeMissing(
  world: WorktreeWorld,
  record: WorktreeRecord,
  force: boolean,
): Promise<Removal> {
  const admin = await adminFolderOf(world, record.path);
  if (admin === undefined) {
    freeResources(world, record);
    dropWorktree(world.store, world.home.squadDir, record.name);
    const { name, branch } = record;
    const tip = await resolveCommit(world.home.mainRoot, `refs/heads/${branch}`);
    const undo = tip === undefined ? '' : `squad-worktree create ${name} --branch ${branch}`;
    return { kind: 'removed', name, branch, branchDeleted: tip === undefined, backup: '', undo };
  }
  const backup = await saveMissingWorktree(world, record, admin);
  return forget(world, { ...record, createdBranch: record.createdBranch && force }, backup.ref);
}
