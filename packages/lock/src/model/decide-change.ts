import { leasesInTheWay, type Blocker } from './blockers.ts';
import { freeLease, loseLease, putLease, type Draft, type Verdict } from './draft.ts';
import { addHold, extendedEnd } from './grant.ts';
import type { Lease } from './lease.ts';
import type { LockState } from './lock-state.ts';
import { isPast, later, type Moment } from './moment.ts';
import type { BreakRecord, LeaseChoice, ReleaseRecord, RenewRecord, TransferRecord } from './record.ts';

const RESERVATION_MS = 600_000;
const NOTHING: Verdict = { kind: 'nothing' };
const CHANGED: Verdict = { kind: 'changed' };

interface Chosen {
  readonly leases: readonly Lease[];
  readonly missing: readonly string[];
}

// The live leases of an agent that a choice means, and what of the choice it does not hold.
function chosenLeases(
  state: LockState,
  choice: LeaseChoice & { readonly agent: string },
  now: Moment,
): Chosen {
  const isLive = (lease: Lease): boolean =>
    lease.agent === choice.agent && lease.reserved !== true && !isPast(lease.ends, now);
  if (choice.all === true)
    return { leases: [...state.leases.ofAgent(choice.agent)].filter(isLive), missing: [] };
  const leases: Lease[] = [];
  const missing: string[] = [];
  for (const name of choice.names ?? []) {
    const found = state.leases.of(name).find(isLive);
    if (found === undefined) missing.push(name);
    else leases.push(found);
  }
  for (const token of choice.tokens ?? []) {
    const found = [...state.leases.ofAgent(choice.agent)].filter(
      (lease) => lease.token === token && isLive(lease),
    );
    if (found.length === 0) missing.push(String(token));
    leases.push(...found);
  }
  return { leases, missing };
}

/** Gives up one level of what was acquired, or all of it; keeps it for the next where that was asked. */
export function decideRelease(draft: Draft, record: ReleaseRecord): Verdict {
  const { leases, missing } = chosenLeases(draft.state, record, draft.now);
  const released: Lease[] = [];
  const kept: Lease[] = [];
  for (const lease of leases) {
    const rest = record.wholly === true ? [] : holdsAfterRelease(lease, record);
    if (rest.length > 0) {
      const still = { ...lease, holds: rest };
      putLease(draft, still);
      kept.push(still);
    } else {
      released.push(lease);
      freeLease(draft, lease);
      reserve(draft, lease);
    }
  }
  return { kind: 'released', released, kept, missing };
}

// Without a session of its own on the lease, a release means the one that is there.
function holdsAfterRelease(lease: Lease, record: ReleaseRecord): Lease['holds'] {
  const session = record.session ?? '';
  if (record.all === true)
    return session === '' ? [] : lease.holds.filter((hold) => hold.session !== session);
  const isOwn = lease.holds.some((hold) => hold.session === session);
  const meant = isOwn ? session : (lease.holds[0]?.session ?? '');
  return addHold(lease.holds, meant, -1);
}

function reserve(draft: Draft, lease: Lease): void {
  const { handoffTo, holder: _holder, purpose: _purpose, ...plain } = lease;
  if (handoffTo === undefined || handoffTo === lease.agent) return;
  putLease(draft, {
    ...plain,
    agent: handoffTo,
    holds: [{ session: '', count: 1 }],
    since: draft.now,
    ends: later(draft.now, Math.min(RESERVATION_MS, lease.ttlMs)),
    reserved: true,
  });
}

/** Extends live leases; what has expired stays lost. */
export function decideRenew(draft: Draft, record: RenewRecord): Verdict {
  const { leases, missing } = chosenLeases(draft.state, record, draft.now);
  const renewed = leases.map((lease) => {
    const { holder: offeredTo, ...rest } = lease;
    const next: Lease = {
      ...rest,
      ...(offeredTo === undefined || record.claim === true ? {} : { holder: offeredTo }),
      ends: extendedEnd(lease, record.ttlMs ?? lease.ttlMs, draft.now),
      ...(record.ttlMs === undefined ? {} : { ttlMs: record.ttlMs }),
      ...(record.holder === undefined ? {} : { holder: record.holder }),
    };
    putLease(draft, next);
    return next;
  });
  return { kind: 'renewed', leases: renewed, missing };
}

/** Ends leases by force. */
export function decideBreak(draft: Draft, record: BreakRecord): Verdict {
  const broken = record.names.flatMap((name) => [...draft.state.leases.of(name)]);
  for (const lease of broken) loseLease(draft, lease, 'broken');
  return broken.length === 0 ? NOTHING : CHANGED;
}

/**
 * Moves leases: the receiver gets a grant of its own, with a new token, a whole TTL and none of the giver's sessions. What
 * the giver keeps must not cover what it gives, or two would hold it.
 */
export function decideTransfer(draft: Draft, record: TransferRecord): Verdict {
  const { leases, missing } = chosenLeases(
    draft.state,
    { agent: record.from, names: record.names },
    draft.now,
  );
  if (missing.length > 0 || leases.length === 0) return NOTHING;
  const blockers = keptInTheWay(draft, leases, record.to);
  if (blockers.length > 0) return { kind: 'held', blockers };
  const token = draft.state.nextToken;
  draft.state = { ...draft.state, nextToken: token + 1 };
  const moved = leases.map((lease) => {
    const { holder: _holder, handoffTo: _handoffTo, ...rest } = lease;
    freeLease(draft, lease);
    const next: Lease = {
      ...rest,
      token,
      agent: record.to,
      holds: [{ session: '', count: 1 }],
      since: draft.now,
      ends: later(draft.now, Math.min(lease.ttlMs, lease.maxHoldMs)),
      request: record.id,
      ...(record.holder === undefined ? {} : { holder: record.holder }),
    };
    putLease(draft, next);
    return next;
  });
  return { kind: 'granted', leases: moved };
}

function keptInTheWay(draft: Draft, leases: readonly Lease[], receiver: string): Blocker[] {
  const items = leases.map(({ resource, mode }) => ({ name: resource, mode }));
  const isMoved = (name: string): boolean => leases.some(({ resource }) => resource === name);
  return leasesInTheWay(draft.state, { agent: receiver, items }, draft.now).filter(
    ({ lease }) => !isMoved(lease.resource) && lease.agent !== receiver,
  );
}

/** Closes an epoch: what has expired is lost, so that the base does not grow with the dead. */
export function decideSeal(draft: Draft): Verdict {
  const past = [...draft.state.leases].filter(({ ends }) => isPast(ends, draft.now));
  for (const lease of past) loseLease(draft, lease, 'expired');
  return CHANGED;
}
