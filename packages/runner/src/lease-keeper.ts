import type { Locks } from '#lock';
import { identifyProcess } from '#store';
import type { LeaseKeeper } from './leases.ts';

/** How leases are kept. */
export interface KeeperSettings {
  readonly locks: Locks;
  readonly ttlMs: number;
  /** How long to wait for what another holds. */
  readonly waitMs: number;
  readonly newId: () => string;
  readonly signal?: AbortSignal;
}

/**
 * Leases in an agent's name, bound to this process: when it dies they are free at once. Renewed at a third of their
 * life; one that is lost meanwhile is for `verify` to tell, the work is not stopped.
 */
export function createLeaseKeeper(settings: KeeperSettings): LeaseKeeper {
  const { locks, ttlMs } = settings;
  const holder = identifyProcess(process.pid);
  return {
    async hold({ agent, resources, purpose }, work) {
      const session = `runner-${settings.newId()}`;
      const outcome = await locks.acquireWaiting(
        {
          agent,
          session,
          ttlMs,
          purpose,
          resources: resources.map((name) => ({ name })),
          ...(holder && { holder }),
        },
        { waitMs: settings.waitMs, ...(settings.signal && { signal: settings.signal }) },
      );
      if (outcome.kind === 'deadlock') return { kind: 'held', by: outcome.words };
      if (outcome.kind !== 'acquired')
        return { kind: 'held', by: outcome.holders[0]?.agent ?? 'another agent' };
      const own = { agent, session, resources };
      const renewal = setInterval(() => locks.renew(own), Math.max(50, ttlMs / 3));
      try {
        return { kind: 'done', value: await work() };
      } finally {
        clearInterval(renewal);
        locks.release(own);
      }
    },
  };
}
