import { blockersOf, type Wish } from './blockers.ts';
import { findCycle } from './deadlock.ts';
import { putLease, type Draft, type Verdict } from './draft.ts';
import { blockersOfTicket, grant } from './grant.ts';
import type { Ticket } from './lease.ts';
import { isPast, later } from './moment.ts';
import type { AcquireRecord, AdoptRecord, ExtendRecord, ReapRecord, WaitRecord } from './record.ts';

const NOTHING: Verdict = { kind: 'nothing' };
const CHANGED: Verdict = { kind: 'changed' };

function wishOf(record: AcquireRecord | WaitRecord): Wish {
  return { agent: record.agent, session: record.session ?? '', items: record.items };
}

/** Takes everything, or tells what is in the way. */
export function decideAcquire(draft: Draft, record: AcquireRecord): Verdict {
  const wish = wishOf(record);
  const blockers = blockersOf(draft.state, wish, { now: draft.now, before: draft.state.tickets });
  if (blockers.length > 0) return { kind: 'held', blockers };
  return { kind: 'granted', leases: grant(draft, { ...wish, id: record.id }, record) };
}

/** Takes everything, or joins the queue; a ticket that would close a waiting cycle is refused. */
export function decideWait(draft: Draft, record: WaitRecord): Verdict {
  const wish = wishOf(record);
  const blockers = blockersOf(draft.state, wish, { now: draft.now, before: draft.state.tickets });
  if (blockers.length === 0)
    return { kind: 'granted', leases: grant(draft, { ...wish, id: record.id }, record) };
  const ticket = ticketOf(record);
  const cycle = findCycle(draft.state, ticket, draft.now);
  if (cycle !== undefined) return { kind: 'deadlock', cycle };
  draft.state = { ...draft.state, tickets: [...draft.state.tickets, ticket] };
  return { kind: 'queued', ticket, blockers };
}

function ticketOf(record: WaitRecord): Ticket {
  const { items, ttlMs, maxHoldMs, purpose, handoffTo, holder, waiter, wake } = record;
  return {
    id: record.id,
    agent: record.agent,
    session: record.session ?? '',
    items,
    since: record.at,
    ends: later(record.at, record.patienceMs),
    ttlMs,
    maxHoldMs,
    ...(purpose === undefined ? {} : { purpose }),
    ...(handoffTo === undefined ? {} : { handoffTo }),
    ...(holder === undefined ? {} : { holder }),
    ...(waiter === undefined ? {} : { waiter }),
    ...(wake === undefined ? {} : { wake }),
  };
}

/** Leaves the queue; only its own agent may. */
export function dropTicket(draft: Draft, id: string, agent: string): Verdict {
  const ticket = draft.state.tickets.find((other) => other.id === id);
  if (ticket === undefined || ticket.agent !== agent) return NOTHING;
  removeTicket(draft, id);
  return CHANGED;
}

/** Takes a ticket out of the queue. */
export function removeTicket(draft: Draft, id: string): void {
  draft.state = { ...draft.state, tickets: draft.state.tickets.filter((ticket) => ticket.id !== id) };
}

/** Keeps a ticket alive that has not lapsed. */
export function decideExtend(draft: Draft, record: ExtendRecord): Verdict {
  const { tickets } = draft.state;
  const ticket = tickets.find(({ id }) => id === record.ticket);
  if (ticket === undefined || isPast(ticket.ends, draft.now)) return NOTHING;
  const extended: Ticket = { ...ticket, ends: later(draft.now, record.patienceMs) };
  draft.state = { ...draft.state, tickets: tickets.map((other) => (other === ticket ? extended : other)) };
  return CHANGED;
}

/** Tells what is in the way of the ticket on whose behalf the writer looked. */
export function decideReap(draft: Draft, record: ReapRecord): Verdict {
  const ticket = draft.state.tickets.find(({ id }) => id === record.behind);
  const blockers = ticket === undefined ? [] : blockersOfTicket(draft, ticket);
  return blockers.length === 0 ? CHANGED : { kind: 'held', blockers };
}

/** Enters the lock of another tool as a lease of the agent it names, unless somebody is in the way. */
export function decideAdopt(draft: Draft, record: AdoptRecord): Verdict {
  const isKnown = draft.state.leases
    .of(record.name)
    .some(({ legacy, ends }) => legacy === record.file && !isPast(ends, draft.now));
  if (isKnown) return NOTHING;
  const item = { name: record.name, mode: 'exclusive' as const };
  const wish: Wish = { agent: record.owner, session: '', items: [item] };
  if (blockersOf(draft.state, wish, { now: draft.now, before: [] }).length > 0) return NOTHING;
  const terms = { items: [item], ttlMs: record.remainingMs, maxHoldMs: record.remainingMs };
  const purpose = record.purpose === undefined ? {} : { purpose: record.purpose };
  const [lease] = grant(draft, { id: record.id, agent: record.owner, session: '' }, { ...terms, ...purpose });
  if (lease === undefined) return NOTHING;
  putLease(draft, { ...lease, legacy: record.file });
  return { kind: 'granted', leases: [lease] };
}
