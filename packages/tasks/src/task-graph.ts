import { nearest, rangeAt, type Diagnostic } from '#protocol';
import { findCycles } from './cycles.ts';
import type { Task } from './task.ts';

/** Why one task waits for another. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  /** `declared` in `depends_on`, or the name that `from` produces and `to` consumes. */
  readonly why: string;
}

/** Tasks and what they wait for; free of cycles, every id known, no id twice. */
export interface TaskGraph {
  /** In the order of their documents. */
  readonly tasks: readonly Task[];
  readonly edges: readonly Edge[];
  readonly find: (id: string) => Task | undefined;
  /** Ids that must be finished before the task starts. */
  readonly dependenciesOf: (id: string) => readonly string[];
  readonly dependentsOf: (id: string) => readonly string[];
}

/** A graph, and everything that was wrong with the tasks it was made of. */
export interface GraphReading {
  /** Only tasks and edges that are sound; complete when there is no error among the diagnostics. */
  readonly graph: TaskGraph;
  readonly diagnostics: readonly Diagnostic[];
}

/** Joins tasks into a graph. A consumer waits for the producer of the same name. Every problem is reported at once. */
export function buildTaskGraph(tasks: readonly Task[]): GraphReading {
  const diagnostics: Diagnostic[] = [];
  const byId = new Map<string, Task>();
  for (const task of tasks) {
    const first = byId.get(task.id);
    if (first === undefined) byId.set(task.id, task);
    else diagnostics.push(duplicate(task, first));
  }
  const unique = [...byId.values()];
  const declared = unique.flatMap((task) => declaredEdges(task, byId, diagnostics));
  const edges = withoutDoubles([...declared, ...producedEdges(unique)]);
  const cycles = findCycles(
    unique.map(({ id }) => id),
    edges,
  );
  diagnostics.push(...cycles.map((cycle) => cycleProblem(cycle, byId)));
  const closing = new Set(cycles.map((cycle) => `${cycle.at(-1)}\0${cycle[0]}`));
  const sound = edges.filter(({ from, to }) => !closing.has(`${from}\0${to}`));
  return { graph: createGraph(unique, sound), diagnostics };
}

function declaredEdges(task: Task, byId: ReadonlyMap<string, Task>, diagnostics: Diagnostic[]): Edge[] {
  return task.dependsOn.flatMap((id) => {
    if (byId.has(id)) return [{ from: id, to: task.id, why: 'declared' }];
    const near = nearest(id, [...byId.keys()]);
    diagnostics.push({
      severity: 'error',
      code: 'TASK_ID_UNKNOWN',
      message: `${task.id} depends on ${id}, which is no task`,
      path: task.source.path,
      range: rangeAt(task.source.line),
      hint:
        near === undefined
          ? `known ids: ${[...byId.keys()].slice(0, 12).join(', ')}`
          : `did you mean ${near}?`,
    });
    return [];
  });
}

function producedEdges(tasks: readonly Task[]): Edge[] {
  const producers = new Map<string, string[]>();
  for (const task of tasks)
    for (const name of task.produces) producers.set(name, [...(producers.get(name) ?? []), task.id]);
  return tasks.flatMap((task) =>
    task.consumes.flatMap((name) =>
      (producers.get(name) ?? [])
        .filter((from) => from !== task.id)
        .map((from) => ({ from, to: task.id, why: name })),
    ),
  );
}

function withoutDoubles(edges: readonly Edge[]): Edge[] {
  const seen = new Map<string, Edge>();
  for (const edge of edges) {
    const key = `${edge.from}\0${edge.to}`;
    if (!seen.has(key)) seen.set(key, edge);
  }
  return [...seen.values()];
}

function createGraph(tasks: readonly Task[], edges: readonly Edge[]): TaskGraph {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const before = new Map<string, string[]>();
  const after = new Map<string, string[]>();
  for (const { from, to } of edges) {
    before.set(to, [...(before.get(to) ?? []), from]);
    after.set(from, [...(after.get(from) ?? []), to]);
  }
  return {
    tasks,
    edges,
    find: (id) => byId.get(id),
    dependenciesOf: (id) => before.get(id) ?? [],
    dependentsOf: (id) => after.get(id) ?? [],
  };
}

function duplicate(task: Task, first: Task): Diagnostic {
  return {
    severity: 'error',
    code: 'TASK_ID_DUPLICATE',
    message: `${task.id} is already a task, at ${first.source.path}:${first.source.line}`,
    path: task.source.path,
    range: rangeAt(task.source.line),
  };
}

function cycleProblem(cycle: readonly string[], byId: ReadonlyMap<string, Task>): Diagnostic {
  const [first = ''] = cycle;
  const source = byId.get(first)?.source ?? { path: '', line: 1 };
  return {
    severity: 'error',
    code: 'TASK_CYCLE',
    message: `these tasks wait for one another: ${[...cycle, first].join(' → ')}`,
    path: source.path,
    range: rangeAt(source.line),
    hint: 'remove one of the depends_on entries',
  };
}
