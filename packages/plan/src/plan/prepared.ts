import type { PlanHeader } from '#protocol';
import type { Dependency, SourceDocument, SourceTask } from '../model.ts';
import { taskOf } from './task-of.ts';
import { minutesOf } from '../work/prepare-work.ts';

/** A shared file that is written by a task of its own before the tasks that need it. */
export interface Prepared {
  readonly path: string;
  /** Ids of the tasks that would write it otherwise. */
  readonly writers: readonly string[];
}

// What a task adds to types, a contract or a manifest is small beside the work it is for.
const SHARE_MINUTES = 15;
const SHARE_AT_MOST = 1 / 4;

/** Id of the task that prepares a file. */
export function preparedId(path: string): string {
  return `prepare-${path.replaceAll(/[^\w.]+/gu, '-').replaceAll(/^[-.]+|[-.]+$/gu, '')}`;
}

/** The minutes of a task that go into its part of a prepared file. */
export function shareOf(task: SourceTask): number {
  return Math.floor(Math.min(SHARE_MINUTES, minutesOf(task) * SHARE_AT_MOST));
}

/** The document with a task for each prepared file: the writers read it then, wait for it, and are as much shorter as it is long. */
export function withPrepared(document: SourceDocument, prepared: readonly Prepared[]): SourceDocument {
  return prepared.reduce(prepareOne, document);
}

function prepareOne(document: SourceDocument, { path, writers }: Prepared): SourceDocument {
  const names = new Set(writers);
  const own = document.tasks.filter(({ id }) => names.has(id));
  const [first] = own;
  if (first === undefined) return document;
  const id = preparedId(path);
  const task = preparing(path, own, first);
  return {
    ...document,
    tasks: document.tasks.flatMap((each) => {
      const reader = names.has(each.id) ? reading(each, path, id) : each;
      return each.id === first.id ? [task, reader] : [reader];
    }),
    stages: document.stages.map((stage) =>
      stage.taskIds.includes(first.id) ? { ...stage, taskIds: [id, ...stage.taskIds] } : stage,
    ),
  };
}

function preparing(path: string, writers: readonly SourceTask[], first: SourceTask): SourceTask {
  const ids = writers.map(({ id }) => id).join(', ');
  const minutes = Math.max(
    1,
    writers.reduce((sum, task) => sum + shareOf(task), 0),
  );
  const modes = new Set(
    writers.flatMap((task) => task.writes.filter((file) => file.path === path).map(({ mode }) => mode)),
  );
  return taskOf({
    id: preparedId(path),
    title: `Prepare ${path} for ${ids}`,
    section: first.section,
    range: first.range,
    ...(first.source === undefined ? {} : { source: first.source }),
    writes: [
      {
        path,
        mode: modes.size === 1 ? ([...modes][0] ?? 'unknown') : modes.has('create') ? 'create' : 'unknown',
        rung: 1,
        why: `${ids} need it`,
      },
    ],
    estimate: {
      minutes,
      reason: 'default',
      why: `no estimate; up to ${SHARE_MINUTES} min of each of ${ids}`,
    },
    detail: writers.map(({ id, title }) => `${id}: ${title}`).join('\n'),
    added: `the plan added it: ${ids} need the file and need not wait for one another then`,
  });
}

/** A writer that finds its part of the file prepared. */
function reading(task: SourceTask, path: string, id: string): SourceTask {
  const share = shareOf(task);
  const minutes = Math.max(1, minutesOf(task) - share);
  const why = `${task.estimate?.why ?? 'no estimate; a task takes two hours'}; ${share} min of it are in ${id}`;
  const dependency: Dependency = { id, reason: 'types-first', why: `${id} writes ${path} for it` };
  return {
    ...task,
    writes: task.writes.filter((file) => file.path !== path),
    reads: [...task.reads.filter((file) => file !== path), path],
    dependencies: [...task.dependencies, dependency],
    estimate: { minutes, reason: task.estimate?.reason ?? 'default', why },
  };
}

/** What earlier plans prepared and the document's tasks still rely on. */
export function preparedBefore(
  document: SourceDocument,
  previous: readonly PlanHeader[],
): readonly Prepared[] {
  const own = new Map(document.tasks.map((task) => [task.id, task]));
  const planned = previous.flatMap(({ tasks }) => tasks);
  return planned.flatMap(({ id, files }): Prepared[] => {
    const [path, ...others] = [...files.create, ...files.modify];
    if (path === undefined || others.length > 0 || id !== preparedId(path) || own.has(id)) return [];
    const writers = planned
      .filter((task) => task.files.read.includes(path))
      .filter((task) => own.get(task.id)?.writes.some((file) => file.path === path) === true)
      .map((task) => task.id);
    return writers.length === 0 ? [] : [{ path, writers }];
  });
}

/** The document with the tasks that its plans added, their titles marked; as it is where the plans are another document's. */
export function withAdded(document: SourceDocument, previous: readonly PlanHeader[]): SourceDocument {
  const own = previous.filter(({ prd_hash: hash }) => hash === document.hash);
  const { tasks, ...rest } = withPrepared(document, preparedBefore(document, own));
  const marked = tasks.map((task) =>
    task.added === undefined ? task : { ...task, title: `${task.title} (added by squad-allocate)` },
  );
  return { ...rest, tasks: marked };
}
