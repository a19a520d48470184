import type { PlanHeader, PlanTask } from '#protocol';
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
  const acceptance = task.acceptance.map(commandIn).find((command) => command !== undefined);
  return {
    id: task.id,
    title: task.title,
    files: task.files,
    depends_on: task.dependsOn,
    estimate_minutes: task.estimateMinutes,
    ...(task.priority === undefined ? {} : { priority: task.priority }),
    start_minute: task.startMinute,
    ...(acceptance === undefined ? {} : { acceptance }),
  };
}

/** The shell command in an acceptance criterion such as `` `npm test` passes ``; prose is not a command. */
function commandIn(criterion: string): string | undefined {
  const quoted = /`([^`]+)`/u.exec(criterion)?.[1];
  const looksRunnable =
    /^(?:npm|npx|pnpm|yarn|bun|node|make|pytest|python3?|uv|go|cargo|gradle|mvn|dotnet|rake|bundle|composer|phpunit|deno|tsc|vitest|jest)\b/u;
  return quoted !== undefined && looksRunnable.test(quoted) ? quoted : undefined;
}
