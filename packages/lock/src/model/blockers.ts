import type { Lease, LockItem, Ticket } from './lease.ts';
import type { LockState } from './lock-state.ts';
import { isPast, type Moment } from './moment.ts';
import { resourcesOverlap } from './resource.ts';

/** One reason why something cannot be had now. */
export type Blocker =
  | { readonly kind: 'lease'; readonly wanted: string; readonly lease: Lease }
  /** An earlier request for the same thing waits in the queue. */
  | { readonly kind: 'ticket'; readonly wanted: string; readonly ticket: Ticket };

/** Who wants what. */
export interface Wish {
  readonly agent: string;
  readonly session: string;
  readonly items: readonly LockItem[];
}

/** Whether two requests for overlapping things can both be granted. */
export function areCompatible(a: LockItem, b: LockItem): boolean {
  return (a.mode === 'shared' && b.mode === 'shared') || !resourcesOverlap(a.name, b.name);
}

/**
 * Everything that stands in the way of a wish at a moment: live leases of other agents, and tickets of other agents
 * before it. A ticket that itself waits for the wisher does not count, because it cannot be served before the wisher
 * is done. Expired leases and tickets do not count.
 */
export function blockersOf(
  state: LockState,
  wish: Wish,
  at: { readonly now: Moment; readonly before: readonly Ticket[] },
): Blocker[] {
  const isAhead = aheadOf(state, wish, at.now);
  const tickets = at.before.filter(isAhead);
  return [
    ...leasesInTheWay(state, wish, at.now),
    ...tickets.map((ticket): Blocker => ({ kind: 'ticket', wanted: commonName(wish, ticket), ticket })),
  ];
}

/** Whether {@link blockersOf} would find anything; looks no further than the first. */
export function isBlocked(
  state: LockState,
  wish: Wish,
  at: { readonly now: Moment; readonly before: readonly Ticket[] },
): boolean {
  const { now, before } = at;
  const isHeldByOther = wish.items.some((item) =>
    state.leases.overlapping(item.name).some((lease) => isInTheWay(lease, { agent: wish.agent, item }, now)),
  );
  return isHeldByOther || before.some(aheadOf(state, wish, now));
}

// Which earlier tickets come first. What it takes to judge them is looked up once, and only if there is one.
function aheadOf(state: LockState, wish: Wish, now: Moment): (ticket: Ticket) => boolean {
  let fresh: readonly LockItem[] | undefined;
  let holdsNothing: boolean | undefined;
  return (ticket) => {
    if (ticket.agent === wish.agent || isPast(ticket.ends, now)) return false;
    fresh ??= wish.items.filter((item) => !isHeldAlready(state, { agent: wish.agent, item }, now));
    if (!fresh.some((item) => ticket.items.some((other) => !areCompatible(item, other)))) return false;
    // Nobody waits for a party that holds nothing.
    holdsNothing ??= !holdsLease(state, wish);
    return holdsNothing || !reaches(state, ticket, { wish, now });
  };
}

/** Whether a party holds any lease at all. */
export function holdsLease(state: LockState, { agent, session }: Party): boolean {
  for (const { holds } of state.leases.ofAgent(agent))
    if (holds.some((hold) => hold.session === session)) return true;
  return false;
}

// What the agent holds already it may re-enter, whoever has come to wait for it meanwhile.
function isHeldAlready(
  state: LockState,
  wanted: { readonly agent: string; readonly item: LockItem },
  now: Moment,
): boolean {
  const { agent, item } = wanted;
  return state.leases
    .of(item.name)
    .some(
      (lease) =>
        lease.agent === agent &&
        !isPast(lease.ends, now) &&
        (lease.mode === 'exclusive' || item.mode === 'shared'),
    );
}

/** Live leases of other agents that conflict with the wish. */
export function leasesInTheWay(
  state: LockState,
  wish: Pick<Wish, 'agent' | 'items'>,
  now: Moment,
): (Blocker & { kind: 'lease' })[] {
  return wish.items.flatMap((item) =>
    state.leases
      .overlapping(item.name)
      .filter((lease) => isInTheWay(lease, { agent: wish.agent, item }, now))
      .map((lease) => ({ kind: 'lease' as const, wanted: item.name, lease })),
  );
}

function isInTheWay(
  lease: Lease,
  wanted: { readonly agent: string; readonly item: LockItem },
  now: Moment,
): boolean {
  return (
    lease.agent !== wanted.agent &&
    !(lease.mode === 'shared' && wanted.item.mode === 'shared') &&
    !isPast(lease.ends, now)
  );
}

/** One who holds or waits: sessions of one agent wait and work independently of each other. */
export interface Party {
  readonly agent: string;
  readonly session: string;
}

/** Text form of a {@link Party}, for use as a key. */
export function partyKey({ agent, session }: Party): string {
  return `${agent}\0${session}`;
}

/** The parties that must let go before a lease is free. */
export function partiesOf(lease: Lease): Party[] {
  return lease.holds.map(({ session }) => ({ agent: lease.agent, session }));
}

// Whether a ticket waits, over leases alone, for the one who wishes.
function reaches(state: LockState, ticket: Ticket, goal: { wish: Wish; now: Moment }): boolean {
  const target = partyKey(goal.wish);
  const seen = new Set<string>();
  const open: Ticket[] = [ticket];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { lease } of leasesInTheWay(state, next, goal.now)) {
      for (const party of partiesOf(lease)) {
        const key = partyKey(party);
        if (key === target) return true;
        if (seen.has(key)) continue;
        seen.add(key);
        open.push(
          ...state.tickets.filter((other) => partyKey(other) === key && !isPast(other.ends, goal.now)),
        );
      }
    }
  }
  return false;
}

function commonName(wish: Wish, ticket: Ticket): string {
  const meets = (item: LockItem): boolean => ticket.items.some((other) => !areCompatible(item, other));
  return wish.items.find(meets)?.name ?? wish.items[0]?.name ?? '';
}
