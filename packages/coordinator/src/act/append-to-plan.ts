import { join } from 'node:path';
import { isSameAgent } from '#comms';
import { parseFrontMatter, renderFrontMatter } from '#markdown';
import { planHeaderSchema, type PlanTask } from '#protocol';
import type { Store } from '#store';
import type { JudgedTask } from '../model/judgement.ts';

/**
 * Adds a task to the receiver's plan, in its header and as a section of its body. A plan that holds it already stays
 * as it is, byte for byte; the giver's plan keeps the task, because the announcement says whose it is.
 */
export function appendToPlan(
  store: Store,
  squadDir: string,
  order: { readonly task: JudgedTask; readonly from: string; readonly to: string },
): boolean {
  const folder = join(squadDir, 'parallel-plans');
  const plans = store
    .list(folder)
    .filter((name) => name.endsWith('-plan.md'))
    .flatMap((name) => {
      const parsed = parseFrontMatter(store.readText(join(folder, name)) ?? '', name);
      const header = parsed.ok ? planHeaderSchema.decode(parsed.value.data) : undefined;
      return parsed.ok && header?.ok === true
        ? [{ name, body: parsed.value.body, header: header.value }]
        : [];
    });
  const source = plans.flatMap(({ header }) => header.tasks).find(({ id }) => id === order.task.id);
  const target = plans.find(({ header }) => isSameAgent(header.agent, order.to));
  if (target === undefined || target.header.tasks.some(({ id }) => id === order.task.id)) return false;
  const task = { ...(source ?? spokenTask(order.task)), reassigned_from: order.from };
  const header = { ...target.header, tasks: [...target.header.tasks, task] };
  const section = `## Reassigned: ${task.id} ${task.title}\n\nFrom ${order.from}. Files: ${[...task.files.create, ...task.files.modify].join(', ')}.`;
  store.writeAtomic(
    join(folder, target.name),
    renderFrontMatter({ ...header }, `${target.body.trimEnd()}\n\n${section}\n`),
  );
  return true;
}

function spokenTask(task: JudgedTask): PlanTask {
  return {
    id: task.id,
    title: task.title,
    files: { create: [], modify: task.files, read: [] },
    depends_on: task.dependsOn,
    estimate_minutes: task.estimateMinutes,
    start_minute: 0,
  };
}
