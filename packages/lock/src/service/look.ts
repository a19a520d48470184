import { COORDINATOR_ID } from '#protocol';
import { readClock } from '../log/protocol.ts';
import { blockersOf, leasesInTheWay } from '../model/blockers.ts';
import type { Lease, Notice } from '../model/lease.ts';
import type { LockState } from '../model/lock-state.ts';
import { isPast, type Moment } from '../model/moment.ts';
import { displayResource, type LeaseMode } from '../model/resource.ts';
import { changeSinceGrant } from './base-copy.ts';
import { describeBlocker, describeLease, isLive } from './describe.ts';
import type { Desk } from './desk.ts';
import type { HeldLease, Obstacle, VerifyOutcome, WaitingTicket } from './lock-request.ts';
import { requireResource } from './request-terms.ts';
import { adoptLegacy, settledLeases } from './settle.ts';

/** Everything held and everybody waiting. */
export interface LockTable {
  readonly leases: readonly HeldLease[];
  /** Leases that ran out and that nobody has released, renewed or taken over; they give no right. */
  readonly expired: readonly HeldLease[];
  /** In order of service. */
  readonly waiting: readonly WaitingTicket[];
}

/** The table as it was at some instant during the call; lapsed tickets are left out. */
export function table(desk: Desk): LockTable {
  const { state, now } = desk.look();
  const all = [...state.leases].sort(byResource);
  const described = (isWanted: (lease: Lease) => boolean): HeldLease[] =>
    all.filter(isWanted).map((lease) => describeLease(lease, now));
  return {
    leases: described((lease) => isLive(lease, now)),
    expired: described((lease) => lease.reserved !== true && isPast(lease.ends, now)),
    waiting: waitingOf(state, now),
  };
}

function byResource(a: Lease, b: Lease): number {
  if (a.resource !== b.resource) return a.resource < b.resource ? -1 : 1;
  return a.token - b.token;
}

function waitingOf(state: LockState, now: Moment): WaitingTicket[] {
  const live = state.tickets.filter(({ ends }) => !isPast(ends, now));
  return live.map((ticket, index) => ({
    id: ticket.id,
    agent: ticket.agent,
    session: ticket.session,
    resources: ticket.items.map(({ name, mode }) => ({ name: displayResource(name), mode })),
    since: ticket.since.wallMs,
    expiresAt: ticket.ends.wallMs,
    behind: blockersOf(state, ticket, { now, before: live.slice(0, index) }).map((blocker) =>
      describeBlocker(blocker, now),
    ),
    ...(ticket.purpose === undefined ? {} : { purpose: ticket.purpose }),
  }));
}

/** Who other than the agent holds something that these resources touch. Empty means: nobody is in the way. */
export function conflictsOf(
  desk: Desk,
  question: { readonly agent: string; readonly resources: readonly string[]; readonly mode?: LeaseMode },
): readonly Obstacle[] {
  const { state, now } = desk.look();
  const mode = question.mode ?? 'exclusive';
  const items = question.resources.map((text) => ({ name: requireResource(desk, text), mode }));
  return leasesInTheWay(state, { agent: question.agent, items }, now).map((blocker) =>
    describeBlocker(blocker, now),
  );
}

/** Every live lease that has something in common with a resource, whoever holds it. */
export function leasesOn(desk: Desk, resource: string): readonly HeldLease[] {
  const name = requireResource(desk, resource);
  adoptLegacy(desk, COORDINATOR_ID, [name]);
  const leases = settledLeases(desk, COORDINATOR_ID, name);
  const now = desk.run(readClock());
  return leases.map((lease) => describeLease(lease, now));
}

/** Whether the agent holds the resource (itself, or through a folder or pattern) and, if given, by this very token. */
export function verify(
  desk: Desk,
  claim: { readonly agent: string; readonly resource: string; readonly token?: number },
): VerifyOutcome {
  const name = requireResource(desk, claim.resource);
  settledLeases(desk, claim.agent, name);
  const { state, now } = desk.look();
  const near = state.leases
    .overlapping(name)
    .filter(
      (lease) => lease.agent === claim.agent && lease.reserved !== true && covers(lease.resource, name),
    );
  // It may be held twice, by itself and through a folder: the token tells which is meant.
  const own = near.find(({ token }) => token === claim.token) ?? near[0];
  if (own !== undefined && isLive(own, now)) {
    if (claim.token === undefined || own.token === claim.token)
      return { kind: 'valid', lease: describeLease(own, now) };
    return {
      kind: 'invalid',
      why: 'other-token',
      message: `${shown(name)} was granted again: your token is ${own.token}, not ${claim.token}`,
      current: describeLease(own, now),
    };
  }
  return refusal(desk, claim, { name, state, now, own });
}

interface Found {
  readonly name: string;
  readonly state: LockState;
  readonly now: Moment;
  readonly own: Lease | undefined;
}

function refusal(desk: Desk, claim: { agent: string; token?: number }, found: Found): VerifyOutcome {
  const { name, state, now, own } = found;
  const rival = state.leases
    .overlapping(name)
    .find((lease) => lease.agent !== claim.agent && isLive(lease, now));
  const current = rival === undefined ? {} : { current: describeLease(rival, now) };
  const notice = state.notices.findLast((each) => isAbout(each, claim, name));
  const lost = own ?? notice;
  const loss = lost === undefined ? {} : { lost: lostGrant(lost), ...changeSinceGrant(desk, lost) };
  if (own !== undefined) {
    return {
      kind: 'invalid',
      why: 'expired',
      message: `your lease on ${shown(name)} has expired`,
      ...current,
      ...loss,
    };
  }
  if (notice !== undefined) {
    const words = `your lease on ${shown(name)} was ${LOSS_WORDS[notice.why]} by ${notice.by}`;
    return { kind: 'invalid', why: notice.why, message: words, ...current, ...loss };
  }
  if (rival !== undefined)
    return {
      kind: 'invalid',
      why: 'held-by-other',
      message: `${shown(name)} is held by ${rival.agent}`,
      ...current,
    };
  return { kind: 'invalid', why: 'not-held', message: `you do not hold ${shown(name)}` };
}

function lostGrant(lost: Lease | Notice): { token: number; purpose?: string; by?: string } {
  const { token } = lost;
  if ('by' in lost) return { token, by: lost.by };
  return lost.purpose === undefined ? { token } : { token, purpose: lost.purpose };
}

const LOSS_WORDS = {
  expired: 'taken over after it expired',
  dead: 'taken over because your process was gone',
  broken: 'broken',
  transferred: 'transferred',
} as const;

function isAbout(notice: Notice, claim: { agent: string; token?: number }, name: string): boolean {
  if (notice.agent !== claim.agent || notice.resource !== name) return false;
  return claim.token === undefined || notice.token === claim.token;
}

// A pattern's reach is only known by approximation, so it covers what it names exactly; a folder covers what is in it.
function covers(held: string, wanted: string): boolean {
  return held === wanted || (held.endsWith('/') && wanted.startsWith(held));
}

function shown(name: string): string {
  return displayResource(name);
}

/** Notices that the agent has not been told yet. */
export function pendingNotices(desk: Desk, agent: string): readonly Notice[] {
  const { state } = desk.look();
  return state.notices.filter((notice) => notice.agent === agent);
}
