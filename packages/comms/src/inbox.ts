import { COORDINATOR_ID, type CommBlock } from '#protocol';
import { isAddressedTo, isSameAgent } from './addressee.ts';
import { foldHandoffs } from './handoff-life.ts';

/** Something addressed to an agent that it has not answered. */
export interface InboxItem {
  readonly kind:
    | 'handoff-request'
    | 'handoff-accepted'
    | 'question'
    | 'broadcast'
    | 'reassignment'
    | 'control';
  readonly id: string;
  readonly from: string;
  readonly at: number | undefined;
  /** One line to show. */
  readonly summary: string;
  readonly files: readonly string[];
  /** Milliseconds since the epoch by which an answer is wanted. */
  readonly respondBy?: number;
  /** The exact command that answers it. */
  readonly answer: string;
}

/**
 * What waits for the agent: handoffs to accept or (once accepted) to complete, questions without an answer of its own,
 * and broadcasts, reassignments and controls that it has not acknowledged; oldest first.
 */
export function foldInbox(blocks: readonly CommBlock[], agent: string): readonly InboxItem[] {
  const replies = repliesOf(blocks, agent);
  const items = [...handoffItems(blocks, agent), ...blocks.flatMap((block) => messageItem(block, agent))];
  return items
    .filter((item) => !replies.has(item.id) || item.kind.startsWith('handoff'))
    .toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0));
}

// A reply without an id answers the oldest open question of the agent it is addressed to.
function repliesOf(blocks: readonly CommBlock[], agent: string): ReadonlySet<string> {
  const replies = new Set<string>();
  for (const block of blocks) {
    if (!isSameAgent(block.author, agent) || (block.kind !== 'answer' && block.kind !== 'ack')) continue;
    if (block.id !== '') replies.add(block.id);
    else {
      const meant = blocks.find(
        (other) =>
          other.kind === 'question' &&
          !replies.has(other.id) &&
          isSameAgent(other.author, block.to ?? '') &&
          isAddressedTo(other.to, agent),
      );
      if (meant?.kind === 'question') replies.add(meant.id);
    }
  }
  return replies;
}

function handoffItems(blocks: readonly CommBlock[], agent: string): readonly InboxItem[] {
  return foldHandoffs(blocks).handoffs.flatMap((handoff): InboxItem[] => {
    if (!isSameAgent(handoff.to, agent)) return [];
    const base = { id: handoff.id, from: handoff.from, files: handoff.files };
    const about = `${handoff.files.join(', ')}${handoff.notes === undefined ? '' : `: ${handoff.notes}`}`;
    if (handoff.state === 'requested') {
      const answer = `squad-comms accept ${handoff.id}`;
      return [
        { ...base, kind: 'handoff-request', at: handoff.requestedAt, summary: `hands you ${about}`, answer },
      ];
    }
    if (handoff.state !== 'accepted') return [];
    const answer = `squad-comms complete ${handoff.id}`;
    return [
      { ...base, kind: 'handoff-accepted', at: handoff.movedAt, summary: `you accepted ${about}`, answer },
    ];
  });
}

function messageItem(block: CommBlock, agent: string): readonly InboxItem[] {
  if (isSameAgent(block.author, agent)) return [];
  const base = { from: block.author, at: block.at, files: [] };
  switch (block.kind) {
    case 'question':
    case 'broadcast': {
      if (!isAddressedTo(block.to, agent)) return [];
      const answer =
        block.kind === 'question' ? `squad-comms answer ${block.id} "…"` : `squad-comms ack ${block.id}`;
      const due = block.respondBy === undefined ? {} : { respondBy: block.respondBy };
      return [{ ...base, kind: block.kind, id: block.id, summary: block.text, ...due, answer }];
    }
    case 'reassignment': {
      // Only the coordinator moves tasks and commands.
      if (block.author !== COORDINATOR_ID) return [];
      if (!isSameAgent(block.to, agent) && !isSameAgent(block.from, agent)) return [];
      const summary = `${block.taskId} moves from ${block.from} to ${block.to}: ${block.reason}`;
      return [
        { ...base, kind: 'reassignment', id: block.id, summary, answer: `squad-comms ack ${block.id}` },
      ];
    }
    case 'control': {
      if (block.author !== COORDINATOR_ID || !isAddressedTo(block.to, agent)) return [];
      const summary = block.reason === undefined ? block.command : `${block.command}: ${block.reason}`;
      const due = block.deadline === undefined ? {} : { respondBy: block.deadline };
      return [
        { ...base, kind: 'control', id: block.id, summary, ...due, answer: `squad-comms ack ${block.id}` },
      ];
    }
    default:
      return [];
  }
}
