import type { Blocker } from '../model/blockers.ts';
import type { Lease } from '../model/lease.ts';
import type { AcquireRecord } from '../model/record.ts';
import type { Commit, Desk } from './desk.ts';
import { describeBlocker, describeCycle, describeLease, describeNotice } from './describe.ts';
import type { AcquireOutcome, AcquireRequest } from './lock-request.ts';
import { stamp, termsOf } from './request-terms.ts';
import { unsafeFilesystem } from './require-filesystem.ts';
import { adoptLegacy, breakDeleted } from './settle.ts';

/** One try: takes every resource, or tells who is in the way. Writes nothing when it cannot take. */
export function acquire(desk: Desk, request: AcquireRequest): AcquireOutcome {
  refuseUnsafe(desk);
  const terms = termsOf(desk, request);
  adoptLegacy(
    desk,
    request.agent,
    terms.items.map(({ name }) => name),
  );
  const attempt = (): Commit =>
    desk.submit(
      ({ id, now }): AcquireRecord => ({ ...stamp(request, id, now), ...terms, op: 'acquire' }),
      ({ verdict }) => verdict.kind !== 'granted',
    );
  const commit = attempt();
  const { verdict } = commit.applied;
  const isFreed = verdict.kind === 'held' && breakDeleted(desk, request.agent, leasesOf(verdict.blockers));
  return outcomeOf(isFreed ? attempt() : commit);
}

/** Takes nothing where it is recorded that leases would not be kept, unless somebody insisted. */
export function refuseUnsafe(desk: Desk): void {
  const found = desk.filesystem();
  if (found?.verdict.kind === 'unsafe' && found.insistedBy === undefined)
    throw unsafeFilesystem(found.verdict);
}

/** The leases among what is in the way. */
export function leasesOf(blockers: readonly Blocker[]): Lease[] {
  return blockers.flatMap((blocker) => (blocker.kind === 'lease' ? [blocker.lease] : []));
}

/** What a committed (or refused) request is told. */
export function outcomeOf({ applied, now, notices, record }: Commit): AcquireOutcome {
  const { verdict, effects } = applied;
  const told = notices.map(describeNotice);
  switch (verdict.kind) {
    case 'granted':
      return {
        kind: 'acquired',
        leases: verdict.leases.map((lease) => describeLease(lease, now)),
        tookOver: effects.losses.map(({ lease, why }) =>
          describeNotice({ ...lease, why, by: record.agent, at: now }),
        ),
        notices: told,
      };
    case 'held':
    case 'queued':
      return {
        kind: 'held',
        holders: verdict.blockers.map((blocker) => describeBlocker(blocker, now)),
        notices: told,
      };
    case 'deadlock':
      return { kind: 'deadlock', cycle: verdict.cycle, words: describeCycle(verdict.cycle) };
    case 'released':
    case 'renewed':
    case 'changed':
    case 'nothing':
      throw new Error(`an acquire was answered with ${verdict.kind}`);
  }
}
