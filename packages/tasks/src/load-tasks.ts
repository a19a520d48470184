import { extname, join } from 'node:path';
import { parseFrontMatter } from '#markdown';
import { planHeaderSchema, rangeAt, type Diagnostic } from '#protocol';
import type { Store } from '#store';
import { readTaskFile } from './read-task-file.ts';
import { readTaskGraphYaml, type TaskReading } from './read-task-graph.ts';
import { parsePriority, TASK_DEFAULTS, type Task } from './task.ts';

/** Where tasks may stand, and how to read a document of many tasks. */
export interface TaskSources {
  readonly store: Store;
  readonly squadDir: string;
  /** Root of the checkout whose `.claude/tasks` and `task-graph.yml` count. */
  readonly root: string;
  /** Absolute path of a file or folder named by the user; then nothing else is read. */
  readonly named?: string;
  /** Reads a planning document with many tasks. */
  readonly readDocument?: (text: string, path: string) => TaskReading;
}

const GRAPH_NAMES = ['task-graph.yml', 'task-graph.yaml'];

/**
 * Every task of the repository: from the plans in `.squad/parallel-plans/`, else from `task-graph.yml` and
 * `.claude/tasks/`, or from the one place the user named.
 */
export function loadTasks(sources: TaskSources): TaskReading {
  const { store, squadDir, root, named } = sources;
  if (named !== undefined)
    return store.stat(named)?.kind === 'folder' ? readFolder(sources, named) : readOne(sources, named);
  const plans = readFolder(sources, join(squadDir, 'parallel-plans'));
  if (plans.tasks.length > 0 || plans.diagnostics.length > 0) return plans;
  const graphs = GRAPH_NAMES.map((name) => join(root, name)).filter((path) => store.stat(path) !== undefined);
  return joined([
    ...graphs.map((path) => readOne(sources, path)),
    readFolder(sources, join(root, '.claude', 'tasks')),
  ]);
}

function readFolder(sources: TaskSources, folder: string): TaskReading {
  const names = sources.store
    .list(folder)
    .filter((name) => /\.(?:md|ya?ml)$/iu.test(name) && !/^(?:README|_|\.)/u.test(name));
  return joined(names.map((name) => readOne(sources, join(folder, name))));
}

function readOne(sources: TaskSources, path: string): TaskReading {
  const text = sources.store.readText(path) ?? '';
  const name = path.startsWith(`${sources.root}/`) ? path.slice(sources.root.length + 1) : path;
  if (/^\.ya?ml$/iu.test(extname(path))) return readTaskGraphYaml(text, name);
  const front = parseFrontMatter(text, name);
  if (!front.ok) return { tasks: [], diagnostics: front.error };
  const { data } = front.value;
  if (data !== undefined && 'tasks' in data && 'agent' in data) return readPlan(data, name, text);
  return sources.readDocument?.(text, name) ?? readTaskFile(text, name);
}

function readPlan(data: Readonly<Record<string, unknown>>, path: string, text: string): TaskReading {
  const decoded = planHeaderSchema.decode(data);
  if (!decoded.ok) {
    const diagnostics = decoded.error.map(({ at, expected, actual }): Diagnostic => ({
      severity: 'error',
      code: 'FIELD_INVALID',
      message: `header field ${at}`,
      path,
      range: rangeAt(2),
      expected,
      actual,
    }));
    return { tasks: [], diagnostics };
  }
  const lines = text.split('\n');
  const header = decoded.value;
  const tasks = header.tasks.map((task): Task => ({
    ...TASK_DEFAULTS,
    id: task.id,
    title: task.title,
    agent: header.agent,
    files: task.files,
    dependsOn: task.depends_on,
    priority: parsePriority(task.priority ?? '') ?? TASK_DEFAULTS.priority,
    acceptance: task.acceptance,
    gates: task.gates ?? [],
    checkpoint: task.checkpoint ?? false,
    estimateMinutes: task.estimate_minutes,
    source: { path, line: Math.max(1, lines.findIndex((line) => line.includes(task.id)) + 1) },
  }));
  return { tasks, diagnostics: [] };
}

function joined(readings: readonly TaskReading[]): TaskReading {
  return {
    tasks: readings.flatMap(({ tasks }) => tasks),
    diagnostics: readings.flatMap(({ diagnostics }) => diagnostics),
  };
}
