import type { Blocker } from './blockers.ts';
import type { CycleLink } from './deadlock.ts';
import type { Lease, LossReason, Ticket } from './lease.ts';
import type { LeaseEdit } from './lease-table.ts';
import type { LockState } from './lock-state.ts';
import type { Moment } from './moment.ts';
import type { LockRecord } from './record.ts';

/** A lease that ended without its holder's release. */
export interface Loss {
  readonly lease: Lease;
  readonly why: LossReason;
}

/** What a record did beyond answering its writer: who else must be told, shown or woken. */
export interface Effects {
  /** Leases that are new or changed, of the writer or of somebody served from the queue. */
  readonly held: readonly Lease[];
  /** Leases that are no more, with the reason when they were not released. */
  readonly freed: readonly Lease[];
  readonly losses: readonly Loss[];
  /** Tickets that were served. */
  readonly served: readonly Ticket[];
}

/** The answer to the writer of a record. */
export type Verdict =
  | { readonly kind: 'granted'; readonly leases: readonly Lease[] }
  | { readonly kind: 'held'; readonly blockers: readonly Blocker[] }
  | { readonly kind: 'queued'; readonly ticket: Ticket; readonly blockers: readonly Blocker[] }
  | { readonly kind: 'deadlock'; readonly cycle: readonly CycleLink[] }
  | {
      readonly kind: 'released';
      readonly released: readonly Lease[];
      /** Still held because it was acquired more often than released. */
      readonly kept: readonly Lease[];
      readonly missing: readonly string[];
    }
  | {
      readonly kind: 'renewed';
      readonly leases: readonly Lease[];
      readonly missing: readonly string[];
    }
  | { readonly kind: 'changed' }
  /** The record changed nothing. */
  | { readonly kind: 'nothing' };

/** A state being changed by one record. Lives only inside one fold step. */
export interface Draft {
  readonly record: LockRecord;
  readonly now: Moment;
  state: LockState;
  /** The table in `state`, once it is this draft's own. */
  edit?: LeaseEdit;
  held: Lease[];
  freed: Lease[];
  losses: Loss[];
  served: Ticket[];
}

/** Starts a fold step. */
export function openDraft(state: LockState, record: LockRecord): Draft {
  return { record, now: record.at, state, held: [], freed: [], losses: [], served: [] };
}

/** Puts a lease in place of the same agent's lease of the same resource. */
export function putLease(draft: Draft, lease: Lease): void {
  const others = draft.state.leases.of(lease.resource).filter(({ agent }) => agent !== lease.agent);
  putRows(draft, lease.resource, [...others, lease]);
  draft.held.push(lease);
}

/** Removes a lease that is let go. */
export function freeLease(draft: Draft, lease: Lease): void {
  const others = draft.state.leases.of(lease.resource).filter(({ agent }) => agent !== lease.agent);
  putRows(draft, lease.resource, others);
  draft.freed.push(lease);
}

// The state that came in belongs to the caller: its table is copied at the first change, and only then.
function putRows(draft: Draft, resource: string, rows: readonly Lease[]): void {
  if (draft.edit === undefined) {
    draft.edit = draft.state.leases.edit();
    draft.state = { ...draft.state, leases: draft.edit.table };
  }
  draft.edit.put(resource, rows);
}

/**
 * Removes a lease that its holder did not let go, and leaves a notice for it. A mere reservation lapses in silence, unless
 * somebody breaks it.
 */
export function loseLease(draft: Draft, lease: Lease, why: LossReason): void {
  freeLease(draft, lease);
  if (lease.reserved === true && why !== 'broken') return;
  draft.losses.push({ lease, why });
  const { record, now } = draft;
  const notice = {
    agent: lease.agent,
    resource: lease.resource,
    token: lease.token,
    why,
    by: record.agent,
    at: now,
    ...(record.op === 'break' ? { reason: record.reason } : {}),
  };
  const kept = draft.state.notices.slice(-(MAX_NOTICES - 1));
  draft.state = { ...draft.state, notices: [...kept, notice] };
}

// Notices of agents that never come back must not grow the base without bound.
const MAX_NOTICES = 256;
