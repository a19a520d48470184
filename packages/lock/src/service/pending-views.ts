import { isSquadError } from '#protocol';
import type { Lease } from '../model/lease.ts';

/** How long a lease is held before it is shown: most that are taken in a program end sooner. */
export const VIEW_DELAY_MS = 25;

/** Leases of this process that are not shown yet. */
export interface PendingViews {
  /** Has a new lease shown once it has lasted. */
  readonly note: (lease: Lease) => void;
  readonly has: (lease: Lease) => boolean;
  /** It ended before it was shown. */
  readonly drop: (lease: Lease) => void;
  /** Shows what has not been shown, however young. */
  readonly flush: () => void;
}

/** Keeps leases until `show` is called with them, all that are old enough at once. */
export function openPendingViews(show: (leases: readonly Lease[]) => void): PendingViews {
  const noted = new Map<string, { readonly lease: Lease; readonly dueMs: number }>();
  let timer: NodeJS.Timeout | undefined;
  const showDue = (nowMs: number): void => {
    timer = undefined;
    const due = [...noted.values()].filter(({ dueMs }) => dueMs <= nowMs).map(({ lease }) => lease);
    for (const lease of due) noted.delete(keyOf(lease));
    if (due.length > 0) show(due);
    arm();
  };
  const arm = (): void => {
    if (timer !== undefined || noted.size === 0) return;
    timer = setTimeout(() => quietly(() => showDue(performance.now())), VIEW_DELAY_MS);
    timer.unref();
  };
  return {
    note(lease) {
      noted.set(keyOf(lease), { lease, dueMs: performance.now() + VIEW_DELAY_MS - 1 });
      arm();
    },
    has: (lease) => noted.has(keyOf(lease)),
    drop: (lease) => void noted.delete(keyOf(lease)),
    flush: () => quietly(() => showDue(Infinity)),
  };
}

function keyOf({ resource, token }: Lease): string {
  return `${token} ${resource}`;
}

const UNSEEN = ['FILE_UNREADABLE', 'FILE_UNWRITABLE', 'LOCK_LOG_UNREADABLE', 'NO_SQUAD_DIR'] as const;

// A view decides nothing: that the table cannot be read is told to whoever asks it.
function quietly(deed: () => void): void {
  try {
    deed();
  } catch (error) {
    if (!isSquadError(error, ...UNSEEN)) throw error;
  }
}
