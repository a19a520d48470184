import { endKnownGroup } from '../process/process-group.ts';
import type { RunBook } from './run-book.ts';

/**
 * An item that an earlier runner left running: its agent, if that very process still lives, is ended by its group, and
 * the item is pending again. True when there was one.
 */
export async function takeOverInterrupted(book: RunBook, key: string, graceMs: number): Promise<boolean> {
  const item = book.item(key);
  if (item.state !== 'running') return false;
  const open = item.attempts.at(-1);
  if (open?.endedAt === undefined && open?.process !== undefined) await endKnownGroup(open.process, graceMs);
  const attempts = item.attempts.map((attempt) =>
    attempt.endedAt === undefined ? { ...attempt, reason: 'interrupted: the runner died' } : attempt,
  );
  book.write({ ...item, state: 'pending', attempts });
  return true;
}
