import type { ProcessIdentity } from '#store';
import type { LeaseChoice } from '../model/record.ts';
import { describeBlocker, describeLease, describeNotice, isLive } from './describe.ts';
import type { Desk } from './desk.ts';
import type {
  HeldLease,
  LeaseSelection,
  LostLease,
  Obstacle,
  ReleaseOutcome,
  RenewOutcome,
} from './lock-request.ts';
import { requireResource, stamp } from './request-terms.ts';

/**
 * Gives up leases: one level of what was acquired, or everything with `all` (of the session, if one is named).
 * What the agent does not hold is reported as missing and stays as it is, whoever holds it now.
 */
export function release(
  desk: Desk,
  selection: LeaseSelection & { readonly wholly?: boolean },
): ReleaseOutcome {
  const choice = choiceOf(desk, selection);
  const commit = desk.submit(
    ({ id, now }) => ({
      ...stamp(selection, id, now),
      ...choice,
      op: 'release',
      ...(selection.wholly === true ? { wholly: true } : {}),
    }),
    ({ verdict }) =>
      verdict.kind === 'released' && verdict.released.length === 0 && verdict.kept.length === 0,
  );
  const { verdict } = commit.applied;
  const notices = commit.notices.map(describeNotice);
  if (verdict.kind !== 'released') return { released: [], kept: [], missing: [], notices };
  return {
    released: verdict.released.map((lease) => describeLease(lease, commit.now)),
    kept: verdict.kept.map((lease) => describeLease(lease, commit.now)),
    missing: verdict.missing,
    notices,
  };
}

/** Extends leases from now by their TTL (or another), up to the maximum hold. An expired lease cannot be renewed. */
export function renew(
  desk: Desk,
  selection: LeaseSelection & { readonly ttlMs?: number; readonly holder?: ProcessIdentity },
): RenewOutcome {
  const choice = choiceOf(desk, selection);
  const { ttlMs, holder } = selection;
  const commit = desk.submit(
    ({ id, now }) => ({
      ...stamp(selection, id, now),
      ...choice,
      op: 'renew',
      ...(ttlMs === undefined ? {} : { ttlMs }),
      ...(holder === undefined ? {} : { holder }),
    }),
    ({ verdict }) => verdict.kind === 'renewed' && verdict.leases.length === 0,
  );
  const { verdict } = commit.applied;
  const notices = commit.notices.map(describeNotice);
  if (verdict.kind !== 'renewed') return { renewed: [], missing: [], notices };
  return {
    renewed: verdict.leases.map((lease) => describeLease(lease, commit.now)),
    missing: verdict.missing,
    notices,
  };
}

/** Ends a lease by force, for the journal with a reason; its holder is told at its next command. */
export function breakLease(
  desk: Desk,
  order: {
    readonly resource: string;
    readonly by: string;
    readonly reason: string;
    readonly session?: string;
    /** Breaks only this grant: nothing happens when the resource was granted again. */
    readonly token?: number;
  },
): { readonly broken: readonly LostLease[] } {
  const name = requireResource(desk, order.resource);
  const commit = desk.submit(
    ({ id, now }) => ({
      ...stamp({ agent: order.by, session: order.session }, id, now),
      op: 'break',
      names: [name],
      reason: order.reason,
    }),
    ({ effects: { losses, freed } }) =>
      (losses.length === 0 && freed.length === 0) ||
      (order.token !== undefined && losses.some(({ lease }) => lease.token !== order.token)),
  );
  return {
    broken: commit.applied.effects.losses.map(({ lease, why }) =>
      describeNotice({ ...lease, why, by: order.by, at: commit.now, reason: order.reason }),
    ),
  };
}

/** What came of a transfer. */
export type TransferOutcome =
  | { readonly kind: 'transferred'; readonly leases: readonly HeldLease[] }
  | { readonly kind: 'not-held'; readonly missing: readonly string[] }
  /** Nothing was moved: what the giver would keep covers what it would give. */
  | { readonly kind: 'covered'; readonly by: readonly Obstacle[] };

/** Moves leases to another agent in one step: nobody can come between. The receiver's have a new token. */
export function transfer(
  desk: Desk,
  order: {
    readonly from: string;
    readonly to: string;
    readonly resources: readonly string[];
    readonly holder?: ProcessIdentity;
  },
): TransferOutcome {
  const names = order.resources.map((text) => requireResource(desk, text));
  const commit = desk.submit(
    ({ id, now }) => ({
      ...stamp({ agent: order.from }, id, now),
      op: 'transfer',
      from: order.from,
      to: order.to,
      names,
      ...(order.holder === undefined ? {} : { holder: order.holder }),
    }),
    ({ verdict }) => verdict.kind !== 'granted',
  );
  const { verdict } = commit.applied;
  if (verdict.kind === 'granted')
    return { kind: 'transferred', leases: verdict.leases.map((lease) => describeLease(lease, commit.now)) };
  if (verdict.kind === 'held')
    return { kind: 'covered', by: verdict.blockers.map((blocker) => describeBlocker(blocker, commit.now)) };
  const { state, now } = desk.look();
  const holds = (name: string): boolean =>
    state.leases.of(name).some((lease) => lease.agent === order.from && isLive(lease, now));
  return { kind: 'not-held', missing: names.filter((name) => !holds(name)) };
}

function choiceOf(desk: Desk, { resources, tokens, all }: LeaseSelection): LeaseChoice {
  return {
    ...(resources === undefined ? {} : { names: resources.map((text) => requireResource(desk, text)) }),
    ...(tokens === undefined ? {} : { tokens }),
    ...(all === true ? { all } : {}),
  };
}
