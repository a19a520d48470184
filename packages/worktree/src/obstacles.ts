import { join } from 'node:path';
import { mergedHow, resolveCommit } from '#git';
import { valuableIgnored } from './ignored-files.ts';
import { baseCommit, type WorktreeState } from './inspect.ts';
import type { WorktreeWorld } from './world.ts';

/** A reason why a worktree must not be removed without being told to. */
export interface Obstacle {
  readonly kind:
    | 'locked'
    | 'in-use'
    | 'operation'
    | 'uncommitted'
    | 'unmerged'
    | 'unpushed'
    | 'ignored-files';
  readonly message: string;
}

// Above this, ignored files are more likely a forgotten cache than work, and the person should say so.
const LARGE_BYTES = 100 * 1024 * 1024;

/** Everything that stands against removing a worktree; empty when nothing would be missed. */
export async function findObstacles(
  world: WorktreeWorld,
  state: WorktreeState,
): Promise<readonly Obstacle[]> {
  const obstacles: Obstacle[] = [];
  const add = (kind: Obstacle['kind'], message: string): void => void obstacles.push({ kind, message });
  const { changes, locked, operation, processes } = state;
  if (locked !== undefined) add('locked', `locked${locked === '' ? '' : `: ${locked}`}`);
  if (processes.length > 0) add('in-use', `process ${processes.slice(0, 5).join(', ')} works in it`);
  if (operation !== undefined) add('operation', `a ${operation} is under way`);
  if (changes.length > 0)
    add(
      'uncommitted',
      `${count(changes.length, 'uncommitted change')}: ${sample(changes.map(({ path }) => path))}`,
    );
  const unmerged = await unmergedProblem(state);
  if (unmerged !== undefined) add('unmerged', unmerged);
  if (unmerged !== undefined && (state.unpushed ?? 0) > 0)
    add('unpushed', `${count(state.unpushed ?? 0, 'commit')} not pushed to its upstream`);
  const large = await largeIgnored(world, state);
  if (large !== undefined) add('ignored-files', large);
  return obstacles;
}

async function unmergedProblem({ record, head }: WorktreeState): Promise<string | undefined> {
  const base = await baseCommit(record);
  const name = record.base.ref ?? record.base.commit.slice(0, 12);
  if (base === undefined) return `its base ${name} is gone, so nothing shows that its work is merged`;
  const tip = await resolveCommit(record.path, `refs/heads/${record.branch}`);
  for (const commit of new Set([head, tip])) {
    if (commit === undefined || (await mergedHow(record.path, commit, base)) !== undefined) continue;
    return `work of ${commit === tip ? record.branch : `detached HEAD ${commit.slice(0, 12)}`} is not merged into ${name}`;
  }
  return undefined;
}

async function largeIgnored(world: WorktreeWorld, { record }: WorktreeState): Promise<string | undefined> {
  const paths = await valuableIgnored(world, record);
  const sizes = paths.map((path) => ({ path, size: world.store.stat(join(record.path, path))?.size ?? 0 }));
  const total = sizes.reduce((sum, { size }) => sum + size, 0);
  if (total <= LARGE_BYTES) return undefined;
  const largest = sizes.toSorted((a, b) => b.size - a.size).map(({ path }) => path);
  return `${Math.round(total / 1024 / 1024)} MB of ignored files would go into the backup (${sample(largest)}); name rebuildable folders under worktree.disposable`;
}

function sample(paths: readonly string[]): string {
  return paths.length <= 3
    ? paths.join(', ')
    : `${paths.slice(0, 3).join(', ')} and ${paths.length - 3} more`;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
