import { isSquadError } from '#protocol';
import { isSameProcess } from '#store';
import { waitCutShort } from '../log/lock-error.ts';
import type { Blocker } from '../model/blockers.ts';
import type { Verdict } from '../model/draft.ts';
import { isForRequest, type Lease } from '../model/lease.ts';
import { isPast, remainingMs, type Moment } from '../model/moment.ts';
import type { AcquireRecord, WaitRecord } from '../model/record.ts';
import type { Commit, Desk } from './desk.ts';
import { describeBlocker, describeLease, describeNotice, describeTakeovers } from './describe.ts';
import type { AcquireOutcome, AcquireRequest } from './lock-request.ts';
import { stamp, termsOf } from './request-terms.ts';
import { adoptLegacy, breakDeleted } from './settle.ts';
import { leasesOf, outcomeOf, refuseUnsafe } from './take.ts';
import { showServed } from './views.ts';
import { closeWakePlace, wakePlaceOf, type Listener, type WakePlace } from './wake-place.ts';

/** How long to wait, and what ends the wait early. */
export interface WaitOptions {
  readonly waitMs: number;
  readonly signal?: AbortSignal;
}

const TICKET_MS = 30_000;
const POLL_MS = 1000;
// A ticket lapses in thirty seconds and is extended in the second half: nobody may sleep longer than a quarter.
const MAX_POLLS = 7;
// Who is behind looks later at what has just expired than who comes first.
const TURN_MS = 10;

/**
 * Takes every resource, waiting in the queue for at most `waitMs`. Served in order of asking; woken by the one who lets
 * go, with a poll as safety net. A request that would close a waiting cycle is refused at once, with the cycle.
 */
export async function acquireWaiting(
  desk: Desk,
  request: AcquireRequest,
  options: WaitOptions,
): Promise<AcquireOutcome> {
  refuseUnsafe(desk);
  const started = performance.now();
  const place = wakePlaceOf(desk);
  const listener = place.listen();
  try {
    const wait = {
      desk,
      request,
      options,
      place,
      listener,
      leftMs: () => options.waitMs - (performance.now() - started),
    };
    const asked = ask(wait);
    return asked.verdict.kind === 'queued' ? await queueHonestly(wait, asked) : outcomeOf(asked);
  } finally {
    listener.close();
    if (desk.settings.isBrief === true) closeWakePlace(desk);
  }
}

interface Wait {
  readonly desk: Desk;
  readonly request: AcquireRequest;
  readonly options: WaitOptions;
  readonly place: WakePlace;
  readonly listener: Listener;
  readonly leftMs: () => number;
}

type Asked = Commit & { readonly verdict: Verdict };

function ask(wait: Wait): Asked {
  const { desk, request, place } = wait;
  const terms = termsOf(desk, request);
  adoptLegacy(
    desk,
    request.agent,
    terms.items.map(({ name }) => name),
  );
  const commit = desk.submit(
    ({ id, now }): WaitRecord => ({
      ...stamp(request, id, now),
      ...terms,
      op: 'wait',
      patienceMs: TICKET_MS,
      wake: place.name,
      ...(place.process === undefined ? {} : { waiter: place.process }),
    }),
    ({ verdict }) => verdict.kind === 'deadlock',
  );
  return { ...commit, verdict: commit.applied.verdict };
}

// A step that fails now finds the ticket in the table: it must not be told that nothing was changed.
async function queueHonestly(wait: Wait, asked: Asked): Promise<AcquireOutcome> {
  try {
    return await queue(wait, asked);
  } catch (error) {
    throw isSquadError(error, 'FILE_UNREADABLE', 'FILE_UNWRITABLE') ? waitCutShort(error) : error;
  }
}

async function queue(wait: Wait, first: Asked): Promise<AcquireOutcome> {
  let asked = first;
  for (;;) {
    if (asked.verdict.kind !== 'queued') return outcomeOf(asked);
    const ended = await waitTurn(wait, asked.verdict);
    if (ended.kind === 'answer') return ended.outcome;
    giveBack(wait, ended.rest);
    asked = ask(wait);
  }
}

type Queued = Extract<Verdict, { kind: 'queued' }>;

// Until the ticket ends: served and claimed, left, or gone without all that it was for.
async function waitTurn(
  wait: Wait,
  { ticket, blockers }: Queued,
): Promise<
  | { readonly kind: 'answer'; readonly outcome: AcquireOutcome }
  | { readonly kind: 'gone'; readonly rest: readonly Lease[] }
> {
  const { desk, request, place, listener, options } = wait;
  // Who has just asked knows who is in the way, and has freed what the dead held.
  const isFreed = breakDeleted(desk, request.agent, leasesOf(blockers));
  let look = isFreed ? inspect(wait, ticket.id) : waitingFor(blockers, ticket.since);
  for (;;) {
    if (look.kind === 'served') {
      const outcome = claim(wait, look);
      return outcome === undefined ? { kind: 'gone', rest: [] } : { kind: 'answer', outcome };
    }
    if (look.kind === 'gone') return look;
    const leftMs = wait.leftMs();
    if (leftMs <= 0 || options.signal?.aborted === true)
      return { kind: 'answer', outcome: leave(wait, ticket.id) };
    await listener.hint(Math.max(1, Math.min(leftMs, look.nextMs)), options.signal);
    // Its file went with a log that was deleted: the next wait listens anew.
    if (!desk.heed(place.path)) closeWakePlace(desk, place);
    look = inspect(wait, ticket.id);
  }
}

type Inspection =
  | ({ readonly kind: 'served'; readonly leases: readonly Lease[] } & Seen)
  /** Lapsed, or served and then lost: what is left of it is not what was asked for. */
  | { readonly kind: 'gone'; readonly rest: readonly Lease[] }
  | { readonly kind: 'waiting'; readonly nextMs: number };

// Looks whether the ticket was served, keeps it alive, and frees what provably dead or expired holders leave behind.
function inspect(wait: Wait, ticketId: string): Inspection {
  const { desk, request } = wait;
  const { state, now } = desk.look();
  const ticket = state.tickets.find(({ id }) => id === ticketId);
  if (ticket === undefined) {
    const leases = leasesOfRequest(wait, ticketId, { state, now });
    return isWhole(wait, leases) ? { kind: 'served', leases, state, now } : { kind: 'gone', rest: leases };
  }
  if (remainingMs(ticket.ends, now) < TICKET_MS / 2) {
    desk.submit(({ id, now: at }) => ({
      ...stamp(request, id, at),
      op: 'extend',
      ticket: ticketId,
      patienceMs: TICKET_MS,
    }));
  }
  const probe = desk.submit(
    ({ id, now: at }) => ({ ...stamp(request, id, at), op: 'reap', behind: ticketId }),
    ({ effects }) => effects.losses.length === 0 && effects.served.length === 0,
  );
  const { verdict } = probe.applied;
  const isFreed = verdict.kind === 'held' && breakDeleted(desk, request.agent, leasesOf(verdict.blockers));
  if (probe.written || isFreed) return inspect(wait, ticketId);
  return waitingFor(verdict.kind === 'held' ? verdict.blockers : [], now);
}

// The first in the queue looks every second whether the holder is gone; who is further back has others before it that do.
function waitingFor(blockers: readonly Blocker[], now: Moment): Inspection {
  const leases = blockers.filter(({ kind }) => kind === 'lease');
  const ahead = blockers.length - leases.length;
  const ends = blockers.map((blocker) =>
    blocker.kind === 'lease' ? blocker.lease.ends : blocker.ticket.ends,
  );
  const soonestMs = Math.min(...ends.map((end) => remainingMs(end, now) + 2));
  const pollMs = POLL_MS * Math.min(ahead + 1, MAX_POLLS);
  return { kind: 'waiting', nextMs: Math.min(pollMs, soonestMs + ahead * TURN_MS) };
}

type Seen = ReturnType<Desk['look']>;

function leasesOfRequest({ desk, request }: Wait, ticket: string, { state, now }: Seen): Lease[] {
  const { items } = termsOf(desk, request);
  return items.flatMap(({ name }) =>
    state.leases.of(name).filter((lease) => isForRequest(lease, ticket) && !isPast(lease.ends, now)),
  );
}

// A waiter that slept may have lost a part of what it was served: all or nothing.
function isWhole({ desk, request }: Wait, leases: readonly Lease[]): boolean {
  const held = new Set(leases.map(({ resource }) => resource));
  return termsOf(desk, request).items.every(({ name }) => held.has(name));
}

function giveBack({ desk, request }: Wait, leases: readonly Lease[]): void {
  if (leases.length === 0) return;
  const names = leases.map(({ resource }) => resource);
  desk.submit(({ id, now }) => ({ ...stamp(request, id, now), op: 'release', names }));
}

// Nothing if it was lost before it could be claimed.
function claim(
  wait: Wait,
  { leases, state, now }: { readonly leases: readonly Lease[] } & Seen,
): AcquireOutcome | undefined {
  const { desk, request } = wait;
  const [first] = leases;
  const { ttlMs, holder } = termsOf(desk, request);
  const given = first?.holder;
  const isOffered =
    given === undefined || holder === undefined ? given !== holder : !isSameProcess(given, holder);
  const tookOver = leases.flatMap(describeTakeovers);
  if (!isOffered) {
    showServed(desk, leases);
    const notices = state.notices.filter(({ agent }) => agent === request.agent).map(describeNotice);
    return {
      kind: 'acquired',
      leases: leases.map((lease) => describeLease(lease, now)),
      tookOver,
      notices,
    };
  }
  const commit = desk.submit(({ id, now }) => ({
    ...stamp(request, id, now),
    op: 'renew',
    names: leases.map(({ resource }) => resource),
    ttlMs,
    claim: true,
    ...(holder === undefined ? {} : { holder }),
  }));
  const { verdict } = commit.applied;
  if (verdict.kind === 'renewed' && verdict.missing.length === 0) {
    const claimed = outcomeOf({
      ...commit,
      applied: { ...commit.applied, verdict: { kind: 'granted', leases: verdict.leases } },
    });
    return claimed.kind === 'acquired' ? { ...claimed, tookOver } : claimed;
  }
  giveBack(wait, verdict.kind === 'renewed' ? verdict.leases : []);
  return undefined;
}

// Leaving can lose against being served: then it was served.
function leave(wait: Wait, ticket: string): AcquireOutcome {
  const { desk, request, options, leftMs } = wait;
  const tried = desk.submit(
    ({ id, now }): AcquireRecord => ({
      ...stamp(request, id, now),
      ...termsOf(desk, request),
      op: 'acquire',
    }),
    () => true,
  );
  const holders = tried.applied.verdict.kind === 'held' ? tried.applied.verdict.blockers : [];
  desk.submit(({ id, now }) => ({ ...stamp(request, id, now), op: 'leave', ticket }));
  const seen = desk.look();
  const leases = leasesOfRequest(wait, ticket, seen);
  const claimed = isWhole(wait, leases) ? claim(wait, { ...seen, leases }) : undefined;
  if (claimed !== undefined) return claimed;
  giveBack(wait, leasesOfRequest(wait, ticket, desk.look()));
  const waitedMs = Math.round(options.waitMs - leftMs());
  return {
    kind: options.signal?.aborted === true ? 'aborted' : 'timeout',
    holders: holders.map((blocker) => describeBlocker(blocker, tried.now)),
    waitedMs,
  };
}
