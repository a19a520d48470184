import type { Diagnostic } from '#protocol';
import { findCycle } from '../allocate/find-cycle.ts';
import { indexTeam } from '../render/team.ts';
import { placeInPlan, type PlanReading } from './read-plan-file.ts';

/** Cycles of dependencies, each named, and tasks planned to start before one they depend on ends. */
export function checkOrder(plans: readonly PlanReading[]): readonly Diagnostic[] {
  return [...cycles(plans), ...tooEarly(plans)];
}

function cycles(plans: readonly PlanReading[]): readonly Diagnostic[] {
  const tasks = plans.flatMap((plan) => plan.header.tasks.map((task) => ({ plan, task })));
  const indexOf = new Map(tasks.map(({ task }, index) => [task.id, index]));
  let edges = tasks.flatMap(({ task }, after) =>
    task.depends_on.flatMap((id) => {
      const before = indexOf.get(id);
      return before === undefined ? [] : [{ before, after }];
    }),
  );
  const problems: Diagnostic[] = [];
  for (
    let cycle = findCycle(edges, tasks.length);
    cycle !== undefined;
    cycle = findCycle(edges, tasks.length)
  ) {
    const loop = cycle;
    const name = (index: number | undefined): string => tasks[index ?? -1]?.task.id ?? '?';
    const last = tasks[loop.at(-1)?.after ?? -1];
    if (last !== undefined) {
      const path = [...loop.map(({ before }) => name(before)), name(loop[0]?.before)].join(' → ');
      problems.push({
        severity: 'error',
        code: 'TASK_CYCLE',
        message: `these tasks wait for one another: ${path}`,
        path: last.plan.path,
        range: placeInPlan(last.plan.text, last.task.id, name(loop.at(-1)?.before)),
      });
    }
    edges = edges.filter((edge) => !loop.includes(edge));
  }
  return problems;
}

function tooEarly(plans: readonly PlanReading[]): readonly Diagnostic[] {
  const { byId } = indexTeam(plans.map(({ header }) => header));
  return plans.flatMap(({ path, text, header }) =>
    header.tasks.flatMap((task) =>
      task.depends_on.flatMap((id): readonly Diagnostic[] => {
        const before = byId.get(id);
        const end = before === undefined ? 0 : before.start_minute + before.estimate_minutes;
        if (task.start_minute >= end) return [];
        return [
          {
            severity: 'error',
            code: 'TASK_TOO_EARLY',
            message: `${task.id} starts at minute ${task.start_minute}, before ${id} ends at minute ${end}`,
            path,
            range: placeInPlan(text, task.id, 'start_minute'),
          },
        ];
      }),
    ),
  );
}
