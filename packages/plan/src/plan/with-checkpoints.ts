import type { Checkpoint, SourceDocument, SourceTask } from '../model.ts';
import { taskOf } from './task-of.ts';
import { titleId, uniqueId } from '../read/assign-ids.ts';
import { rangeAt } from '#protocol';

/** Which lines about a checkpoint become a task that a person approves. */
export type CheckpointMode = 'asked' | 'all' | 'off';

const MINUTES = 30;

/**
 * The document with a task for each checkpoint that wants a person's word or a command run: it waits for the tasks before, those
 * after wait for it. With `all` every checkpoint wants a person's word; with `off` none is added.
 */
export function withCheckpoints(document: SourceDocument, mode: CheckpointMode): SourceDocument {
  const wanted = (document.checkpoints ?? []).filter(
    ({ isAsked, commands }) => mode === 'all' || (mode === 'asked' && (isAsked || commands.length > 0)),
  );
  return wanted.reduce((whole, each) => addCheckpoint(whole, each, mode), document);
}

function addCheckpoint(document: SourceDocument, given: Checkpoint, mode: CheckpointMode): SourceDocument {
  const [after, before] = [new Set(given.after), new Set(given.before)];
  const open = document.tasks.filter(({ id, status }) => after.has(id) && status !== 'cancelled');
  const last = open.at(-1);
  if (last === undefined || open.every(({ status }) => status === 'done')) return document;
  const task = checkpointTask(given, open, { document, isApproved: mode === 'all' || given.isAsked });
  const why = `line ${given.line}: ${given.text.slice(0, 100)}`;
  return {
    ...document,
    tasks: document.tasks.flatMap((each) => {
      const own = before.has(each.id)
        ? { ...each, dependencies: [...each.dependencies, { id: task.id, reason: 'section' as const, why }] }
        : each;
      return each === last ? [own, task] : [own];
    }),
    stages: document.stages.map((stage) =>
      stage.taskIds.includes(last.id) ? { ...stage, taskIds: [...stage.taskIds, task.id] } : stage,
    ),
  };
}

function checkpointTask(
  { text, line, commands }: Checkpoint,
  after: readonly SourceTask[],
  { document, isApproved }: { readonly document: SourceDocument; readonly isApproved: boolean },
): SourceTask {
  const used = new Set(document.tasks.map(({ id }) => id));
  const wanted = `checkpoint-${titleId(text).slice(0, 36).replace(/-+$/u, '')}`;
  return taskOf({
    id: uniqueId(wanted, used),
    title: `Checkpoint: ${text.slice(0, 200)}`,
    section: after.at(-1)?.section ?? [],
    range: rangeAt(line),
    dependencies: after.map((task) => ({
      id: task.id,
      reason: 'section' as const,
      why: `line ${line} puts a checkpoint after it`,
    })),
    estimate: { minutes: MINUTES, reason: 'default', why: 'no estimate; a check takes half an hour' },
    kind: 'checkpoint',
    ...(commands.length === 0 ? {} : { gates: commands }),
    ...(isApproved ? { approval: `line ${line}: ${text.slice(0, 100)}` } : {}),
    added: `the plan added it: line ${line} of the document asks for it`,
  });
}
