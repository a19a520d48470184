import { join, sep } from 'node:path';
import {
  branchTips,
  distance,
  listWorktrees,
  git,
  parseStatusZ,
  resolveCommit,
  type ChangedPath,
  type Distance,
  type ListedWorktree,
} from '#git';
import { placedProcesses, type PlacedProcess } from '#store';
import { untouchedCarried } from './ignored-files.ts';
import type { WorktreeRecord } from './record.ts';
import type { WorktreeWorld } from './world.ts';

/** What a worktree on record is like now. */
export interface WorktreeState {
  readonly record: WorktreeRecord;
  /** False when the folder is gone. */
  readonly exists: boolean;
  readonly head: string | undefined;
  /** What is checked out; `undefined` when HEAD is detached. */
  readonly branch: string | undefined;
  /** Uncommitted changes, untouched carried files left out. */
  readonly changes: readonly ChangedPath[];
  /** Against the base as it is now; `undefined` when the base is gone. */
  readonly fromBase: Distance | undefined;
  /** Commits that its upstream branch lacks; `undefined` without an upstream. */
  readonly unpushed: number | undefined;
  /** A rebase, merge, cherry-pick, revert or bisect under way. */
  readonly operation: string | undefined;
  /** The reason git was given for locking it. */
  readonly locked: string | undefined;
  /** Processes that work in it now: proof of life. */
  readonly processes: readonly number[];
}

/** What is the same for all worktrees of one look. */
export interface Look {
  readonly listed: readonly ListedWorktree[];
  readonly processes: readonly PlacedProcess[];
  /** Tips of all branches. */
  readonly tips: ReadonlyMap<string, string>;
}

/** Looks once at all that any number of worktrees share: checkouts, processes, branches. */
export async function lookAround(cwd: string): Promise<Look> {
  const [listed, tips] = await Promise.all([listWorktrees(cwd), branchTips(cwd)]);
  return { listed, tips, processes: placedProcesses() };
}

/** Looks at one worktree. Takes no lock and changes nothing. */
export async function inspectWorktree(
  world: WorktreeWorld,
  record: WorktreeRecord,
  look: Look,
): Promise<WorktreeState> {
  const listed = look.listed.find(({ path }) => path === record.path);
  const exists = world.store.stat(join(record.path, '.git')) !== undefined;
  const head = listed?.head;
  const base = { record, exists, head, branch: listed?.branch, locked: listed?.locked };
  if (!exists || listed === undefined)
    return {
      ...base,
      exists,
      changes: [],
      fromBase: undefined,
      unpushed: undefined,
      operation: undefined,
      processes: [],
    };
  const [status, fromBase, operation] = await Promise.all([
    readStatus(record.path),
    distanceFromBase(record, head, look.tips),
    operationIn(world, record.path),
  ]);
  const carried = untouchedCarried(world.store, record);
  return {
    ...base,
    changes: status.changes.filter(({ path }) => !carried.has(path)),
    fromBase,
    unpushed: status.unpushed,
    operation,
    processes: processesIn(look.processes, record.path),
  };
}

async function readStatus(
  path: string,
): Promise<{ changes: readonly ChangedPath[]; unpushed: number | undefined }> {
  const text = await git(['status', '--porcelain', '--branch', '-z', '--untracked-files=all'], { cwd: path });
  const end = text.indexOf('\0');
  const header = text.slice(0, end === -1 ? undefined : end);
  const upstream = /\.\.\.\S+(?: \[(?:ahead (\d+))?.*\])?$/u.exec(header);
  return {
    changes: end === -1 ? [] : parseStatusZ(text.slice(end + 1)),
    unpushed: upstream === null ? undefined : Number(upstream[1] ?? 0),
  };
}

async function distanceFromBase(
  record: WorktreeRecord,
  head: string | undefined,
  tips: ReadonlyMap<string, string>,
): Promise<Distance | undefined> {
  if (head === undefined) return undefined;
  const { ref, commit } = record.base;
  const base = (ref === undefined ? undefined : tips.get(ref)) ?? (await resolveCommit(record.path, commit));
  if (base === undefined) return undefined;
  return base === head ? { ahead: 0, behind: 0 } : distance(record.path, head, base);
}

/** The base as it is now: its branch's tip, or the commit it was. */
export async function baseCommit(
  record: WorktreeRecord,
  cwd: string = record.path,
): Promise<string | undefined> {
  const { ref, commit } = record.base;
  return (
    (ref === undefined ? undefined : await resolveCommit(cwd, `refs/heads/${ref}`)) ??
    resolveCommit(cwd, commit)
  );
}

const OPERATIONS: Readonly<Record<string, string>> = {
  'rebase-merge': 'rebase',
  'rebase-apply': 'rebase',
  MERGE_HEAD: 'merge',
  CHERRY_PICK_HEAD: 'cherry-pick',
  REVERT_HEAD: 'revert',
  BISECT_LOG: 'bisect',
};

async function operationIn(world: WorktreeWorld, path: string): Promise<string | undefined> {
  const folder = adminFolder(world, path);
  if (folder === undefined) return undefined;
  const found = Object.entries(OPERATIONS).find(
    ([name]) => world.store.stat(join(folder, name)) !== undefined,
  );
  return found?.[1];
}

/** Git's own folder for a linked worktree. */
export function adminFolder({ store }: WorktreeWorld, path: string): string | undefined {
  return /^gitdir:\s*(.+?)\s*$/mu.exec(store.readText(join(path, '.git')) ?? '')?.[1];
}

function processesIn(processes: readonly PlacedProcess[], path: string): readonly number[] {
  return processes
    .filter(
      ({ pid, folder }) => pid !== process.pid && (folder === path || folder.startsWith(`${path}${sep}`)),
    )
    .map(({ pid }) => pid);
}
