import { groupBy } from '../model/group-by.ts';
import type { WaitEdge } from './waiting-graph.ts';

/** A circle of agents, each waiting for the next; begins with the smallest name. */
export type WaitingCycle = readonly WaitEdge[];

/**
 * One shortest cycle for each knot of the graph (strongly connected component, Tarjan 1972), so that a knot is
 * reported once and breaking it reveals what is left of it in the next tick.
 */
export function waitingCycles(edges: readonly WaitEdge[]): readonly WaitingCycle[] {
  return knots(edges).map((knot) => {
    const inside = edges.filter(({ from, to }) => knot.has(from) && knot.has(to));
    const cycles = [...knot].toSorted().map((start) => shortestCycle(inside, start));
    const found = cycles.filter((cycle) => cycle.length > 0).toSorted((a, b) => a.length - b.length)[0];
    return found ?? [];
  });
}

function knots(edges: readonly WaitEdge[]): readonly ReadonlySet<string>[] {
  const next = groupBy(edges, ({ from }) => from);
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: Set<string>[] = [];
  const visit = (node: string): void => {
    const index = order.size;
    order.set(node, index);
    low.set(node, index);
    stack.push(node);
    for (const { to } of next.get(node) ?? []) {
      if (!order.has(to)) visit(to);
      if (stack.includes(to)) low.set(node, Math.min(low.get(node) ?? index, low.get(to) ?? index));
    }
    if (low.get(node) !== index) return;
    const knot = new Set(stack.splice(stack.indexOf(node)));
    if (knot.size > 1) found.push(knot);
  };
  for (const node of [...next.keys()].toSorted()) if (!order.has(node)) visit(node);
  return found;
}

function shortestCycle(edges: readonly WaitEdge[], start: string): WaitingCycle {
  const paths: WaitEdge[][] = edges.filter(({ from }) => from === start).map((edge) => [edge]);
  const seen = new Set<string>();
  for (let path = paths.shift(); path !== undefined; path = paths.shift()) {
    const end = path.at(-1)?.to ?? start;
    if (end === start) return path;
    if (seen.has(end)) continue;
    seen.add(end);
    for (const edge of edges) if (edge.from === end) paths.push([...path, edge]);
  }
  return [];
}
