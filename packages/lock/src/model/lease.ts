import type { ProcessIdentity } from '#store';
import type { LeaseMode } from './resource.ts';
import type { Moment } from './moment.ts';

/** One resource to take, and how. */
export interface LockItem {
  readonly name: string;
  readonly mode: LeaseMode;
}

/** How often one session of the holder has acquired a resource without releasing it. */
export interface SessionHold {
  /** Empty when the session is not named. */
  readonly session: string;
  readonly count: number;
}

/** One resource held by one agent. */
export interface Lease {
  readonly resource: string;
  readonly mode: LeaseMode;
  /** Fencing number: greater than that of every grant before it, over the whole life of the repository. */
  readonly token: number;
  readonly agent: string;
  readonly holds: readonly SessionHold[];
  readonly since: Moment;
  readonly ends: Moment;
  readonly ttlMs: number;
  /** The longest it may be held over all renewals. */
  readonly maxHoldMs: number;
  readonly purpose?: string;
  /** For whom it is reserved when released. */
  readonly handoffTo?: string;
  /** The agent's long-lived process, if known. */
  readonly holder?: ProcessIdentity;
  /** Ids of the record that asked for it and of the tickets served since by re-entering it, with a space between. */
  readonly request: string;
  /** Kept for `agent` after a release with `handoffTo`, but not yet taken: not held by anybody. */
  readonly reserved?: true;
  /** Name of the single-file lock of another tool that this stands for. */
  readonly legacy?: string;
  /** Whose leases ended without release when this one came out of the queue: for its waiter, who did not see it. */
  readonly tookOver?: readonly Takeover[];
}

/** Whether a lease was given, or re-entered, for a request. */
export function isForRequest(lease: Lease, id: string): boolean {
  return lease.request.split(' ').includes(id);
}

/** A lease that was lost to the holder of another. */
export type Takeover = Pick<Notice, 'agent' | 'resource' | 'token' | 'why' | 'by'>;

/** A place in the queue. Their order is the order of service. */
export interface Ticket {
  readonly id: string;
  readonly agent: string;
  readonly session: string;
  readonly items: readonly LockItem[];
  readonly since: Moment;
  /** When it lapses unless it is extended. */
  readonly ends: Moment;
  readonly ttlMs: number;
  readonly maxHoldMs: number;
  readonly purpose?: string;
  readonly handoffTo?: string;
  readonly holder?: ProcessIdentity;
  /** The process that waits. */
  readonly waiter?: ProcessIdentity;
  /** File that is touched when the ticket is served. */
  readonly wake?: string;
}

/** What a former holder is told at its next command. */
export interface Notice {
  readonly agent: string;
  readonly resource: string;
  readonly token: number;
  readonly why: LossReason;
  /** Who took or broke it. */
  readonly by: string;
  readonly at: Moment;
  readonly reason?: string;
}

/** How a lease ends without being released. */
export type LossReason = 'expired' | 'dead' | 'broken' | 'transferred';
