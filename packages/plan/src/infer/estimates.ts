import type { Estimate, SourceTask } from '../model.ts';

/** Gives tasks without an estimate that of similar commits, else the default: two hours, half an hour to check something, one hour for documents. */
export function inferEstimates(
  tasks: readonly SourceTask[],
  fromHistory: (task: SourceTask) => Estimate | undefined,
): readonly SourceTask[] {
  return tasks.map((task) => {
    if (task.estimate !== undefined) return task;
    const history = task.kind === 'task' ? fromHistory(task) : undefined;
    return { ...task, estimate: history ?? defaultEstimate(task) };
  });
}

function defaultEstimate(task: SourceTask): Estimate {
  if (task.kind !== 'task')
    return { minutes: 30, reason: 'default', why: 'no estimate; checking takes half an hour' };
  const isDocument =
    task.writes.length > 0 && task.writes.every(({ path }) => /\.(?:md|mdx|rst|txt)$/u.test(path));
  if (isDocument) return { minutes: 60, reason: 'default', why: 'no estimate; a document takes one hour' };
  return { minutes: 120, reason: 'default', why: 'no estimate; a task takes two hours' };
}
