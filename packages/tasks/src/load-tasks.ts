import { extname, join } from 'node:path';
import { parseFrontMatter } from '#markdown';
import { planHeaderSchema, rangeAt, type Diagnostic } from '#protocol';
import type { Store } from '#store';
import { isTaskFile, readTaskFile } from './read-task-file.ts';
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
  /** Reads a planning document (a file or folder) in any other form: a PRD, spec-kit, task-master. */
  readonly readDocument?: (document: { readonly file: string; readonly path: string }) => TaskReading;
}

const GRAPH_NAMES = ['task-graph.yml', 'task-graph.yaml'];

/**
 * Every task of the repository: from the plans in `.squad/parallel-plans/`, else from `task-graph.yml` and
 * `.claude/tasks/`, or from the one place the user named.
 */
export function loadTasks(sources: TaskSources): TaskReading {
  const { store, squadDir, root, named } = sources;
  if (named !== undefined) return readNamed(sources, named);
  const plans = readFolder(sources, join(squadDir, 'parallel-plans'));
  if (plans.tasks.length > 0 || plans.diagnostics.length > 0) return plans;
  const graphs = GRAPH_NAMES.map((name) => join(root, name)).filter((path) => store.stat(path) !== undefined);
  return joined([
    ...graphs.map((path) => readOne(sources, path)),
    readFolder(sources, join(root, '.claude', 'tasks')),
  ]);
}

// What is in our own form is read here, so that a graph means the same whoever names it; all else is a planning document.
function readNamed(sources: TaskSources, named: string): TaskReading {
  const isFolder = sources.store.stat(named)?.kind === 'folder';
  const own = (): TaskReading => (isFolder ? readFolder(sources, named) : readOne(sources, named));
  const { readDocument } = sources;
  if (readDocument === undefined || isOurs(sources, named)) return own();
  const document = readDocument({ file: named, path: nameOf(sources, named) });
  const mayBeOurs = isFolder || /^\.(?:md|ya?ml)$/iu.test(extname(named));
  return document.tasks.length > 0 || !mayBeOurs ? document : own();
}

function isOurs({ store }: TaskSources, named: string): boolean {
  if (store.stat(named)?.kind !== 'folder') return isOwnForm(store.readText(named) ?? '', named);
  const files = taskFilesIn(store, named);
  return files.length > 0 && files.every((name) => isOwnForm(store.readText(join(named, name)) ?? '', name));
}

function isOwnForm(text: string, path: string): boolean {
  if (/^\.ya?ml$/iu.test(extname(path))) return readTaskGraphYaml(text, path).tasks.length > 0;
  const front = parseFrontMatter(text, path);
  const isPlan = front.ok && front.value.data !== undefined && 'agent' in front.value.data;
  return isPlan || isTaskFile(text, path);
}

function taskFilesIn(store: Store, folder: string): readonly string[] {
  return store
    .list(folder)
    .filter((name) => /\.(?:md|ya?ml)$/iu.test(name) && !/^(?:README|_|\.)/u.test(name));
}

function nameOf({ root }: TaskSources, path: string): string {
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}

function readFolder(sources: TaskSources, folder: string): TaskReading {
  return joined(taskFilesIn(sources.store, folder).map((name) => readOne(sources, join(folder, name))));
}

function readOne(sources: TaskSources, path: string): TaskReading {
  const text = sources.store.readText(path) ?? '';
  const name = nameOf(sources, path);
  if (/^\.ya?ml$/iu.test(extname(path))) return readTaskGraphYaml(text, name);
  const front = parseFrontMatter(text, name);
  if (!front.ok) return { tasks: [], diagnostics: front.error };
  const { data } = front.value;
  if (data !== undefined && 'tasks' in data && 'agent' in data) return readPlan(data, name, text);
  return readTaskFile(text, name);
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
