import { parseYaml } from '#markdown';
import { rangeAt, type Diagnostic } from '#protocol';
import { isFields, looksLikeTask, taskOfFields } from './read-fields.ts';
import type { Task } from './task.ts';

/** Tasks that a document holds, and what could not be read of it. */
export interface TaskReading {
  readonly tasks: readonly Task[];
  readonly diagnostics: readonly Diagnostic[];
}

interface Found {
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const MAX_DEPTH = 6;

/**
 * Reads a `task-graph.yml`: a list or mapping of tasks, at the top, under `tasks:`, or in named groups (phases,
 * streams) at any depth up to six. A mapping's key is the id (`BACKEND-01:`); in a list `id:` or `task_id:` is.
 */
export function readTaskGraphYaml(text: string, path: string): TaskReading {
  const parsed = parseYaml(text, path);
  if (!parsed.ok) return { tasks: [], diagnostics: parsed.error };
  const diagnostics: Diagnostic[] = [];
  const lineOf = createLineFinder(text);
  const strict = collect(parsed.value, 0, isTaskId);
  // Where no key reads as an id, everything that looks like a task is one: `api: {title: …}`.
  const found = strict.length > 0 ? strict : collect(parsed.value, 0, () => true);
  const tasks = found.map(({ id, fields }) =>
    taskOfFields(fields, { path, id, line: lineOf(id) }, diagnostics),
  );
  if (tasks.length === 0)
    diagnostics.push({
      severity: 'error',
      code: 'NO_TASKS',
      message: 'the document holds no task',
      path,
      range: rangeAt(1),
      expected: 'tasks: a list of {id, title, depends_on, parallel_ok}, or a mapping from id to these fields',
    });
  return { tasks, diagnostics };
}

function collect(value: unknown, depth: number, isId: (key: string) => boolean): readonly Found[] {
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) return value.flatMap((item: unknown) => collectItem(item, depth, isId));
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([key, inner]): readonly Found[] => {
    if (key === 'metadata' || key === 'meta') return [];
    if (isId(key) && looksLikeTask(inner)) return [{ id: idOf(inner) ?? key, fields: inner }];
    return typeof inner === 'object' ? collect(inner, depth + 1, isId) : [];
  });
}

function collectItem(item: unknown, depth: number, isId: (key: string) => boolean): readonly Found[] {
  if (!isFields(item)) return [];
  const id = idOf(item);
  const inner = item['tasks'] ?? item['subtasks'];
  if (inner !== undefined) return collect(inner, depth + 1, isId);
  return id === undefined ? collect(item, depth + 1, isId) : [{ id, fields: item }];
}

function idOf(fields: Readonly<Record<string, unknown>>): string | undefined {
  const id = fields['id'] ?? fields['task_id'] ?? fields['taskId'];
  return typeof id === 'string' || typeof id === 'number' ? String(id).trim() : undefined;
}

// `tasks`, `phases`, `phase_1`, `frontend` group tasks; `BACKEND-01`, `T1`, `US-7` name one.
function isTaskId(key: string): boolean {
  return /\d/u.test(key) && !/^(?:phase|wave|stage|stream|group|sprint|milestone)s?[\s_-]?\d+$/iu.test(key);
}

const KEY = /^\s*(?:-\s*)?["']?([^:"'{}]+?)["']?\s*:/u;
const ID_FIELD = /(?:^|[\s{,])["']?(?:id|task_?id)["']?\s*:\s*["']?([^"',}#\s]+)/giu;

// The YAML reader tells no positions; an id's n-th line is where it stands the n-th time as a key or as an `id:`.
function createLineFinder(text: string): (id: string) => number {
  const places = new Map<string, number[]>();
  for (const [index, line] of text.split('\n').entries()) {
    const ids = [KEY.exec(line)?.[1], ...[...line.matchAll(ID_FIELD)].map(([, id]) => id)];
    for (const id of new Set(ids)) {
      if (id === undefined) continue;
      const lines = places.get(id);
      if (lines === undefined) places.set(id, [index + 1]);
      else lines.push(index + 1);
    }
  }
  return (id) => {
    const lines = places.get(id) ?? [];
    return (lines.length > 1 ? lines.shift() : lines[0]) ?? 1;
  };
}
