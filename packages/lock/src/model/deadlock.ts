import { blockersOf, holdsLease, partiesOf, partyKey, type Blocker, type Party } from './blockers.ts';
import type { Ticket } from './lease.ts';
import type { LockState } from './lock-state.ts';
import { isPast, type Moment } from './moment.ts';

/** One link of a waiting cycle: a party holds (or asked first for) one thing and waits for another. */
export interface CycleLink {
  readonly agent: string;
  readonly session: string;
  /** What it has that the previous link waits for. */
  readonly holds: string;
  readonly waitsFor: string;
}

/**
 * The cycle that a new last ticket would close, starting with its own party; `undefined` when everybody it waits for
 * can still finish. Exact: a cycle is reported only if none on it could ever be served.
 */
export function findCycle(state: LockState, ticket: Ticket, now: Moment): readonly CycleLink[] | undefined {
  const live = state.tickets.filter(({ ends }) => !isPast(ends, now));
  const goal = partyKey(ticket);
  // A cycle leads back to the party over something it holds, or over its place in the queue before this one.
  if (!holdsLease(state, ticket) && !live.some((other) => partyKey(other) === goal)) return undefined;
  const queue = [...live, ticket];
  const world: LockState = { ...state, tickets: queue };
  const edges = (waiting: Ticket): Edge[] =>
    blockersOf(world, waiting, { now, before: queue.slice(0, queue.indexOf(waiting)) }).flatMap((blocker) =>
      edgesOf(blocker),
    );
  const path = search({ queue, edges }, ticket);
  return path?.map((edge, index): CycleLink => {
    const previous = path[(index + path.length - 1) % path.length];
    return { ...edge.from, holds: previous?.has ?? '', waitsFor: edge.wants };
  });
}

interface Edge {
  readonly to: Party;
  readonly wants: string;
  readonly has: string;
}

interface Graph {
  readonly queue: readonly Ticket[];
  readonly edges: (ticket: Ticket) => readonly Edge[];
}

function edgesOf(blocker: Blocker): Edge[] {
  if (blocker.kind === 'lease') {
    return partiesOf(blocker.lease).map((to) => ({ to, wants: blocker.wanted, has: blocker.lease.resource }));
  }
  const { agent, session } = blocker.ticket;
  return [{ to: { agent, session }, wants: blocker.wanted, has: blocker.wanted }];
}

type Step = Edge & { readonly from: Party };

// Depth first from the new ticket's party back to itself; each party is entered once.
function search(graph: Graph, start: Ticket): readonly Step[] | undefined {
  const goal = partyKey(start);
  const seen = new Set<string>([goal]);
  const visit = (ticket: Ticket, path: readonly Step[]): readonly Step[] | undefined => {
    const from = { agent: ticket.agent, session: ticket.session };
    for (const edge of graph.edges(ticket)) {
      const key = partyKey(edge.to);
      const longer = [...path, { ...edge, from }];
      if (key === goal) return longer;
      if (seen.has(key)) continue;
      seen.add(key);
      for (const next of graph.queue.filter((other) => partyKey(other) === key)) {
        const found = visit(next, longer);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  };
  return visit(start, []);
}
