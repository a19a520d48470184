import { rangeAt, type Diagnostic } from '#protocol';
import type { Dependency, SourceDocument, Stage } from '../model.ts';
import { folderHints, withBarrier, type Barriers } from './soft-barriers.ts';
import { topologicalOrder } from '../schedule/levels.ts';
import { findCycle } from './find-cycle.ts';
import { at, invertLists, packLists } from '../schedule/lists.ts';
import type { WorkItem } from '../work/work-item.ts';

/** One reason for an order of two tasks, by index. */
export interface TaskEdge {
  readonly before: number;
  readonly after: number;
  readonly reason: Dependency['reason'];
  readonly why: string;
}

/** Tasks with the order between them, free of cycles. */
export interface TaskGraph {
  readonly edges: readonly TaskEdge[];
  /** The stretch between two barriers that each task is in. */
  readonly segments: readonly number[];
  readonly segmentCount: number;
  readonly diagnostics: readonly Diagnostic[];
}

// From the weakest to the strongest: of a cycle the weakest edge goes.
const STRENGTH: readonly Dependency['reason'][] = [
  'order',
  'types-first',
  'producer',
  'same-file',
  'barrier',
  'wave',
  'group',
  'section',
  'line',
  'field',
];

/**
 * The order of tasks: dependencies that the document states or implies, and its barriers. A cycle of stated
 * dependencies is an error that names it; an inferred edge that would close a cycle is dropped with a warning.
 */
export function buildTaskGraph(
  document: SourceDocument,
  items: readonly WorkItem[],
  barriers: Barriers,
): TaskGraph {
  const diagnostics: Diagnostic[] = [];
  const hints = barriers === 'soft' ? folderHints(document, items) : [];
  const stated = readEdges(document, items, diagnostics);
  const edges = withoutCycles([...stated, ...hints], { document, items, diagnostics });
  const segments = segmentsOf(
    document.stages.map((stage) => withBarrier(stage, barriers)),
    items,
  );
  settleSegments({ edges, segments, items, document, diagnostics });
  return {
    edges,
    segments,
    segmentCount: segments.reduce((most, segment) => Math.max(most, segment + 1), 1),
    diagnostics,
  };
}

function readEdges(
  document: SourceDocument,
  items: readonly WorkItem[],
  diagnostics: Diagnostic[],
): readonly TaskEdge[] {
  const indexOf = new Map(items.map(({ id }, index) => [id, index]));
  const settled = new Set(
    document.tasks.filter(({ status }) => status === 'done' || status === 'cancelled').map(({ id }) => id),
  );
  return items.flatMap(({ source }, after) =>
    source.dependencies.flatMap(({ id, reason, why }): TaskEdge[] => {
      const before = indexOf.get(id);
      if (before !== undefined && before !== after) return [{ before, after, reason, why }];
      if (before === undefined && !settled.has(id)) {
        diagnostics.push({
          severity: 'warning',
          code: 'TASK_ID_UNKNOWN',
          message: `${source.id} depends on ${id}, which is not a task of this document`,
          path: source.source ?? document.path,
          range: source.range,
        });
      }
      return [];
    }),
  );
}

interface CycleContext {
  readonly document: SourceDocument;
  readonly items: readonly WorkItem[];
  readonly diagnostics: Diagnostic[];
}

function withoutCycles(edges: readonly TaskEdge[], context: CycleContext): readonly TaskEdge[] {
  let kept = edges;
  for (let round = 0; round <= edges.length; round += 1) {
    const cycle = findCycle(kept, context.items.length);
    if (cycle === undefined) return kept;
    const weakest = cycle.reduce((weak, edge) =>
      STRENGTH.indexOf(edge.reason) < STRENGTH.indexOf(weak.reason) ||
      (edge.reason === weak.reason && edge.after > weak.after)
        ? edge
        : weak,
    );
    kept = kept.filter((edge) => edge !== weakest);
    context.diagnostics.push(describeCycle(cycle, weakest, context));
  }
  return kept;
}

function describeCycle(
  cycle: readonly TaskEdge[],
  dropped: TaskEdge,
  { document, items }: CycleContext,
): Diagnostic {
  const name = (index: number): string => items[index]?.id ?? '?';
  const path = [...cycle.map(({ before }) => name(before)), name(cycle[0]?.before ?? 0)].join(' → ');
  const isStated = STRENGTH.indexOf(dropped.reason) >= STRENGTH.indexOf('wave');
  return {
    severity: isStated ? 'error' : 'warning',
    code: 'TASK_CYCLE',
    message: isStated
      ? `these tasks wait for one another: ${path}`
      : `${name(dropped.after)} is not made to wait for ${name(dropped.before)} (${dropped.why}): they would wait for one another: ${path}`,
    path: items[dropped.after]?.source.source ?? document.path,
    range: items[dropped.after]?.source.range ?? rangeAt(1),
    ...(isStated
      ? { hint: `remove one dependency, such as ${name(dropped.after)} on ${name(dropped.before)}` }
      : {}),
  };
}

/** Stages joined where the document lifts the barrier between them. */
function segmentsOf(stages: readonly Stage[], items: readonly WorkItem[]): number[] {
  const segmentOf = new Map<string, number>();
  let segment = 0;
  for (const { taskIds, isBarrier } of stages) {
    for (const id of taskIds) segmentOf.set(id, segment);
    if (isBarrier) segment += 1;
  }
  const raw = items.map(({ id }) => segmentOf.get(id) ?? 0);
  const used = [...new Set(raw)].sort((a, b) => a - b);
  const compact = new Map(used.map((value, index) => [value, index]));
  return raw.map((value) => compact.get(value) ?? 0);
}

interface Settling extends CycleContext {
  readonly edges: readonly TaskEdge[];
  readonly segments: number[];
}

/** A task that must wait for one of a later stage goes into that stage: what a task says outweighs its heading. */
function settleSegments({ edges, segments, items, document, diagnostics }: Settling): void {
  const rows = Array.from(items, (): number[] => []);
  for (const { before, after } of edges) rows[after]?.push(before);
  const predecessors = packLists(rows);
  const size = items.length;
  for (const task of topologicalOrder({ size, predecessors, successors: invertLists(predecessors, size) })) {
    for (let place = at(predecessors.offsets, task); place < at(predecessors.offsets, task + 1); place += 1) {
      const before = at(predecessors.items, place);
      if ((segments[before] ?? 0) <= (segments[task] ?? 0)) continue;
      segments[task] = segments[before] ?? 0;
      diagnostics.push({
        severity: 'info',
        code: 'BARRIER_LIFTED',
        message: `${items[task]?.id} is planned with a later phase than its heading says, because it depends on ${items[before]?.id}`,
        path: items[task]?.source.source ?? document.path,
        ...(items[task] === undefined ? {} : { range: items[task].source.range }),
      });
    }
  }
}
