import type { SourceDocument, SourceTask } from '#plan';
import type { Store } from '#store';
import { parsePriority, TASK_DEFAULTS, type Task, type TaskReading } from '#tasks';
import type { FoundDocument } from '../allocate/find-document.ts';

/** Reads planning documents as `squad-allocate` does, loaded only when one is named. */
export async function loadDocumentReader(store: Store): Promise<(found: FoundDocument) => TaskReading> {
  const { readDocument, readFolder } = await import('#plan');
  const { filesOf } = await import('../allocate/read-source.ts');
  return (found) =>
    tasksOf(
      store.stat(found.file)?.kind === 'folder'
        ? readFolder(found.path, filesOf(store, found))
        : readDocument({ path: found.path, content: store.readBytes(found.file) ?? '' }),
    );
}

// What the document calls done is done: nobody shall do it or wait for it.
function tasksOf(document: SourceDocument): TaskReading {
  const open = document.tasks.filter(({ status }) => status !== 'done' && status !== 'cancelled');
  const ids = new Set(open.map(({ id }) => id));
  const phases = phasesOf(document, open);
  const tasks = open.map((task) => {
    const phase = phases.get(task.id) ?? 0;
    const last = Math.max(-1, ...[...phases.values()].filter((other) => other < phase));
    const before = open.filter(({ id }) => phases.get(id) === last).map(({ id }) => id);
    const read = taskOf(task, document.path, ids);
    return { ...read, dependsOn: [...new Set([...read.dependsOn, ...before])] };
  });
  return { tasks, diagnostics: document.diagnostics };
}

// A phase waits for the one before it. A task that needs one of a later phase belongs to that phase, whatever its heading.
function phasesOf(document: SourceDocument, open: readonly SourceTask[]): ReadonlyMap<string, number> {
  const phases = new Map(open.map(({ id }) => [id, 0]));
  let phase = 0;
  for (const { taskIds, isBarrier } of document.stages) {
    for (const id of taskIds) if (phases.has(id)) phases.set(id, phase);
    if (isBarrier) phase += 1;
  }
  for (let isMoving = true; isMoving;) {
    isMoving = false;
    for (const { id, dependencies } of open) {
      const latest = Math.max(0, ...dependencies.map((each) => phases.get(each.id) ?? 0));
      if (latest <= (phases.get(id) ?? 0)) continue;
      phases.set(id, latest);
      isMoving = true;
    }
  }
  return phases;
}

function taskOf(task: SourceTask, path: string, open: ReadonlySet<string>): Task {
  const paths = (isNew: boolean): readonly string[] =>
    task.writes.filter(({ mode }) => (mode === 'create') === isNew).map((file) => file.path);
  return {
    ...TASK_DEFAULTS,
    id: task.id,
    title: task.title,
    agent: task.agent,
    files: { create: paths(true), modify: paths(false), read: task.reads },
    dependsOn: task.dependencies.map(({ id }) => id).filter((id) => open.has(id)),
    priority: parsePriority(task.priority ?? '') ?? TASK_DEFAULTS.priority,
    checkpoint: task.kind === 'checkpoint',
    criteria: task.acceptance,
    estimateMinutes: task.estimate?.minutes ?? TASK_DEFAULTS.estimateMinutes,
    detail: task.detail,
    source: { path: task.source ?? path, line: task.range.start.line },
  };
}
