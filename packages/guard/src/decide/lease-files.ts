import type { FileChange, HeldLease, Locks, LostLease, Obstacle } from '#lock';
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

/** A path whose lease the agent lost, and what is known of that. */
export interface LostFile {
  readonly path: RepoPath;
  readonly loss: {
    readonly message: string;
    readonly token: number;
    readonly changed: FileChange | undefined;
  };
}

/** What came of leasing files. */
export interface Leasing {
  /** Who is in the way. */
  readonly obstacles: readonly Obstacle[];
  /** Where there is one, nothing was taken. */
  readonly losses: readonly LostFile[];
  /** What the agent lost that it was not told of yet. */
  readonly notices: readonly LostLease[];
}

/**
 * Takes a lease on each path that the agent does not hold yet, all or none, and renews those it holds once half their time
 * is gone. What it lost is not taken again behind its back, even if nobody holds it now: what it knows of the file may be old.
 */
export function leaseFiles(locks: Locks, lessee: Lessee, paths: readonly RepoPath[]): Leasing {
  const missing: RepoPath[] = [];
  const fading: string[] = [];
  for (const path of paths) {
    const own = locks.leasesOn(resourceOf(path)).find((lease) => isOwn(lease, lessee.agent, path));
    if (own === undefined) missing.push(path);
    else if (own.remainingMs < lessee.ttlMs / 2) fading.push(own.resource);
  }
  const { agent, ttlMs, session, holder } = lessee;
  const renewed = fading.length === 0 ? [] : locks.renew({ agent, resources: fading, ttlMs }).notices;
  const losses = missing.flatMap((path) => lossOf(locks, agent, path));
  if (losses.length > 0) return { obstacles: obstaclesOf(locks, agent, missing), losses, notices: renewed };
  if (missing.length === 0) return { obstacles: [], losses, notices: renewed };
  const outcome = locks.acquire({
    agent,
    resources: missing.map((path) => ({ name: resourceOf(path) })),
    ttlMs,
    purpose: EDIT_PURPOSE,
    ...(session === undefined ? {} : { session }),
    ...(holder === undefined ? {} : { holder }),
  });
  const obstacles = outcome.kind === 'held' ? outcome.holders : [];
  return {
    obstacles,
    losses,
    notices: outcome.kind === 'acquired' ? [...renewed, ...outcome.notices] : renewed,
  };
}

// What the guard took by itself and only ran out, nobody asked for and nobody missed: it is taken again.
function lossOf(locks: Locks, agent: string, path: RepoPath): readonly LostFile[] {
  const found = locks.verify({ agent, resource: resourceOf(path) });
  if (found.kind === 'valid' || found.lost === undefined || found.why === 'transferred') return [];
  const { token, purpose } = found.lost;
  if (purpose === EDIT_PURPOSE) return [];
  return [{ path, loss: { message: found.message, token, changed: found.changed } }];
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
