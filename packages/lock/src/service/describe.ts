import { printableLine, renderInstant } from '#protocol';
import { livenessOf, type Liveness, type ProcessIdentity } from '#store';
import type { Blocker } from '../model/blockers.ts';
import type { CycleLink } from '../model/deadlock.ts';
import type { Lease, Notice, Ticket } from '../model/lease.ts';
import { elapsedMs, isPast, remainingMs, type Moment } from '../model/moment.ts';
import { displayResource } from '../model/resource.ts';
import type { FileChange, HeldLease, LostLease, Obstacle } from './lock-request.ts';

/** A lease as others see it at a moment. */
export function describeLease(lease: Lease, now: Moment): HeldLease {
  const { purpose, handoffTo, holder, legacy } = lease;
  return {
    resource: displayResource(lease.resource),
    mode: lease.mode,
    token: lease.token,
    agent: lease.agent,
    sessions: lease.holds.map(({ session }) => session).filter((session) => session !== ''),
    acquiredAt: lease.since.wallMs,
    expiresAt: lease.ends.wallMs,
    remainingMs: remainingMs(lease.ends, now),
    maxHoldMs: lease.maxHoldMs,
    heldMs: elapsedMs(lease.since, now),
    alive: livenessOfHolder(holder),
    reserved: lease.reserved === true,
    ...(purpose === undefined ? {} : { purpose }),
    ...(handoffTo === undefined ? {} : { handoffTo }),
    ...(holder === undefined ? {} : { holder }),
    ...(legacy === undefined ? {} : { legacy }),
  };
}

/** A blocker as it is told to who is blocked. */
export function describeBlocker(blocker: Blocker, now: Moment): Obstacle {
  const wanted = displayResource(blocker.wanted);
  if (blocker.kind === 'lease') {
    const { lease } = blocker;
    return {
      wanted,
      kind: lease.reserved === true ? 'reserved' : 'lease',
      resource: displayResource(lease.resource),
      agent: lease.agent,
      mode: lease.mode,
      since: lease.since.wallMs,
      expiresAt: lease.ends.wallMs,
      remainingMs: remainingMs(lease.ends, now),
      alive: livenessOfHolder(lease.holder),
      ...(lease.purpose === undefined ? {} : { purpose: lease.purpose }),
    };
  }
  return { wanted, ...describeQueuePlace(blocker.ticket, now) };
}

function describeQueuePlace(ticket: Ticket, now: Moment): Omit<Obstacle, 'wanted'> {
  return {
    kind: 'ticket',
    resource: ticket.items.map(({ name }) => displayResource(name)).join(', '),
    agent: ticket.agent,
    mode: ticket.items.every(({ mode }) => mode === 'shared') ? 'shared' : 'exclusive',
    since: ticket.since.wallMs,
    expiresAt: ticket.ends.wallMs,
    remainingMs: remainingMs(ticket.ends, now),
    alive: livenessOfHolder(ticket.waiter),
    ...(ticket.purpose === undefined ? {} : { purpose: ticket.purpose }),
  };
}

/** A notice as its addressee is told. */
export function describeNotice(notice: Notice): LostLease {
  const { agent, resource, token, why, by, at, reason } = notice;
  const told = { resource: displayResource(resource), token, agent, why, by, at: at.wallMs };
  return reason === undefined ? told : { ...told, reason };
}

const LOSS = {
  expired: 'expired and was taken over',
  dead: 'was taken over, because the process that stood for you is gone',
  broken: 'was broken',
  transferred: 'was transferred',
} as const;

/** What a former holder is told. */
export function lossLine(loss: LostLease): string {
  const reason = loss.reason === undefined ? '' : `: ${printableLine(loss.reason, 120)}`;
  return `your lease on ${loss.resource} (token ${loss.token}) ${LOSS[loss.why]} by ${loss.by} at ${renderInstant(loss.at)}${reason}`;
}

/** Whose leases a lease from the queue took over. */
export function describeTakeovers({ tookOver = [], since }: Lease): LostLease[] {
  return tookOver.map((loss) => ({
    ...loss,
    resource: displayResource(loss.resource),
    at: since.wallMs,
  }));
}

/** `A holds x and waits for y, B holds y and waits for x`. */
export function describeCycle(cycle: readonly CycleLink[]): string {
  return cycle
    .map(
      ({ agent, holds, waitsFor }) =>
        `${agent} holds ${displayResource(holds)} and waits for ${displayResource(waitsFor)}`,
    )
    .join(', ');
}

/** `changed since that lease was granted: it was sha256:…, it is sha256:… now`. */
export function changeWords({ base, present }: FileChange): string {
  const then = base === null ? 'there was no such file' : `it was ${base}`;
  const now = present === null ? 'it is gone now' : `it is ${present} now`;
  return `changed since that lease was granted: ${then}, ${now}`;
}

/** True while a lease is in force. */
export function isLive(lease: Lease, now: Moment): boolean {
  return !isPast(lease.ends, now);
}

function livenessOfHolder(holder: ProcessIdentity | undefined): Liveness {
  return holder === undefined ? 'unknown' : livenessOf(holder);
}
