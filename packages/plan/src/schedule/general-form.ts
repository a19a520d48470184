import { createCapacityProblem, type CapacityProblem } from './capacity-problem.ts';
import { at, invertLists, listAt } from './lists.ts';
import type { Problem } from './problem.ts';
import { timeStepOf } from './time-step.ts';

/** A problem in the general form, its minutes divided by what all durations have in common. */
export interface GeneralForm {
  readonly capacity: CapacityProblem;
  readonly minutesPerUnit: number;
}

/**
 * Agents become one resource with a unit each, or, where the assignment is given, a resource each; every file with
 * several writers becomes a resource of one unit. Skills are left out: without an assignment this is a relaxation.
 */
export function toGeneralForm(problem: Problem, agents?: Int32Array): GeneralForm {
  const { size, taskCount, agentCount, fileCount } = problem;
  const minutesPerUnit = timeStepOf({ ...problem, handoffMinutes: 0 });
  const lockers = invertLists(problem.locks, fileCount);
  const first = agents === undefined ? 1 : agentCount;
  const resourceOf = new Int32Array(fileCount).fill(-1);
  let resources = first;
  for (let file = 0; file < fileCount; file += 1)
    if (listAt(lockers, file).length > 1) resourceOf[file] = resources++;
  const edges: (readonly [number, number])[] = [];
  for (let node = 0; node < size; node += 1)
    for (const before of listAt(problem.predecessors, node)) edges.push([before, node]);
  const capacity = createCapacityProblem({
    durations: Array.from(problem.durations, (minutes) => minutes / minutesPerUnit),
    edges,
    capacities: Array.from({ length: resources }, (_, resource) =>
      agents === undefined && resource === 0 ? agentCount : 1,
    ),
    demands: Array.from({ length: size }, (_, node) => {
      if (node >= taskCount) return [];
      const files = [...listAt(problem.locks, node)].flatMap((file) =>
        at(resourceOf, file) < 0 ? [] : [at(resourceOf, file)],
      );
      return [agents === undefined ? 0 : at(agents, node), ...files].map(
        (resource) => [resource, 1] as const,
      );
    }),
  });
  return { capacity, minutesPerUnit };
}
