import { topologicalOrder } from '../schedule/levels.ts';
import { invertLists, packLists } from '../schedule/lists.ts';

interface Edge {
  readonly before: number;
  readonly after: number;
}

const STARTS_TRIED = 50;

/** A shortest cycle through the first task that is on one, as its edges; `undefined` when there is none. */
export function findCycle<E extends Edge>(edges: readonly E[], count: number): readonly E[] | undefined {
  const rows = Array.from({ length: count }, (): number[] => []);
  for (const { before, after } of edges) rows[after]?.push(before);
  const predecessors = packLists(rows);
  const order = topologicalOrder({ size: count, predecessors, successors: invertLists(predecessors, count) });
  if (order.length === count) return undefined;
  const isSorted = new Set(order);
  const next = new Map<number, E[]>();
  for (const edge of edges) {
    if (isSorted.has(edge.before) || isSorted.has(edge.after)) continue;
    const row = next.get(edge.before);
    if (row === undefined) next.set(edge.before, [edge]);
    else row.push(edge);
  }
  let best: readonly E[] | undefined;
  let tried = 0;
  for (const start of next.keys()) {
    tried += 1;
    if (best !== undefined && tried > STARTS_TRIED) break;
    const loop = shortestLoop(start, next);
    if (loop !== undefined && (best === undefined || loop.length < best.length)) best = loop;
  }
  return best;
}

function shortestLoop<E extends Edge>(
  start: number,
  next: ReadonlyMap<number, readonly E[]>,
): readonly E[] | undefined {
  const cameBy = new Map<number, E>();
  const queue = [start];
  for (const node of queue) {
    for (const edge of next.get(node) ?? []) {
      if (edge.after === start) return trace(edge, start, cameBy);
      if (cameBy.has(edge.after)) continue;
      cameBy.set(edge.after, edge);
      queue.push(edge.after);
    }
  }
  return undefined;
}

function trace<E extends Edge>(last: E, start: number, cameBy: ReadonlyMap<number, E>): readonly E[] {
  const loop = [last];
  for (let node = last.before; node !== start;) {
    const edge = cameBy.get(node);
    if (edge === undefined) break;
    loop.unshift(edge);
    node = edge.before;
  }
  return loop;
}
