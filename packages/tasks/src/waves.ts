import { priorityRank, writtenBy, type Task } from './task.ts';
import type { TaskGraph } from './task-graph.ts';

/** Decides whether two written paths (or patterns) can mean the same file. */
export type Overlap = (a: string, b: string) => boolean;

/** Without knowledge of patterns: equal, or one lies in the other. */
export const overlapsByPrefix: Overlap = (a, b) => {
  const [x, y] = [a, b].map((path) => path.replace(/^\/+|\/+$/gu, ''));
  return x === y || `${x}/`.startsWith(`${y}/`) || `${y}/`.startsWith(`${x}/`);
};

/** True when both tasks may run at one time: both allow it and no file has two writers. */
export function mayRunTogether(a: Task, b: Task, overlap: Overlap): boolean {
  if (!a.parallelOk || !b.parallelOk) return false;
  return !writtenBy(a).some((mine) => writtenBy(b).some((theirs) => overlap(mine, theirs)));
}

/** Order in which ready tasks are taken: urgency, then what holds up most work, then the document's order. */
export function takingOrder(graph: TaskGraph): (a: Task, b: Task) => number {
  const tail = remainingMinutes(graph);
  const place = new Map(graph.tasks.map((task, index) => [task.id, index]));
  return (a, b) =>
    priorityRank(a.priority) - priorityRank(b.priority) ||
    (tail.get(b.id) ?? 0) - (tail.get(a.id) ?? 0) ||
    (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0);
}

/** Minutes from each task's start to the end of the longest chain that it begins. */
export function remainingMinutes(graph: TaskGraph): ReadonlyMap<string, number> {
  const minutes = new Map<string, number>();
  for (const id of topologicalOrder(graph).toReversed()) {
    const longest = Math.max(0, ...graph.dependentsOf(id).map((next) => minutes.get(next) ?? 0));
    minutes.set(id, longest + (graph.find(id)?.estimateMinutes ?? 0));
  }
  return minutes;
}

/** Ids so that each stands after everything it waits for; the document's order where that leaves a choice. */
export function topologicalOrder(graph: TaskGraph): readonly string[] {
  const missing = new Map(graph.tasks.map(({ id }) => [id, graph.dependenciesOf(id).length]));
  const order = graph.tasks.filter(({ id }) => missing.get(id) === 0).map(({ id }) => id);
  for (let index = 0; index < order.length; index += 1) {
    for (const next of graph.dependentsOf(order[index] ?? '')) {
      const left = (missing.get(next) ?? 0) - 1;
      missing.set(next, left);
      if (left === 0) order.push(next);
    }
  }
  return order;
}

/**
 * Tasks in waves: every task stands after its dependencies' waves, tasks of one wave may all run at one time.
 * Tasks named in `finished` are left out and count as done.
 */
export function planWaves(
  graph: TaskGraph,
  options: { readonly finished?: ReadonlySet<string>; readonly overlap?: Overlap } = {},
): readonly (readonly Task[])[] {
  const { finished = new Set<string>(), overlap = overlapsByPrefix } = options;
  const placed = new Set(finished);
  const byOrder = takingOrder(graph);
  let open = graph.tasks.filter(({ id }) => !placed.has(id));
  const waves: Task[][] = [];
  while (open.length > 0) {
    const ready = open
      .filter(({ id }) => graph.dependenciesOf(id).every((dependency) => placed.has(dependency)))
      .toSorted(byOrder);
    const wave: Task[] = [];
    for (const task of ready)
      if (wave.every((other) => mayRunTogether(task, other, overlap))) wave.push(task);
    for (const { id } of wave) placed.add(id);
    waves.push(wave);
    open = open.filter(({ id }) => !placed.has(id));
  }
  return waves;
}
