import type { Prepared } from '../log/append-log.ts';
import { apply, type Applied } from '../model/apply.ts';
import type { LockState } from '../model/lock-state.ts';
import type { LockRecord } from '../model/record.ts';
import { judge, type Protocol } from '../log/protocol.ts';

// Each round adds at least one dead process to the evidence.
const MAX_ROUNDS = 100;

/**
 * Completes a record with evidence: holders in the way, and waiters about to be served, whose process is provably
 * gone. Only processes of this host can be judged; the fold checks that.
 */
export function* withEvidence(state: LockState, draft: LockRecord): Protocol<Prepared> {
  const dead = new Set<number | string>();
  const judged = new Set<number | string>();
  let record = draft;
  for (let round = 0; ; round += 1) {
    const applied = apply(state, record);
    const suspects = suspectsOf(applied).filter(({ reference }) => !judged.has(reference));
    if (suspects.length === 0 || round === MAX_ROUNDS) return { record, applied };
    const before = dead.size;
    for (const { reference, process } of suspects) {
      judged.add(reference);
      if (process.host !== draft.at.host || process.boot !== draft.at.boot) continue;
      if ((yield* judge(process)) === 'dead') dead.add(reference);
    }
    if (dead.size === before) return { record, applied };
    record = { ...draft, dead: [...dead] };
  }
}

interface Suspect {
  readonly reference: number | string;
  readonly process: NonNullable<LockState['tickets'][number]['waiter']>;
}

function suspectsOf({ verdict, effects }: Applied): Suspect[] {
  const suspects: Suspect[] = [];
  for (const { id, waiter } of effects.served)
    if (waiter !== undefined) suspects.push({ reference: id, process: waiter });
  if (verdict.kind !== 'held' && verdict.kind !== 'queued') return suspects;
  // While a lease is in the way the queue before it is of no matter: thirty waiters would each judge the other thirty.
  const leases = verdict.blockers.filter(({ kind }) => kind === 'lease');
  for (const blocker of leases.length > 0 ? leases : verdict.blockers) {
    const { reference, process } =
      blocker.kind === 'lease'
        ? { reference: blocker.lease.token, process: blocker.lease.holder }
        : { reference: blocker.ticket.id, process: blocker.ticket.waiter };
    if (process !== undefined) suspects.push({ reference, process });
  }
  return suspects;
}
