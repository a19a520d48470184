import { isPast } from '../model/moment.ts';
import type { Lease } from '../model/lease.ts';
import type { Desk } from './desk.ts';
import { findLegacyLocks, LEGACY_TTL_MS } from './legacy-lock.ts';
import { stamp } from './request-terms.ts';
import { endedByHand } from './views.ts';

/** Enters the locks of other tools on these resources, so that they are leases like any other. */
export function adoptLegacy(desk: Desk, agent: string, resources: readonly string[]): void {
  const wallMs = desk.ports.clock.wallMs();
  for (const lock of desk.run(findLegacyLocks(desk, resources, wallMs))) {
    const remainingMs = lock.lockedAt + LEGACY_TTL_MS - wallMs;
    if (remainingMs <= 0) continue;
    desk.submit(
      ({ id, now }) => ({
        ...stamp({ agent }, id, now),
        op: 'adopt',
        name: lock.resource,
        owner: lock.owner,
        file: lock.file,
        remainingMs: Math.min(remainingMs, LEGACY_TTL_MS),
        ...(lock.purpose === undefined ? {} : { purpose: lock.purpose }),
      }),
      ({ verdict }) => verdict.kind !== 'granted',
    );
  }
}

/** Breaks those of the leases whose view somebody deleted; true when there was one. */
export function breakDeleted(desk: Desk, agent: string, leases: readonly Lease[]): boolean {
  const ended = desk.run(endedByHand(desk, leases));
  for (const lease of ended) {
    const reason =
      lease.legacy === undefined ? 'its file in .squad/locks was deleted' : `${lease.legacy} was deleted`;
    desk.submit(
      ({ id, now }) => ({ ...stamp({ agent }, id, now), op: 'break', names: [lease.resource], reason }),
      ({ effects }) => !effects.freed.some(({ token }) => token === lease.token),
    );
  }
  return ended.length > 0;
}

/** Live leases that overlap a resource, after those that were ended by hand are gone. */
export function settledLeases(desk: Desk, agent: string, resource: string): readonly Lease[] {
  const near = (): Lease[] => {
    const { state, now } = desk.look();
    return state.leases.overlapping(resource).filter(({ ends }) => !isPast(ends, now));
  };
  const leases = near();
  return breakDeleted(desk, agent, leases) ? near() : leases;
}
