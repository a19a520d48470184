import type { PlanHeader, PlanTask } from '#protocol';
import { commandsIn } from '../read/command-text.ts';
import type { Plan, PlannedTask } from '../plan/plan.ts';

/** The header of each agent's plan: everything a program needs of it. */
export function planHeaders(plan: Plan): readonly PlanHeader[] {
  return plan.agents.map(({ id, role }) => ({
    version: 1,
    agent: id,
    role,
    feature: plan.feature,
    prd_hash: plan.prdHash,
    tasks: plan.tasks
      .filter(({ agent }) => agent === id)
      .toSorted((a, b) => a.startMinute - b.startMinute)
      .map(headerTask),
  }));
}

function headerTask(task: PlannedTask): PlanTask {
  const acceptance = task.acceptance
    .map((text) => commandsIn(text)[0])
    .find((command) => command !== undefined);
  return {
    id: task.id,
    title: task.title,
    files: task.files,
    depends_on: task.dependsOn,
    estimate_minutes: task.estimateMinutes,
    ...(task.priority === undefined ? {} : { priority: task.priority }),
    start_minute: task.startMinute,
    ...(acceptance === undefined ? {} : { acceptance }),
    ...(task.gates.length === 0 ? {} : { gates: task.gates }),
    ...(task.isCheckpoint ? { checkpoint: true } : {}),
  };
}
