import type { Liveness, ProcessIdentity } from '#store';
import type { CycleLink } from '../model/deadlock.ts';
import type { LossReason } from '../model/lease.ts';
import type { LeaseMode } from '../model/resource.ts';

/** One thing to take: a name as {@link parseResource} reads it, exclusively unless said otherwise. */
export interface ResourceRequest {
  readonly name: string;
  readonly mode?: LeaseMode;
}

/** What an agent wants: every resource, or none of them. */
export interface AcquireRequest {
  readonly agent: string;
  readonly session?: string;
  readonly resources: readonly ResourceRequest[];
  readonly ttlMs?: number;
  readonly purpose?: string;
  /** The agent for whom it stays reserved when released. */
  readonly handoffTo?: string;
  /** The agent's long-lived process: when it is provably gone, its leases are free at once. */
  readonly holder?: ProcessIdentity;
}

/** A lease as others see it. Instants are wall-clock milliseconds of the host that granted it. */
export interface HeldLease {
  readonly resource: string;
  readonly mode: LeaseMode;
  readonly token: number;
  readonly agent: string;
  readonly sessions: readonly string[];
  readonly acquiredAt: number;
  readonly expiresAt: number;
  /** By the clock that decides; 0 when it has expired and nobody has taken it yet. */
  readonly remainingMs: number;
  /** How long it may be held over all renewals. */
  readonly maxHoldMs: number;
  readonly heldMs: number;
  readonly purpose?: string;
  readonly handoffTo?: string;
  readonly holder?: ProcessIdentity;
  /** Whether the holder's process runs, as far as can be shown on this host. */
  readonly alive: Liveness;
  /** Only kept for the agent after a handoff, not yet taken. */
  readonly reserved: boolean;
  /** File name of the lock of another tool that this stands for. */
  readonly legacy?: string;
}

/** One who waits for leases. */
export interface WaitingTicket {
  readonly id: string;
  readonly agent: string;
  readonly session: string;
  readonly resources: readonly ResourceRequest[];
  readonly since: number;
  readonly expiresAt: number;
  readonly purpose?: string;
  /** Whom it waits for. */
  readonly behind: readonly Obstacle[];
}

/** One reason why something cannot be had now. */
export interface Obstacle {
  /** The requested resource. */
  readonly wanted: string;
  /** `lease`: somebody holds `resource`; `ticket`: somebody asked first and waits; `reserved`: kept for a handoff. */
  readonly kind: 'lease' | 'ticket' | 'reserved';
  readonly resource: string;
  readonly agent: string;
  readonly mode: LeaseMode;
  readonly purpose?: string;
  readonly since: number;
  readonly expiresAt: number;
  readonly remainingMs: number;
  readonly alive: Liveness;
}

/** A lease that was lost without being released, as its former holder is told. */
export interface LostLease {
  readonly resource: string;
  readonly token: number;
  readonly agent: string;
  readonly why: LossReason;
  readonly by: string;
  readonly at: number;
  readonly reason?: string;
}

/** What came of an attempt to acquire. */
export type AcquireOutcome =
  | {
      readonly kind: 'acquired';
      readonly leases: readonly HeldLease[];
      /** Leases of others that had expired, or whose process was provably gone. */
      readonly tookOver: readonly LostLease[];
      readonly notices: readonly LostLease[];
    }
  | { readonly kind: 'held'; readonly holders: readonly Obstacle[]; readonly notices: readonly LostLease[] }
  /** Waiting would have closed a cycle. Nothing was queued. */
  | { readonly kind: 'deadlock'; readonly cycle: readonly CycleLink[]; readonly words: string }
  /** Not served within the time allowed; no longer in the queue. */
  | {
      readonly kind: 'timeout' | 'aborted';
      readonly holders: readonly Obstacle[];
      readonly waitedMs: number;
    };

/** Which leases are meant: by name, by token, or all of the agent's. */
export interface LeaseSelection {
  readonly agent: string;
  readonly session?: string;
  readonly resources?: readonly string[];
  readonly tokens?: readonly number[];
  readonly all?: boolean;
}

/** What came of a release. */
export interface ReleaseOutcome {
  readonly released: readonly HeldLease[];
  /** Still held, because acquired more often than released. */
  readonly kept: readonly HeldLease[];
  /** Not held by the agent (any more): nothing was changed for these. */
  readonly missing: readonly string[];
  readonly notices: readonly LostLease[];
}

/** What came of a renewal. */
export interface RenewOutcome {
  readonly renewed: readonly HeldLease[];
  /** Not held by the agent (any more): acquire them again. */
  readonly missing: readonly string[];
  readonly notices: readonly LostLease[];
}

/** Whether a holder may act on its lease. */
export type VerifyOutcome =
  | { readonly kind: 'valid'; readonly lease: HeldLease }
  | {
      readonly kind: 'invalid';
      readonly why: LossReason | 'not-held' | 'other-token' | 'held-by-other';
      readonly message: string;
      /** Whoever holds it now. */
      readonly current?: HeldLease;
      /** The grant of the agent that ended. */
      readonly lost?: {
        readonly token: number;
        readonly purpose?: string;
        /** Who took it over or broke it, if anybody. */
        readonly by?: string;
      };
      /** How the file differs from what it was when the lost lease was granted, where that is known. */
      readonly changed?: FileChange;
    };

/** Hashes (`sha256:…`) of a file when its lease was granted and now; `null` for no file. */
export interface FileChange {
  readonly base: string | null;
  readonly present: string | null;
}
