import { decideBreak, decideRelease, decideRenew, decideSeal, decideTransfer } from './decide-change.ts';
import {
  decideAcquire,
  decideAdopt,
  decideExtend,
  decideReap,
  decideWait,
  dropTicket,
  removeTicket,
} from './decide-take.ts';
import { loseLease, openDraft, type Draft, type Effects, type Verdict } from './draft.ts';
import { serveQueue } from './grant.ts';
import type { LockState } from './lock-state.ts';
import type { LockRecord } from './record.ts';

/** What a record made of a state. */
export interface Applied {
  readonly state: LockState;
  readonly verdict: Verdict;
  readonly effects: Effects;
}

/**
 * The only place where anything about leases is decided. Pure, total and deterministic: every process that folds the
 * same log arrives at the same state, whatever its own clock says. Never throws; what makes no sense changes nothing.
 */
export function apply(state: LockState, record: LockRecord): Applied {
  const draft = openDraft({ ...state, position: state.position + 1 }, record);
  dropDead(draft);
  forgetNotices(draft);
  const verdict = decide(draft, record);
  serveQueue(draft);
  const { held, freed, losses, served } = draft;
  return { state: draft.state, verdict, effects: { held, freed, losses, served } };
}

/** The state after a slot that holds nothing usable: the slot is spent, and nothing else happened. */
export function skip(state: LockState): LockState {
  return { ...state, position: state.position + 1 };
}

function decide(draft: Draft, record: LockRecord): Verdict {
  switch (record.op) {
    case 'acquire':
      return decideAcquire(draft, record);
    case 'wait':
      return decideWait(draft, record);
    case 'release':
      return decideRelease(draft, record);
    case 'renew':
      return decideRenew(draft, record);
    case 'break':
      return decideBreak(draft, record);
    case 'transfer':
      return decideTransfer(draft, record);
    case 'leave':
      return dropTicket(draft, record.ticket, record.agent);
    case 'extend':
      return decideExtend(draft, record);
    case 'reap':
      return decideReap(draft, record);
    case 'adopt':
      return decideAdopt(draft, record);
    case 'seal':
      return decideSeal(draft);
  }
}

// Evidence counts only from the host and boot on which the process ran.
function dropDead(draft: Draft): void {
  const { record, now } = draft;
  for (const reference of record.dead ?? []) {
    if (typeof reference === 'string') {
      const waiter = draft.state.tickets.find(({ id }) => id === reference)?.waiter;
      if (waiter?.host === now.host && waiter.boot === now.boot) removeTicket(draft, reference);
      continue;
    }
    const left = [...draft.state.leases].filter(
      ({ token, holder }) => token === reference && holder?.host === now.host && holder.boot === now.boot,
    );
    for (const lease of left) loseLease(draft, lease, 'dead');
  }
}

function forgetNotices(draft: Draft): void {
  const { notices } = draft.state;
  const { agent } = draft.record;
  if (notices.some((notice) => notice.agent === agent))
    draft.state = { ...draft.state, notices: notices.filter((notice) => notice.agent !== agent) };
}
