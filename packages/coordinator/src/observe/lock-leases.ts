import type { HeldLease, Locks } from '#lock';
import { COORDINATOR_ID } from '#protocol';
import type { ObservedLease } from '../model/snapshot.ts';
import type { LeaseSource } from './lease-source.ts';

/** The lock service as a {@link LeaseSource}. Renewals are noticed by a lease's end moving between two looks. */
export function lockLeases(locks: Locks, wallMs: () => number): LeaseSource {
  const ends = new Map<number, { expiresAt: number; renewedAt: number }>();
  const renewedAt = (lease: HeldLease): number => {
    const before = ends.get(lease.token);
    const isRenewed = before !== undefined && before.expiresAt !== lease.expiresAt;
    const at = isRenewed ? wallMs() : (before?.renewedAt ?? lease.acquiredAt);
    ends.set(lease.token, { expiresAt: lease.expiresAt, renewedAt: at });
    return at;
  };
  return {
    observe() {
      const { leases, expired, waiting } = locks.table();
      const held = [...leases.filter(({ reserved }) => !reserved), ...expired];
      const live = new Set(held.map(({ token }) => token));
      for (const token of ends.keys()) if (!live.has(token)) ends.delete(token);
      const observed = held.map((lease) => ({ lease, at: renewedAt(lease) }));
      return {
        leases: observed.map(({ lease, at }) => observedLease(lease, at)),
        waits: waiting.map(({ agent, resources, since }) => ({
          agent,
          paths: resources.map(({ name }) => name),
          since,
        })),
        processes: observed.flatMap(({ lease: { agent, alive, holder }, at }) =>
          holder === undefined
            ? []
            : [
                {
                  agent,
                  process: { pid: holder.pid, host: holder.host, life: alive, source: 'lease', seenAt: at },
                },
              ],
        ),
      };
    },
    end(order) {
      const lease = locks.leasesOn(order.path).find(({ token }) => token === order.token);
      // By its token, so that a successor's lease cannot be hit.
      if (lease?.alive === 'dead') {
        const { released } = locks.release({ agent: lease.agent, tokens: [order.token], wholly: true });
        return released.length > 0;
      }
      const { path: resource, token, reason } = order;
      return locks.breakLease({ resource, token, reason, by: COORDINATOR_ID }).broken.length > 0;
    },
    move({ from, to, paths }) {
      const outcome = locks.transfer({ from, to, resources: paths });
      return outcome.kind === 'transferred' ? outcome.leases.map(({ resource }) => resource) : [];
    },
  };
}

function observedLease(lease: HeldLease, renewedAt: number): ObservedLease {
  return {
    path: lease.resource,
    agent: lease.agent,
    token: lease.token,
    purpose: lease.purpose,
    acquiredAt: lease.acquiredAt,
    renewedAt,
    expiresAt: lease.expiresAt,
    isExpired: lease.remainingMs === 0,
    holderLife: lease.alive,
  };
}
