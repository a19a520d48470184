import { invertLists, listAt, packLists } from '../schedule/lists.ts';
import { NumberHeap } from '../schedule/number-heap.ts';
import { createProblem, type Problem } from '../schedule/problem.ts';
import { areApart } from '../work/file-parts.ts';
import { isHubFile } from '../work/hub-file.ts';
import type { WorkItem } from '../work/work-item.ts';
import type { WrittenFiles } from '../work/path-overlap.ts';
import type { TaskEdge, TaskGraph } from './task-graph.ts';

/** What a problem is built from. */
export interface ProblemInput {
  readonly items: readonly WorkItem[];
  readonly graph: TaskGraph;
  readonly files: WrittenFiles;
  readonly agentCount: number;
  readonly handoffMinutes?: number;
}

/** A problem and the edges that were added so that writers of one file keep the document's order. */
export interface BuiltProblem {
  readonly problem: Problem;
  readonly fileEdges: readonly TaskEdge[];
}

// Waiting for a file in any order costs time quadratic in its writers; past this many the document's order is kept.
const FREE_ORDER_UP_TO = 200;

/**
 * Lays tasks out for the scheduler. Writers of an ordinary file keep the document's order, because a later task builds
 * on what an earlier one wrote there; writers of a hub (manifest, barrel, registry) or of different symbols only exclude one another.
 */
export function buildProblem(input: ProblemInput): BuiltProblem {
  const { items, graph, files } = input;
  const barrierCount = graph.segmentCount - 1;
  const fileEdges = sameFileEdges(input);
  const edges: (readonly [number, number])[] = [...graph.edges, ...fileEdges].map(({ before, after }) => [
    before,
    after,
  ]);
  for (const [task, segment] of graph.segments.entries()) {
    if (segment > 0) edges.push([items.length + segment - 1, task]);
    if (segment < barrierCount) edges.push([task, items.length + segment]);
  }
  for (let barrier = 1; barrier < barrierCount; barrier += 1)
    edges.push([items.length + barrier - 1, items.length + barrier]);
  const problem = createProblem({
    durations: items.map(({ minutes }) => minutes),
    edges,
    barrierCount,
    files: files.rows,
    locks: files.locks,
    fileCount: files.paths.length,
    segments: graph.segments,
    agentCount: input.agentCount,
    ...(input.handoffMinutes === undefined ? {} : { handoffMinutes: input.handoffMinutes }),
  });
  return { problem, fileEdges };
}

function sameFileEdges({ items, graph, files }: ProblemInput): readonly TaskEdge[] {
  const writers = Array.from(files.paths, (): number[] => []);
  for (const task of writingOrder(items.length, graph))
    for (const file of files.rows[task] ?? []) writers[file]?.push(task);
  return writers.flatMap((tasks, file) => {
    if (tasks.length < 2) return [];
    const path = files.paths[file] ?? '';
    const isFree = isHubFile(path) || areApart(items, tasks, path);
    if (isFree && tasks.length <= FREE_ORDER_UP_TO) return [];
    return tasks.slice(1).map((after, index): TaskEdge => ({
      before: tasks[index] ?? after,
      after,
      reason: 'same-file',
      why: `both write ${path}, in the order of the document`,
    }));
  });
}

/** Document order, changed only where segments or dependencies demand it. */
function writingOrder(count: number, graph: TaskGraph): readonly number[] {
  const rows = Array.from({ length: count }, (): number[] => []);
  for (const { before, after } of graph.edges) rows[after]?.push(before);
  const predecessors = packLists(rows);
  const successors = invertLists(predecessors, count);
  const missing = rows.map((row) => row.length);
  const ready = new NumberHeap();
  const keyOf = (task: number): number => (graph.segments[task] ?? 0) * count + task;
  for (const [task, waits] of missing.entries()) if (waits === 0) ready.push(keyOf(task));
  const order: number[] = [];
  for (let key = ready.pop(); key !== undefined; key = ready.pop()) {
    const task = key % count;
    order.push(task);
    for (const next of listAt(successors, task)) {
      missing[next] = (missing[next] ?? 0) - 1;
      if (missing[next] === 0) ready.push(keyOf(next));
    }
  }
  return order;
}
