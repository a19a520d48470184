import { at, type Lists } from './lists.ts';
import type { Problem } from './problem.ts';

/** Nodes in an order in which every node follows its predecessors; shorter than `size` when there is a cycle. */
export function topologicalOrder(problem: Pick<Problem, 'size' | 'predecessors' | 'successors'>): Int32Array {
  const { size, predecessors, successors } = problem;
  const missing = new Int32Array(size);
  const order = new Int32Array(size);
  let length = 0;
  for (let node = 0; node < size; node += 1) {
    const count = at(predecessors.offsets, node + 1) - at(predecessors.offsets, node);
    missing[node] = count;
    if (count === 0) order[length++] = node;
  }
  for (let index = 0; index < length; index += 1) {
    const node = at(order, index);
    for (let place = at(successors.offsets, node); place < at(successors.offsets, node + 1); place += 1) {
      const next = at(successors.items, place);
      missing[next] = at(missing, next) - 1;
      if (at(missing, next) === 0) order[length++] = next;
    }
  }
  return order.subarray(0, length);
}

/** Minutes on the longest path before each node, and from its start to the end of everything. */
export interface Levels {
  readonly heads: Int32Array;
  readonly tails: Int32Array;
  readonly criticalPath: number;
}

// One graph is asked for with one number of agents after the other.
const known = new WeakMap<Lists, Levels>();
const knownRanks = new WeakMap<Lists, Int32Array>();

/** Longest paths, ignoring agents and files. */
export function levelsOf(problem: Problem): Levels {
  const found = known.get(problem.predecessors) ?? measureLevels(problem);
  known.set(problem.predecessors, found);
  return found;
}

function measureLevels(problem: Problem): Levels {
  const order = topologicalOrder(problem);
  const heads = new Int32Array(problem.size);
  const tails = new Int32Array(problem.size);
  let criticalPath = 0;
  for (const node of order)
    heads[node] = longest(
      problem.predecessors,
      node,
      (before) => at(heads, before) + at(problem.durations, before),
    );
  for (let index = order.length - 1; index >= 0; index -= 1) {
    const node = at(order, index);
    tails[node] =
      at(problem.durations, node) + longest(problem.successors, node, (after) => at(tails, after));
    criticalPath = Math.max(criticalPath, at(tails, node));
  }
  return { heads, tails, criticalPath };
}

function longest(lists: Lists, node: number, length: (neighbour: number) => number): number {
  let most = 0;
  for (let place = at(lists.offsets, node); place < at(lists.offsets, node + 1); place += 1) {
    most = Math.max(most, length(at(lists.items, place)));
  }
  return most;
}

/**
 * Tasks by urgency: longest remaining path first, then more successors (CP/MISF, Kasahara and Narita 1984), then
 * document order; but what already runs before all. Returns each node's place.
 */
export function urgencyRanks(problem: Problem, isRunning?: (task: number) => boolean): Int32Array {
  if (isRunning !== undefined) return measureRanks(problem, isRunning);
  const found = knownRanks.get(problem.predecessors) ?? measureRanks(problem, () => false);
  knownRanks.set(problem.predecessors, found);
  return found;
}

function measureRanks(problem: Problem, isRunning: (task: number) => boolean): Int32Array {
  const { tails } = levelsOf(problem);
  const { successors } = problem;
  const degree = (node: number): number => at(successors.offsets, node + 1) - at(successors.offsets, node);
  const nodes = Array.from({ length: problem.size }, (_, node) => node);
  nodes.sort(
    (a, b) =>
      Number(isRunning(b)) - Number(isRunning(a)) ||
      at(tails, b) - at(tails, a) ||
      degree(b) - degree(a) ||
      a - b,
  );
  const ranks = new Int32Array(problem.size);
  for (const [rank, node] of nodes.entries()) ranks[node] = rank;
  return ranks;
}
