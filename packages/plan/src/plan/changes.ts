import type { PlanHeader } from '#protocol';
import type { Change, Plan } from './plan.ts';
import { STILL_RUNNING } from './progress.ts';

/** What a new plan does differently from the plans before it, task by task, in the order of the tasks. */
export function changesSince(
  previous: readonly PlanHeader[],
  tasks: Plan['tasks'],
  stillRunning: ReadonlySet<string>,
): readonly Change[] {
  const before = new Map(
    previous.flatMap(({ agent, tasks: own }) => own.map((task) => [task.id, { agent, task }] as const)),
  );
  if (before.size === 0) return [];
  const changes = tasks.flatMap((task): Change[] => {
    const old = before.get(task.id);
    if (old === undefined)
      return [
        { id: task.id, kind: 'added', to: task.agent, why: task.why.added ?? 'the document has it now' },
      ];
    if (stillRunning.has(task.id)) return [{ id: task.id, kind: 'kept', to: task.agent, why: STILL_RUNNING }];
    if (old.agent !== task.agent)
      return [{ id: task.id, kind: 'moved', from: old.agent, to: task.agent, why: task.why.agent }];
    return [];
  });
  const now = new Set(tasks.map(({ id }) => id));
  const gone = [...before].filter(([id]) => !now.has(id));
  return [
    ...changes,
    ...gone.map(([id, { agent }]): Change => ({
      id,
      kind: 'dropped',
      from: agent,
      why: 'the document no longer asks for it',
    })),
  ];
}
