import type { HeldLease, Locks, Obstacle } from '#lock';
import type { RepoPath } from '#protocol';
import type { ProcessIdentity } from '#store';
import { resourceOf } from './judge-files.ts';

/** Purpose of the leases that the guard takes by itself, so that it can tell them from those somebody asked for. */
export const EDIT_PURPOSE = 'edit through the guard';

/** In whose name leases are taken. */
export interface Lessee {
  readonly agent: string;
  readonly session: string | undefined;
  readonly holder: ProcessIdentity | undefined;
  readonly ttlMs: number;
}

/**
 * Takes a lease on each path that the agent does not hold yet, all or none, and renews those it holds once half their time
 * is gone. Returns who is in the way, if anybody.
 */
export function leaseFiles(locks: Locks, lessee: Lessee, paths: readonly RepoPath[]): readonly Obstacle[] {
  const missing: string[] = [];
  const fading: string[] = [];
  for (const path of paths) {
    const resource = resourceOf(path);
    const own = locks.leasesOn(resource).find((lease) => isOwn(lease, lessee.agent, path));
    if (own === undefined) missing.push(resource);
    else if (own.remainingMs < lessee.ttlMs / 2) fading.push(own.resource);
  }
  if (fading.length > 0) locks.renew({ agent: lessee.agent, resources: fading, ttlMs: lessee.ttlMs });
  if (missing.length === 0) return [];
  const outcome = locks.acquire({
    agent: lessee.agent,
    resources: missing.map((name) => ({ name })),
    ttlMs: lessee.ttlMs,
    purpose: EDIT_PURPOSE,
    ...(lessee.session === undefined ? {} : { session: lessee.session }),
    ...(lessee.holder === undefined ? {} : { holder: lessee.holder }),
  });
  return outcome.kind === 'held' ? outcome.holders : [];
}

/** Who is in the way of the paths, taking nothing. */
export function obstaclesOf(locks: Locks, agent: string, paths: readonly RepoPath[]): readonly Obstacle[] {
  return locks.conflictsOf({ agent, resources: paths.map(resourceOf) });
}

// Its own file lease, or a folder or pattern that it holds exclusively around the file.
function isOwn(lease: HeldLease, agent: string, path: RepoPath): boolean {
  if (lease.agent !== agent || lease.reserved || lease.mode !== 'exclusive') return false;
  return lease.resource === path || lease.resource.endsWith('/');
}
