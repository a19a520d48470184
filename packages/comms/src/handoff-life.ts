import { COORDINATOR_ID, type CommBlock, type HandoffMoveBlock, type HandoffRequestBlock } from '#protocol';
import { isSameAgent } from './addressee.ts';

type Move = HandoffMoveBlock['move'];

/** Where a handoff stands. */
export type HandoffState = 'requested' | Move;

/** One handoff, from its request to its end. */
export interface Handoff {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly files: readonly string[];
  readonly notes?: string;
  readonly state: HandoffState;
  readonly requestedAt: number | undefined;
  /** When it reached its state. */
  readonly movedAt: number | undefined;
  /** Why it was declined, withdrawn or expired. */
  readonly reason?: string;
}

/** A move that the life cycle does not know, or that its author may not make. */
export interface RefusedMove {
  readonly block: HandoffMoveBlock;
  readonly why: string;
}

/** All handoffs, oldest first, and the moves that did not count. */
export interface HandoffLife {
  readonly handoffs: readonly Handoff[];
  readonly refused: readonly RefusedMove[];
}

const NEXT: Readonly<Record<HandoffState, readonly Move[]>> = {
  requested: ['accepted', 'declined', 'withdrawn', 'expired'],
  accepted: ['completed', 'withdrawn'],
  declined: [],
  withdrawn: [],
  expired: ['accepted'],
  completed: [],
};

/**
 * Folds requests and moves: requested → accepted | declined | withdrawn | expired → completed. The receiver accepts and
 * declines, the giver withdraws, both may complete, the coordinator may expire; anything else is refused with the
 * reason. Moves count in order of their time, so the outcome does not depend on the order of the files. An expired
 * request can still be accepted: nobody is left without a way on.
 */
export function foldHandoffs(blocks: readonly CommBlock[]): HandoffLife {
  const requests = uniqueRequests(blocks);
  const handoffs = new Map<string, Handoff>(requests.map((request) => [request.id, begin(request)]));
  const refused: RefusedMove[] = [];
  const moves = blocks.filter((block) => block.kind === 'handoff-move').toSorted(byTimeThenStep);
  for (const block of moves) {
    const handoff = findTarget(handoffs, block);
    const why = handoff === undefined ? 'there is no such request' : objection(handoff, block);
    if (handoff === undefined || why !== undefined) {
      if (handoff?.state !== block.move) refused.push({ block, why: why ?? '' });
      continue;
    }
    handoffs.set(handoff.id, {
      ...handoff,
      state: block.move,
      movedAt: block.at,
      ...(block.reason === undefined ? {} : { reason: block.reason }),
    });
  }
  return { handoffs: [...handoffs.values()], refused };
}

/** True while somebody still has to do something about it. */
export function isOpenHandoff(handoff: Handoff): boolean {
  return handoff.state === 'requested' || handoff.state === 'accepted';
}

function uniqueRequests(blocks: readonly CommBlock[]): readonly HandoffRequestBlock[] {
  const byId = new Map<string, HandoffRequestBlock>();
  const requests = blocks.filter((block) => block.kind === 'handoff-request');
  for (const request of requests.toSorted(byTime)) {
    if (!byId.has(request.id)) byId.set(request.id, request);
  }
  return [...byId.values()];
}

function begin(request: HandoffRequestBlock): Handoff {
  return {
    id: request.id,
    // The giver is who wrote the request, whatever it says: nobody hands over another's files.
    from: request.author,
    to: request.to,
    files: request.files,
    ...(request.notes === undefined ? {} : { notes: request.notes }),
    state: 'requested',
    requestedAt: request.at,
    movedAt: request.at,
  };
}

function findTarget(handoffs: ReadonlyMap<string, Handoff>, block: HandoffMoveBlock): Handoff | undefined {
  if (block.id !== '') return handoffs.get(block.id);
  const { files = [] } = block;
  return [...handoffs.values()].findLast(
    (handoff) =>
      files.some((file) => handoff.files.includes(file)) && objection(handoff, block) === undefined,
  );
}

function objection(handoff: Handoff, { move, author }: HandoffMoveBlock): string | undefined {
  if (!NEXT[handoff.state].includes(move)) return `it is ${handoff.state}, so it cannot be ${move}`;
  if (mayMove(handoff, move, author)) return undefined;
  return `${author} may not do that: it is from ${handoff.from} to ${handoff.to}`;
}

function mayMove(handoff: Handoff, move: Move, author: string): boolean {
  const isReceiver = isSameAgent(author, handoff.to);
  const isGiver = isSameAgent(author, handoff.from);
  switch (move) {
    case 'accepted':
    case 'declined':
      return isReceiver;
    case 'withdrawn':
      return isGiver;
    case 'completed':
      return isReceiver || isGiver;
    case 'expired':
      return author === COORDINATOR_ID;
  }
}

const STEP: Readonly<Record<Move, number>> = {
  accepted: 0,
  declined: 1,
  withdrawn: 2,
  expired: 3,
  completed: 4,
};

function byTime(a: CommBlock, b: CommBlock): number {
  return (a.at ?? 0) - (b.at ?? 0);
}

// Within one second the life cycle's own order decides.
function byTimeThenStep(a: HandoffMoveBlock, b: HandoffMoveBlock): number {
  return (
    byTime(a, b) || STEP[a.move] - STEP[b.move] || (a.author < b.author ? -1 : Number(a.author > b.author))
  );
}
