import { inParallel } from './in-parallel.ts';
import { inspectWorktree, lookAround, type WorktreeState } from './inspect.ts';
import type { WorktreeRecord } from './record.ts';
import type { WorktreeWorld } from './world.ts';

// Git reads the disk; more at once than this only waits for it.
const AT_ONCE = 6;

/** The state of these worktrees, in their order. */
export async function inspectWorktrees(
  world: WorktreeWorld,
  records: readonly WorktreeRecord[],
): Promise<readonly WorktreeState[]> {
  const look = await lookAround(world.home.worktreeRoot);
  return inParallel(records, AT_ONCE, (record) => inspectWorktree(world, record, look));
}
