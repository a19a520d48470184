import { SquadError } from '#protocol';
import { describeCycle } from './describe.ts';
import type { AcquireOutcome, AcquireRequest, HeldLease, VerifyOutcome } from './lock-request.ts';
import type { Locks } from './locks.ts';
import type { WaitOptions } from './wait.ts';

/**
 * Leases held for a stretch of code: `await using held = await holdLeases(locks, request)`. Renewed in the background at a
 * third of their length, released when the scope ends.
 */
export interface HeldLeases extends AsyncDisposable {
  readonly leases: readonly HeldLease[];
  /** Greatest token of the grant: hand it to whatever checks that an older holder writes no more. */
  readonly token: number;
  /** Aborted as soon as a renewal finds a lease lost. A pause longer than the lease is found out only afterwards. */
  readonly signal: AbortSignal;
  /** Asks the table, now. Before a write that must not collide. */
  readonly verify: (resource: string) => VerifyOutcome;
  readonly release: () => void;
}

/** How to come by the leases. */
export interface HoldOptions extends Partial<WaitOptions> {
  /** Switches off renewal in the background. */
  readonly renew?: boolean;
}

/**
 * Acquires (waiting for at most `waitMs`, by default not at all) or throws `LOCK_HELD`, with the typed outcome as `data`.
 * For outcomes without exceptions use {@link Locks.acquire} and {@link Locks.acquireWaiting}.
 */
export async function holdLeases(
  locks: Locks,
  request: AcquireRequest,
  options: HoldOptions = {},
): Promise<HeldLeases> {
  const { waitMs = 0, signal, renew = true } = options;
  const wait = signal === undefined ? { waitMs } : { waitMs, signal };
  const outcome = waitMs > 0 ? await locks.acquireWaiting(request, wait) : locks.acquire(request);
  if (outcome.kind !== 'acquired') throw refusal(outcome);
  return handle(locks, request, { leases: outcome.leases, renew });
}

function handle(
  locks: Locks,
  request: AcquireRequest,
  from: { readonly leases: readonly HeldLease[]; readonly renew: boolean },
): HeldLeases {
  const { agent, session } = request;
  const { leases } = from;
  const own = {
    agent,
    ...(session === undefined ? {} : { session }),
    resources: request.resources.map(({ name }) => name),
  };
  const lost = new AbortController();
  const shortestMs = Math.min(...leases.map(({ remainingMs }) => remainingMs));
  const renewal = setInterval(
    () => {
      const { missing } = locks.renew(own);
      if (missing.length > 0) lost.abort(lossOf(missing));
    },
    Math.max(10, Math.min(shortestMs / 3, MAX_INTERVAL_MS)),
  );
  renewal.unref();
  if (!from.renew) clearInterval(renewal);
  let isHeld = true;
  const release = (): void => {
    clearInterval(renewal);
    if (isHeld) locks.release(own);
    isHeld = false;
  };
  return {
    leases,
    token: Math.max(...leases.map(({ token }) => token)),
    signal: lost.signal,
    verify: (resource) => locks.verify({ agent, resource }),
    release,
    [Symbol.asyncDispose]: () => Promise.resolve(release()),
  };
}

// A longer timer would be cut to nothing by the runtime.
const MAX_INTERVAL_MS = 2_147_483_647;

function lossOf(missing: readonly string[]): SquadError {
  return new SquadError({
    code: 'LEASE_LOST',
    message: `the lease on ${missing.join(', ')} is no longer held`,
    hint: 'stop writing, acquire again, and look what changed meanwhile',
    data: { missing },
  });
}

function refusal(outcome: Exclude<AcquireOutcome, { kind: 'acquired' }>): SquadError {
  const words =
    outcome.kind === 'deadlock'
      ? `waiting would never end: ${describeCycle(outcome.cycle)}`
      : outcome.holders.map(({ wanted, agent }) => `${wanted} is held by ${agent}`).join(', ');
  return new SquadError({
    code: 'LOCK_HELD',
    message: words,
    hint: 'squad-lock list --waiting',
    data: outcome,
  });
}
