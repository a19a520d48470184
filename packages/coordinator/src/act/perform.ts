import { appendBlock, journalDraftOf, type UnplacedBlock } from '#comms';
import type { saveBackup } from '#git';
import { COORDINATOR_ID, isSquadError, type Clock } from '#protocol';
import { isSystemError, type Journal, type Store } from '#store';
import type { Action } from '../model/action.ts';
import type { Judgement } from '../model/judgement.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { LeaseSource } from '../observe/lease-source.ts';
import { raiseId } from '../reconcile/raise.ts';
import { reassign } from './reassign.ts';
import { resume, type BegunAction } from './resume.ts';

/** What the coordinator sees when it acts. */
export interface Seen {
  readonly snapshot: Snapshot;
  readonly judgement: Judgement;
}

/** What acting works with. */
export interface PerformerPorts {
  readonly store: Store;
  readonly squadDir: string;
  readonly mainRoot: string;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly leases: LeaseSource;
  /** Saves a worktree's uncommitted work; git's own unless a simulation stands in. */
  readonly backup?: typeof saveBackup;
  /** Tells a person beyond the comm file; failures are journalled, not thrown. */
  readonly notify?: (message: string) => Promise<void>;
}

/** Does actions and gives how many changed something. */
export interface Performer {
  (actions: readonly Action[], seen: Seen): Promise<number>;
  /** Settles what a coordinator before this one was killed in. */
  readonly resume: (begun: readonly BegunAction[], seen: Seen) => Promise<void>;
}

/**
 * A performer of actions. Each is journalled before and after and can be done again after a crash at any point:
 * what is done already is not done twice.
 */
export function createPerformer(ports: PerformerPorts): Performer {
  const perform = async (actions: readonly Action[], seen: Seen): Promise<number> => {
    let changed = 0;
    for (const action of actions) {
      const { key, reason, evidence, undo } = action;
      const message = action.kind === 'raise-to-person' ? { message: action.message } : {};
      const data = { key, reason, evidence, undo, ...message };
      ports.journal.record({ kind: `action.${action.kind}.begun`, agent: COORDINATOR_ID, data });
      const outcome = await attempt(ports, action, seen);
      ports.journal.record({
        kind: `action.${action.kind}.${outcome.kind}`,
        agent: COORDINATOR_ID,
        data: { key: action.key, ...(outcome.detail === undefined ? {} : { detail: outcome.detail }) },
      });
      if (outcome.kind === 'done') changed += 1;
    }
    return changed;
  };
  return Object.assign(perform, {
    resume: (begun: readonly BegunAction[], seen: Seen) =>
      resume(ports, begun, { planned: seen.judgement.actions, seen }),
  });
}

/** What came of one action. `moot`: nothing was left to do. */
export interface ActOutcome {
  readonly kind: 'done' | 'moot' | 'failed';
  readonly detail?: string;
}

// One action that fails must not keep the others, or the report, from happening.
async function attempt(ports: PerformerPorts, action: Action, seen: Seen): Promise<ActOutcome> {
  try {
    return await act(ports, action, seen);
  } catch (error) {
    if (!isSquadError(error) && !isSystemError(error)) throw error;
    return { kind: 'failed', detail: error.message };
  }
}

async function act(ports: PerformerPorts, action: Action, seen: Seen): Promise<ActOutcome> {
  switch (action.kind) {
    case 'release-lease':
    case 'break-cycle': {
      const { path, token, reason } = action;
      return { kind: ports.leases.end({ path, token, reason }) ? 'done' : 'moot' };
    }
    case 'expire-handoff': {
      write(ports, {
        kind: 'handoff-move',
        ...base(ports),
        id: action.handoffId,
        move: 'expired',
        reason: action.reason,
      });
      return { kind: 'done' };
    }
    case 'raise-to-person': {
      const text = [action.message, ...action.evidence.map((line) => `- ${line}`)].join('\n');
      write(ports, {
        kind: 'broadcast',
        ...base(ports),
        id: raiseId(action.subject),
        to: 'people',
        text,
        extra: { Status: 'REVIEW' },
      });
      await ports.notify?.(action.message);
      return { kind: 'done' };
    }
    case 'tell-agent': {
      const { messageId: id, agent: to, message: text } = action;
      write(ports, { kind: 'broadcast', ...base(ports), id, to, text });
      return { kind: 'done' };
    }
    case 'reassign-task':
      return reassign(ports, { ...action, by: action.isByPerson === true ? 'person' : 'need' }, seen);
    case 'rebalance-task':
      return reassign(ports, { ...action, by: 'balance' }, seen);
  }
}

/** What every block of the coordinator begins with. */
export function base({ clock }: PerformerPorts): {
  author: string;
  at: number;
  extra: Record<string, string>;
} {
  return { author: COORDINATOR_ID, at: Math.floor(clock.wallMs() / 1000) * 1000, extra: {} };
}

/** Appends a block to the coordinator's own file and journals it. */
export function write(ports: PerformerPorts, block: UnplacedBlock): void {
  appendBlock(ports.store, ports.squadDir, block);
  ports.journal.record(journalDraftOf(block));
}
