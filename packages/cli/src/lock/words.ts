import { lossLine, type HeldLease, type LostLease, type Obstacle } from '#lock';
import { printableLine, renderDuration, renderInstant } from '#protocol';

/** A lease in JSON. */
export function leaseJson(lease: HeldLease): object {
  const { holder, handoffTo, purpose, legacy } = lease;
  return {
    path: lease.resource,
    token: lease.token,
    agent: lease.agent,
    mode: lease.mode,
    acquiredAt: renderInstant(lease.acquiredAt, 'milliseconds'),
    expiresAt: renderInstant(lease.expiresAt, 'milliseconds'),
    remainingMs: lease.remainingMs,
    alive: lease.alive,
    ...(purpose === undefined ? {} : { purpose }),
    ...(handoffTo === undefined ? {} : { handoffTo }),
    ...(lease.sessions.length === 0 ? {} : { sessions: lease.sessions }),
    ...(lease.reserved ? { reserved: true } : {}),
    ...(holder === undefined ? {} : { pid: holder.pid, host: holder.host }),
    ...(legacy === undefined ? {} : { legacy }),
  };
}

/** What is in the way, in JSON. */
export function obstacleJson(obstacle: Obstacle): object {
  return {
    path: obstacle.wanted,
    heldPath: obstacle.resource,
    kind: obstacle.kind,
    agent: obstacle.agent,
    mode: obstacle.mode,
    purpose: obstacle.purpose ?? null,
    since: renderInstant(obstacle.since, 'milliseconds'),
    expiresAt: renderInstant(obstacle.expiresAt, 'milliseconds'),
    alive: obstacle.alive,
  };
}

/** A lost lease in JSON. */
export function lossJson(loss: LostLease): object {
  const { resource, ...rest } = loss;
  return { path: resource, ...rest, at: renderInstant(loss.at, 'milliseconds') };
}

/** `src/a.ts until 2026-11-20T11:30:00Z (30m left), token 41`. */
export function leaseLine(lease: HeldLease): string {
  const mode = lease.mode === 'shared' ? ' (shared)' : '';
  return `${lease.resource}${mode} until ${renderInstant(lease.expiresAt)} (${renderDuration(lease.remainingMs)} left), token ${lease.token}`;
}

const ALIVE = {
  alive: 'its process runs',
  dead: 'its process is gone',
  unknown: 'whether it still runs is not known',
} as const;

/** Who, why, since when, until when. */
export function obstacleLine(obstacle: Obstacle): string {
  const { wanted, resource, agent, purpose } = obstacle;
  const through = wanted === resource ? '' : ` through ${resource}`;
  const why = purpose === undefined ? '' : ` (${printableLine(purpose, 80)})`;
  const until = `until ${renderInstant(obstacle.expiresAt)} (${renderDuration(obstacle.remainingMs)} left)`;
  const since = `since ${renderInstant(obstacle.since)}`;
  switch (obstacle.kind) {
    case 'lease':
      return `${wanted} is held by ${agent}${why}${through} ${since}, ${until}; ${ALIVE[obstacle.alive]}`;
    case 'reserved':
      return `${wanted} is kept for ${agent}${through} after a handoff, ${until}`;
    case 'ticket':
      return `${wanted} is free, but ${agent}${why} asked first ${since} and waits for ${resource}`;
  }
}

/** A notice on stderr about what the agent lost meanwhile; nothing when it lost nothing. */
export function noticeOf(losses: readonly LostLease[]): { notice?: string } {
  return losses.length === 0 ? {} : { notice: losses.map((loss) => `warning: ${lossLine(loss)}`).join('\n') };
}

/** Past half of the maximum hold: how much is left, for the holder. */
export function holdWarning(leases: readonly HeldLease[]): readonly string[] {
  return leases
    .filter(({ heldMs, maxHoldMs }) => heldMs > maxHoldMs / 2)
    .map(
      ({ resource, heldMs, maxHoldMs }) =>
        `warning: ${resource} has been held for ${renderDuration(heldMs)}; no lease lasts longer than ${renderDuration(maxHoldMs)} (lock.maxHold)`,
    );
}
