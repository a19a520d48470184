/** Work that may have to wait for other work. */
export interface PoolItem {
  readonly key: string;
  /** Keys that must have succeeded first. */
  readonly after: readonly string[];
}

/** How an item left the pool. */
export type PoolOutcome = 'done' | 'failed';

/** How a pool is run. */
export interface PoolPlan<T extends PoolItem> {
  /** In the order in which they are to be taken. */
  readonly items: readonly T[];
  readonly maxConcurrent: number;
  /** Never rejects; a rejection ends the whole pool. */
  readonly run: (item: T) => Promise<PoolOutcome>;
  /** A reason why the item may not start now, beside those that run; asked again whenever something ends. */
  readonly mayStart?: (item: T, running: readonly T[]) => boolean;
  /** True: start nothing more. */
  readonly isClosed: () => boolean;
  /** An item that will not run, because what it waits for did not succeed. */
  readonly onBlocked?: (item: T, because: string) => void;
}

/**
 * Runs items, as many at once as allowed, each after those it waits for. A failure stops only what waits for it.
 * Resolves when nothing runs and nothing more may start; items never started are in neither outcome.
 */
export async function runPool<T extends PoolItem>(
  plan: PoolPlan<T>,
): Promise<ReadonlyMap<string, PoolOutcome>> {
  const outcomes = new Map<string, PoolOutcome>();
  const known = new Set(plan.items.map(({ key }) => key));
  let open = [...plan.items];
  const running = new Map<string, { item: T; end: Promise<void> }>();
  for (;;) {
    for (let before = -1; before !== open.length;) {
      before = open.length;
      open = open.filter((item) => !isBlocked(item, outcomes, plan));
    }
    for (const item of plan.isClosed() ? [] : open) {
      if (running.size >= Math.max(1, plan.maxConcurrent)) break;
      const isReady = item.after.every((key) => !known.has(key) || outcomes.get(key) === 'done');
      const others = [...running.values()].map((each) => each.item);
      if (!isReady || plan.mayStart?.(item, others) === false) continue;
      open = open.filter(({ key }) => key !== item.key);
      const end = async (): Promise<void> => {
        outcomes.set(item.key, await plan.run(item));
        running.delete(item.key);
      };
      running.set(item.key, { item, end: end() });
    }
    if (running.size === 0) return outcomes;
    await Promise.race([...running.values()].map(({ end }) => end));
  }
}

// Marks what waits for a failure as failed itself, so that what waits for that is told as well.
function isBlocked<T extends PoolItem>(
  item: T,
  outcomes: Map<string, PoolOutcome>,
  plan: PoolPlan<T>,
): boolean {
  const because = item.after.find((key) => outcomes.get(key) === 'failed');
  if (because === undefined) return false;
  outcomes.set(item.key, 'failed');
  plan.onBlocked?.(item, because);
  return true;
}
