import { isSameProcess } from '#store';
import { blockersOf, isBlocked, type Blocker } from './blockers.ts';
import { freeLease, loseLease, putLease, type Draft } from './draft.ts';
import type { Lease, LockItem, SessionHold, Takeover, Ticket } from './lease.ts';
import { isPast, later, type Moment } from './moment.ts';
import type { LeaseTerms } from './record.ts';
import { resourcesOverlap } from './resource.ts';

/** How long a served waiter that is not the holder itself has to take what it was given. */
export const CLAIM_MS = 10_000;

/** Who asks, with what id. */
export interface Asker {
  readonly id: string;
  readonly agent: string;
  readonly session: string;
}

/**
 * Gives the asker every item: conflicting leases that have expired are lost to it, its own are re-entered.
 * The caller has made sure that nothing blocks. One token for all items of a grant.
 */
export function grant(draft: Draft, asker: Asker, terms: LeaseTerms): Lease[] {
  for (const item of terms.items) evictExpired(draft, asker, item);
  const token = draft.state.nextToken;
  draft.state = { ...draft.state, nextToken: token + 1 };
  return terms.items.map((item) => {
    endReservation(draft, asker.agent, item.name);
    const own = liveOwn(draft, asker.agent, item.name);
    const lease =
      own === undefined
        ? newLease(draft, { asker, terms, item, token })
        : reenter(draft, own, { asker, terms, item });
    putLease(draft, lease);
    return lease;
  });
}

function evictExpired(draft: Draft, asker: Asker, item: LockItem): void {
  for (const lease of draft.state.leases.overlapping(item.name)) {
    const isRival = lease.agent !== asker.agent && !(lease.mode === 'shared' && item.mode === 'shared');
    const isOwnPast = lease.agent === asker.agent && lease.resource === item.name;
    if ((isRival || isOwnPast) && isPast(lease.ends, draft.now)) loseLease(draft, lease, 'expired');
  }
}

// What was kept for the asker makes way for what it takes.
function endReservation(draft: Draft, agent: string, resource: string): void {
  const kept = draft.state.leases
    .of(resource)
    .find((lease) => lease.agent === agent && lease.reserved === true);
  if (kept !== undefined) freeLease(draft, kept);
}

function liveOwn(draft: Draft, agent: string, resource: string): Lease | undefined {
  return draft.state.leases.of(resource).find((lease) => lease.agent === agent);
}

interface Giving {
  readonly asker: Asker;
  readonly terms: LeaseTerms;
  readonly item: LockItem;
}

function newLease(draft: Draft, giving: Giving & { token: number }): Lease {
  const { asker, terms, item, token } = giving;
  return {
    resource: item.name,
    mode: item.mode,
    token,
    agent: asker.agent,
    holds: [{ session: asker.session, count: 1 }],
    since: draft.now,
    ends: later(draft.now, Math.min(terms.ttlMs, terms.maxHoldMs)),
    ttlMs: terms.ttlMs,
    maxHoldMs: terms.maxHoldMs,
    request: asker.id,
    ...(terms.purpose === undefined ? {} : { purpose: terms.purpose }),
    ...(terms.handoffTo === undefined ? {} : { handoffTo: terms.handoffTo }),
    ...(terms.holder === undefined ? {} : { holder: terms.holder }),
  };
}

function reenter(draft: Draft, own: Lease, { asker, terms, item }: Giving): Lease {
  const ends = extendedEnd(own, terms.ttlMs, draft.now);
  const ticket = draft.served.find(({ id }) => id === asker.id);
  // The process of a waiter that has not heard yet must not stand for those who hold already: it may be gone.
  const isOffer = ticket !== undefined && !isItsOwnWaiter(ticket);
  return {
    ...own,
    mode: own.mode === 'exclusive' ? own.mode : item.mode,
    holds: addHold(own.holds, asker.session, 1),
    ends,
    ...(ticket === undefined ? {} : { request: addRequest(own.request, ticket.id) }),
    ...(terms.purpose === undefined ? {} : { purpose: terms.purpose }),
    ...(terms.handoffTo === undefined ? {} : { handoffTo: terms.handoffTo }),
    ...(terms.holder === undefined || isOffer ? {} : { holder: terms.holder }),
  };
}

// More sessions of one agent than this never wait for one thing before the first of them wakes.
const MAX_REQUESTS = 32;

function addRequest(requests: string, id: string): string {
  return [...requests.split(' ').slice(1 - MAX_REQUESTS), id].join(' ');
}

/** The end of a lease renewed now: never earlier than it was, never past its maximum hold. */
export function extendedEnd(lease: Lease, ttlMs: number, now: Moment): Moment {
  const asked = later(now, ttlMs);
  const limit = later(lease.since, lease.maxHoldMs);
  const bounded = isPast(limit, asked) ? limit : asked;
  return isPast(lease.ends, bounded) ? bounded : lease.ends;
}

/** Adds to (or takes from) a session's count; sessions at zero vanish. */
export function addHold(holds: readonly SessionHold[], session: string, by: number): SessionHold[] {
  const current = holds.find((hold) => hold.session === session)?.count ?? 0;
  const others = holds.filter((hold) => hold.session !== session);
  return current + by > 0 ? [...others, { session, count: current + by }] : others;
}

/** What stands in the way of a ticket that is in the queue. */
export function blockersOfTicket(draft: Draft, ticket: Ticket): Blocker[] {
  return blockersOf(draft.state, ticket, queuePlace(draft, ticket));
}

function queuePlace({ state, now }: Draft, ticket: Ticket): { now: Moment; before: readonly Ticket[] } {
  const place = state.tickets.indexOf(ticket);
  return { now, before: place === -1 ? state.tickets : state.tickets.slice(0, place) };
}

/** Serves every ticket that nothing blocks any more, in order, and drops those that lapsed. */
export function serveQueue(draft: Draft): void {
  if (draft.state.tickets.length === 0) return;
  const live = draft.state.tickets.filter((ticket) => !isPast(ticket.ends, draft.now));
  if (live.length !== draft.state.tickets.length) draft.state = { ...draft.state, tickets: live };
  for (const ticket of live) {
    if (isBlocked(draft.state, ticket, queuePlace(draft, ticket))) continue;
    draft.state = { ...draft.state, tickets: draft.state.tickets.filter((other) => other !== ticket) };
    serve(draft, ticket);
  }
}

// A waiter that is not the holder must still say that it heard (a renewal), or the lease lapses for the next.
function serve(draft: Draft, ticket: Ticket): void {
  draft.served.push(ticket);
  const terms: LeaseTerms = isItsOwnWaiter(ticket) ? ticket : offerTerms(ticket);
  for (const lease of grant(draft, ticket, terms)) {
    const tookOver = takeoversFor(draft, lease);
    if (tookOver.length > 0) putLease(draft, { ...lease, tookOver });
  }
}

function takeoversFor({ losses, record }: Draft, { resource }: Lease): Takeover[] {
  return losses
    .filter(({ lease }) => resourcesOverlap(lease.resource, resource))
    .map(({ lease, why }) => ({
      agent: lease.agent,
      resource: lease.resource,
      token: lease.token,
      why,
      by: record.agent,
    }));
}

function offerTerms(ticket: Ticket): LeaseTerms {
  const { waiter } = ticket;
  return {
    ...ticket,
    ttlMs: Math.min(ticket.ttlMs, CLAIM_MS),
    ...(waiter === undefined ? {} : { holder: waiter }),
  };
}

function isItsOwnWaiter({ holder, waiter }: Ticket): boolean {
  if (waiter === undefined) return true;
  return holder !== undefined && isSameProcess(holder, waiter);
}
