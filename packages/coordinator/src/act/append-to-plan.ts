import type { Store } from '#store';
import { addToPlan, findPlanned } from '#tasks';
import type { JudgedTask } from '../model/judgement.ts';

/** Adds a task to the receiver's plan; the giver's plan keeps it, because the announcement says whose it is. */
export function appendToPlan(
  store: Store,
  squadDir: string,
  order: { readonly task: JudgedTask; readonly from: string; readonly to: string },
): boolean {
  const { task, from, to } = order;
  const planned = findPlanned(store, squadDir, task.id) ?? {
    id: task.id,
    title: task.title,
    files: { create: [], modify: task.files, read: [] },
    depends_on: task.dependsOn,
    estimate_minutes: task.estimateMinutes,
    start_minute: 0,
  };
  const files = [...planned.files.create, ...planned.files.modify].join(', ');
  return addToPlan(store, squadDir, {
    agent: to,
    task: { ...planned, reassigned_from: from },
    section: `## Reassigned: ${task.id} ${task.title}\n\nFrom ${from}. Files: ${files}.`,
  });
}
