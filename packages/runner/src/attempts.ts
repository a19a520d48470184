import { setTimeout as pause } from 'node:timers/promises';
import { renderInstant, type Clock } from '#protocol';
import type { ProcessIdentity } from '#store';
import { MOST_DENIED, type AttemptRecord, type ItemRecord } from './record/run-record.ts';
import type { AgentEnd } from './run-agent.ts';

/** Attempts of one item, over; the end is the last one's, with what all of them cost. */
export interface AttemptsEnd {
  readonly end: AgentEnd;
  readonly item: ItemRecord;
}

/** How one item is tried. */
export interface AttemptPlan {
  readonly item: ItemRecord;
  /** Beyond the first try, and only for transient failures. */
  readonly retries: number;
  /** One try; told what those before it have cost. */
  readonly run: (
    onStart: (identity: ProcessIdentity | undefined) => void,
    spentUsd: number,
  ) => Promise<AgentEnd>;
  readonly write: (item: ItemRecord) => void;
  readonly signal: AbortSignal;
}

/** Time and chance, for back-off. */
export interface AttemptPorts {
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly backoff: Backoff;
}

/** Delays between tries: the first, doubled each time, never over the longest. */
export interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** What holds for real clients: an overloaded service needs seconds, a rate limit up to a minute. */
export const DEFAULT_BACKOFF: Backoff = { firstMs: 2000, longestMs: 60_000 };

/** Full jitter (half fixed, half random), so that ten agents refused together do not come back together. */
export function backoffMs(backoff: Backoff, failures: number, random: () => number): number {
  const delay = Math.min(backoff.longestMs, backoff.firstMs * 2 ** Math.max(0, failures - 1));
  return Math.round(delay / 2 + (delay / 2) * random());
}

/**
 * Runs an item until it succeeds, fails for good, or a transient failure has used up its retries. Every start and end
 * is in the item's record before anything else happens, so a runner that dies leaves the truth behind.
 */
export async function runAttempts(plan: AttemptPlan, ports: AttemptPorts): Promise<AttemptsEnd> {
  let item = plan.item;
  const now = (): string => renderInstant(ports.clock.wallMs(), 'milliseconds');
  let costUsd: number | undefined;
  for (let failures = 0; ;) {
    const open: AttemptRecord = { startedAt: now() };
    const withAttempt = (attempt: AttemptRecord, state: ItemRecord['state']): ItemRecord => {
      const before = item.attempts.filter(
        ({ startedAt, endedAt }) => startedAt !== open.startedAt || endedAt !== undefined,
      );
      return { ...item, state, attempts: [...before, attempt] };
    };
    let started = open;
    item = withAttempt(open, 'running');
    plan.write(item);
    const last = await plan.run((identity) => {
      if (identity === undefined) return;
      started = { ...open, process: identity };
      item = withAttempt(started, 'running');
      plan.write(item);
    }, costUsd ?? 0);
    item = withAttempt({ ...started, ...ended(last, now()) }, 'running');
    if (last.costUsd !== undefined) costUsd = (costUsd ?? 0) + last.costUsd;
    const end = { ...last, ...(costUsd !== undefined && { costUsd }) };
    plan.write(item);
    failures += 1;
    if (end.ok || !end.isTransient || failures > plan.retries || plan.signal.aborted) return { end, item };
    await waitOrStop(backoffMs(ports.backoff, failures, ports.random), plan.signal);
    if (plan.signal.aborted) return { end, item };
  }
}

function ended(end: AgentEnd, endedAt: string): Omit<AttemptRecord, 'startedAt' | 'process'> {
  return {
    endedAt,
    reason: end.reason,
    durationMs: end.durationMs,
    tokens: end.tokens.input + end.tokens.output,
    ...(end.session && { session: end.session }),
    ...(end.costUsd !== undefined && { costUsd: end.costUsd }),
    ...(end.denied.length > 0 && { denied: end.denied.slice(0, MOST_DENIED) }),
  };
}

async function waitOrStop(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
