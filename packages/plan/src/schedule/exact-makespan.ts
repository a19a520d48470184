import { at } from './lists.ts';
import type { CapacityProblem } from './capacity-problem.ts';
import { SerialScheduler } from './serial-schedule.ts';

/** Up to this many activities the exact search is used; it is exponential. */
export const EXACT_UP_TO = 8;

/**
 * The shortest makespan that exists, by branching over every order in which activities may be placed (some order gives
 * an optimal schedule, because the makespan never gains from waiting) and cutting branches that cannot beat the best.
 * Stops at `floor`, which no schedule can be shorter than.
 */
export function exactMakespan(problem: CapacityProblem, tails: Int32Array, floor = 0): number {
  const scheduler = new SerialScheduler(problem);
  const order = new Int32Array(problem.count);
  const isPlaced = new Uint8Array(problem.count);
  let best = Infinity;
  branch(0);
  return best;

  function branch(length: number): void {
    if (best <= floor) return;
    const prefix = order.subarray(0, length);
    const makespan = scheduler.forward(prefix);
    if (makespan >= best) return;
    if (length === problem.count) {
      best = makespan;
      return;
    }
    for (let index = 0; index < length; index += 1) {
      const activity = at(prefix, index);
      if (at(scheduler.starts, activity) + at(tails, activity) >= best) return;
    }
    for (let activity = 0; activity < problem.count; activity += 1) {
      if (isPlaced[activity] === 1 || !isOpen(activity)) continue;
      isPlaced[activity] = 1;
      order[length] = activity;
      branch(length + 1);
      isPlaced[activity] = 0;
    }
  }

  function isOpen(activity: number): boolean {
    const { offsets, items } = problem.predecessors;
    for (let place = at(offsets, activity); place < at(offsets, activity + 1); place += 1) {
      if (isPlaced[at(items, place)] !== 1) return false;
    }
    return true;
  }
}
