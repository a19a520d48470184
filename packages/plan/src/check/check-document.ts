import type { Diagnostic } from '#protocol';
import { buildTaskGraph, type TaskGraph } from '../allocate/task-graph.ts';
import type { SourceDocument } from '../model.ts';
import { canDo, type Role } from '../plan/role.ts';
import { needsOf } from '../plan/slots.ts';
import { commonPart, partsOf } from '../work/file-parts.ts';
import { numberFiles, isPattern } from '../work/path-overlap.ts';
import { prepareWork } from '../work/prepare-work.ts';
import type { WorkItem } from '../work/work-item.ts';

/** A document and what it is checked against. */
export interface DocumentCheck {
  readonly document: SourceDocument;
  readonly tracked: readonly string[];
  readonly roster: readonly Role[];
}

/**
 * What is wrong with anyone's plan, in any format: tasks marked parallel that write one file or exclude one another,
 * missing and circular dependencies, files that are to be changed and do not exist, tasks nobody can do.
 */
export function checkDocument({ document, tracked, roster }: DocumentCheck): readonly Diagnostic[] {
  const items = prepareWork(document, tracked);
  const graph = buildTaskGraph(document, items, 'strict');
  // To plan without a dependency that nobody can meet is a way out; in a plan that is to hold it is an error.
  const found = [...document.diagnostics, ...graph.diagnostics].map((diagnostic): Diagnostic =>
    diagnostic.code === 'TASK_ID_UNKNOWN' ? { ...diagnostic, severity: 'error' } : diagnostic,
  );
  return [
    ...found.filter(({ severity }) => severity !== 'info'),
    ...falseParallels({ document, items, graph }),
    ...missingFiles(document, { items, tracked }),
    ...undoable(document, items, roster),
  ];
}

interface Graphed {
  readonly document: SourceDocument;
  readonly items: readonly WorkItem[];
  readonly graph: TaskGraph;
}

/** Tasks marked parallel, in one stretch between barriers, neither waiting for the other, that write one file. */
function falseParallels({ document, items, graph }: Graphed): readonly Diagnostic[] {
  const files = numberFiles(items);
  const writers = new Map<number, number[]>();
  for (const [task, { source }] of items.entries()) {
    if (source.parallel !== true) continue;
    for (const file of files.rows[task] ?? []) {
      if (items[task]?.writes.every(({ rung }) => rung >= 7) === true) continue;
      const row = writers.get(file);
      if (row === undefined) writers.set(file, [task]);
      else row.push(task);
    }
  }
  const isOrdered = createReachability(items.length, graph);
  const problems: Diagnostic[] = [];
  for (const [file, tasks] of writers) {
    for (const [index, later] of tasks.entries()) {
      const path = files.paths[file] ?? '';
      const others = tasks
        .slice(0, index)
        .filter((task) => graph.segments[task] === graph.segments[later] && !isOrdered(task, later));
      const own = partsOf(items[later], path);
      const earlier =
        others.find((task) => commonPart(partsOf(items[task], path), own) !== undefined) ?? others[0];
      if (earlier !== undefined) {
        const { why, severity } = judgeShared([items[earlier], items[later]], path);
        problems.push(clash(document, [items[earlier], items[later]], why, severity));
      }
    }
  }
  return [...problems, ...declaredConflicts({ document, items, graph }, isOrdered)];
}

/** Two writers of one file: an error unless each keeps to parts of its own, which then should still take turns. */
function judgeShared(
  [earlier, later]: readonly [WorkItem | undefined, WorkItem | undefined],
  path: string,
): { readonly why: string; readonly severity: Diagnostic['severity'] } {
  const [before, after] = [partsOf(earlier, path), partsOf(later, path)];
  const part = commonPart(before, after);
  if (part === undefined)
    return {
      why: `both write ${path}, though different parts (${before.join(', ')}; ${after.join(', ')})`,
      severity: 'warning',
    };
  const isScoped = before.length > 0 && after.length > 0;
  return {
    why: isScoped ? `both write ${part} in ${path}` : `both write ${path}`,
    severity: isPattern(path) ? 'warning' : 'error',
  };
}

function declaredConflicts(
  { document, items, graph }: Graphed,
  isOrdered: (a: number, b: number) => boolean,
): readonly Diagnostic[] {
  const indexOf = new Map(items.map(({ id }, index) => [id, index]));
  return items.flatMap(({ source }, task) =>
    source.conflictsWith.flatMap((id): readonly Diagnostic[] => {
      const other = indexOf.get(id);
      if (
        other === undefined ||
        other > task ||
        source.parallel !== true ||
        items[other]?.source.parallel !== true
      )
        return [];
      if (graph.segments[other] !== graph.segments[task] || isOrdered(other, task)) return [];
      return [
        clash(document, [items[other], items[task]], 'the document itself says that they conflict', 'error'),
      ];
    }),
  );
}

function clash(
  document: SourceDocument,
  [earlier, later]: readonly [WorkItem | undefined, WorkItem | undefined],
  why: string,
  severity: Diagnostic['severity'],
): Diagnostic {
  return {
    severity,
    code: 'FILE_TWO_WRITERS',
    message: `${earlier?.id} and ${later?.id} are marked parallel, but ${why}`,
    path: later?.source.source ?? document.path,
    ...(later === undefined ? {} : { range: later.source.range }),
    hint: `remove the parallel mark of one, or make ${later?.id} depend on ${earlier?.id}`,
  };
}

/** Whether one of two tasks comes before the other by dependencies. */
function createReachability(count: number, graph: TaskGraph): (a: number, b: number) => boolean {
  const next = Array.from({ length: count }, (): number[] => []);
  for (const { before, after, reason } of graph.edges)
    if (reason !== 'same-file' && reason !== 'order') next[before]?.push(after);
  const reaches = (from: number, to: number): boolean => {
    const seen = new Set([from]);
    for (const node of seen) {
      if (node === to) return true;
      for (const after of next[node] ?? []) seen.add(after);
    }
    return false;
  };
  return (a, b) => reaches(a, b) || reaches(b, a);
}

function missingFiles(
  document: SourceDocument,
  facts: { items: readonly WorkItem[]; tracked: readonly string[] },
): readonly Diagnostic[] {
  const there = new Set(facts.tracked);
  if (there.size === 0) return [];
  const problems: Diagnostic[] = [];
  for (const { source } of facts.items) {
    for (const { path, mode, rung } of source.writes) {
      if (mode === 'modify' && rung <= 2 && !isPattern(path) && !there.has(path)) {
        problems.push({
          severity: 'error',
          code: 'FILE_MISSING',
          message: `${source.id} is to change ${path}, which does not exist and which no earlier task writes`,
          path: source.source ?? document.path,
          range: source.range,
        });
      }
      there.add(path);
    }
  }
  return problems;
}

function undoable(
  document: SourceDocument,
  items: readonly WorkItem[],
  roster: readonly Role[],
): readonly Diagnostic[] {
  if (roster.length === 0) return [];
  const stuck = items.flatMap((item) => {
    const needs = needsOf(item, roster);
    return roster.some((role) => canDo(role, needs)) ? [] : [{ source: item.source, needs }];
  });
  return stuck.map(({ source, needs }) => ({
    severity: 'error',
    code: 'TASK_UNOWNED',
    message: `no role can do ${source.id} (needs ${needs.agent ?? needs.skills.join(', ')})`,
    path: source.source ?? document.path,
    range: source.range,
    expected: roster.map(({ name }) => name).join(' | '),
  }));
}
