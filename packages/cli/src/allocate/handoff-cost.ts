import { readJournal, type Store } from '#store';
import type { HandoffCost } from '#plan';

// Fewer say little about the next one.
const FEWEST = 3;
const MINUTE = 60_000;

/** What a handoff took in this repository, from request to acceptance; `undefined` while too few were seen. */
export async function measuredHandoffCost(store: Store, squadDir: string): Promise<HandoffCost | undefined> {
  const { events } = readJournal(store, squadDir);
  if (!events.some(({ kind }) => kind.startsWith('handoff.'))) return undefined;
  const { measure, replay } = await import('#coordinator');
  const { handoffs, handoffLatencyMeanMs } = measure(replay(events));
  if (handoffs < FEWEST || handoffLatencyMeanMs === null) return undefined;
  const minutes = Math.max(1, Math.round(handoffLatencyMeanMs / MINUTE));
  return { minutes, why: `measured: ${handoffs} handoffs in the journal took ${minutes} min on average` };
}
