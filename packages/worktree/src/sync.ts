import {
  conflictedPaths,
  forkPoint,
  git,
  identityOr,
  INERT,
  isAncestor,
  mergeTree,
  replay,
  resolveCommit,
  runGit,
  writeCommit,
} from '#git';
import { baseCommit, inspectWorktree, lookAround, type WorktreeState } from './inspect.ts';
import type { WorktreeRecord } from './record.ts';
import { saveWorktree } from './save.ts';
import type { WorktreeWorld } from './world.ts';

/** What became of bringing the base into one worktree. Anything but `synced` leaves it exactly as it was. */
export type Sync =
  | { readonly kind: 'synced'; readonly name: string; readonly commits: number; readonly backup: string }
  | { readonly kind: 'current'; readonly name: string }
  | { readonly kind: 'skipped'; readonly name: string; readonly why: string }
  | {
      readonly kind: 'conflict';
      readonly name: string;
      readonly paths: readonly string[];
      readonly at?: string;
    };

/**
 * Brings the base's commits into a worktree by merge, or by rebase. The result is computed in memory first, so a
 * conflict never reaches the working tree and no half-finished rebase can be left behind. A worktree with
 * uncommitted work, an operation under way or a detached HEAD is skipped.
 */
export async function syncWorktree(
  world: WorktreeWorld,
  record: WorktreeRecord,
  how: 'merge' | 'rebase',
): Promise<Sync> {
  const { name } = record;
  const state = await inspectWorktree(world, record, await lookAround(world.home.mainRoot));
  const why = reasonToSkip(state);
  if (why !== undefined) return { kind: 'skipped', name, why };
  const base = await baseCommit(record);
  const head = await resolveCommit(record.path, 'HEAD');
  if (base === undefined || head === undefined) return { kind: 'skipped', name, why: 'its base is gone' };
  if (await isAncestor(record.path, base, head)) return { kind: 'current', name };
  const target = how === 'merge' ? await merged(record, head, base) : await rebased(record, head, base);
  if (typeof target !== 'string') return target;
  const backup = await saveWorktree(world, record, `its sync with ${record.base.ref ?? base}`);
  const commits = state.fromBase?.behind ?? 0;
  const problem = await moveTo(record, head, target);
  return problem === undefined
    ? { kind: 'synced', name, commits, backup: backup.ref }
    : { kind: 'skipped', name, why: problem };
}

function reasonToSkip(state: WorktreeState): string | undefined {
  if (!state.exists) return 'its folder is gone; run: squad-worktree prune';
  if (state.record.state !== 'ready') return `it is ${state.record.state}`;
  if (state.operation !== undefined) return `a ${state.operation} is under way`;
  if (state.branch === undefined) return 'its HEAD is detached';
  const count = state.changes.length;
  return count === 0 ? undefined : `${count} uncommitted change${count === 1 ? '' : 's'}`;
}

async function merged(record: WorktreeRecord, head: string, base: string): Promise<string | Sync> {
  const cwd = record.path;
  if (await isAncestor(cwd, head, base)) return base;
  const merge = await mergeTree(cwd, [head, base]);
  if (merge.kind === 'refused') return { kind: 'skipped', name: record.name, why: merge.reason };
  if (merge.kind === 'conflict')
    return { kind: 'conflict', name: record.name, paths: conflictedPaths(merge) };
  const message = `Merge ${record.base.ref ?? base.slice(0, 12)} into ${record.branch}\n`;
  return writeCommit(cwd, { tree: merge.tree, parents: [head, base], message, env: await identityOr(cwd) });
}

async function rebased(record: WorktreeRecord, head: string, base: string): Promise<string | Sync> {
  const cwd = record.path;
  const fork = await forkPoint(cwd, head, base);
  if (fork === undefined)
    return { kind: 'skipped', name: record.name, why: 'it shares no history with its base' };
  const done = await replay(cwd, { base: fork, tip: head }, base);
  if (done.kind === 'done') return done.tip;
  if (done.kind === 'has-merges')
    return {
      kind: 'skipped',
      name: record.name,
      why: `it holds merge commits (${done.commit.slice(0, 12)}); sync without --rebase`,
    };
  return {
    kind: 'conflict',
    name: record.name,
    paths: done.paths,
    at: `${done.commit.slice(0, 12)} ${done.subject}`,
  };
}

/**
 * Files and index first (git refuses where somebody changed a file meanwhile), then the branch, and only if it is
 * still where it was: a commit made in between is never lost.
 */
async function moveTo(record: WorktreeRecord, from: string, to: string): Promise<string | undefined> {
  const cwd = record.path;
  const moved = await runGit([...INERT, 'read-tree', '-m', '-u', from, to], { cwd });
  if (moved.code !== 0) return `its files changed meanwhile: ${moved.stderr.trim()}`;
  const reason = ['-m', 'squad-worktree sync'];
  const set = await runGit([...INERT, 'update-ref', ...reason, `refs/heads/${record.branch}`, to, from], {
    cwd,
  });
  if (set.code === 0) return undefined;
  await git([...INERT, 'read-tree', '-m', '-u', to, from], { cwd });
  return 'somebody committed meanwhile';
}
