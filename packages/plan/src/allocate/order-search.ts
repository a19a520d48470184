import { at } from '../schedule/lists.ts';
import { searchCapacity } from '../schedule/capacity-search.ts';
import { toGeneralForm } from '../schedule/general-form.ts';
import type { Problem } from '../schedule/problem.ts';

// Beyond these the profiles of the general form cost more memory and time than an order can gain.
const MOST_TASKS = 600;
const MOST_CELLS = 4_000_000;

/**
 * A better order of urgency than the longest remaining path: from the best schedule that the general search finds in
 * `limit` schedules, for a given assignment or for any. `undefined` for problems too large for it.
 */
export function searchOrder(
  problem: Problem,
  options: { readonly agents?: Int32Array; readonly limit: number; readonly floor: number },
): Int32Array | undefined {
  if (problem.taskCount > MOST_TASKS || problem.taskCount < 2) return undefined;
  const { capacity, minutesPerUnit } = toGeneralForm(problem, options.agents);
  const horizon = capacity.durations.reduce((sum, units) => sum + units, 0);
  if (horizon * capacity.capacities.length > MOST_CELLS) return undefined;
  const { starts } = searchCapacity(capacity, {
    limit: options.limit,
    floor: Math.ceil(options.floor / minutesPerUnit),
  });
  const nodes = Array.from({ length: problem.size }, (_, node) => node);
  nodes.sort((a, b) => at(starts, a) - at(starts, b) || a - b);
  const ranks = new Int32Array(problem.size);
  for (const [rank, node] of nodes.entries()) ranks[node] = rank;
  return ranks;
}
