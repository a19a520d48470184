import { at } from '../schedule/lists.ts';
import type { Problem } from '../schedule/problem.ts';
import { membersOf, type Groups } from './groups.ts';

/**
 * Gives each group to the agent that lengthens the segments least, largest group first (LPT, Graham 1969, taken
 * segment by segment because agents meet at every barrier); ties go to the lighter agent, then to the first.
 */
export function balanceGroups(problem: Problem, groups: Groups): Int32Array {
  const { agentCount, segmentCount, segments, durations } = problem;
  const loads = new Int32Array(agentCount * segmentCount);
  const totals = new Int32Array(agentCount);
  const peaks = new Int32Array(segmentCount);
  const agentOfGroup = new Int32Array(groups.count);
  const sized = membersOf(groups).map((tasks, group) => ({ group, ...weigh(problem, tasks) }));
  sized.sort((a, b) => b.minutes - a.minutes || a.group - b.group);
  for (const { group, minutes, allowed, tasks } of sized) {
    let best = { agent: 0, rise: Infinity, total: Infinity };
    for (let agent = 0; agent < agentCount; agent += 1) {
      if ((allowed & (1 << agent)) === 0 && allowed !== 0) continue;
      const rise = riseOf(agent, tasks);
      const total = at(totals, agent);
      if (rise < best.rise || (rise === best.rise && total < best.total)) best = { agent, rise, total };
    }
    place(best.agent, tasks, minutes);
    agentOfGroup[group] = best.agent;
  }
  return agentOfGroup;

  function riseOf(agent: number, tasks: readonly number[]): number {
    let rise = 0;
    for (const task of tasks) {
      const segment = at(segments, task);
      const cell = segment * agentCount + agent;
      loads[cell] = at(loads, cell) + at(durations, task);
      rise += Math.max(
        0,
        at(loads, cell) - Math.max(at(peaks, segment), at(loads, cell) - at(durations, task)),
      );
    }
    for (const task of tasks) {
      const cell = at(segments, task) * agentCount + agent;
      loads[cell] = at(loads, cell) - at(durations, task);
    }
    return rise;
  }

  function place(agent: number, tasks: readonly number[], minutes: number): void {
    totals[agent] = at(totals, agent) + minutes;
    for (const task of tasks) {
      const segment = at(segments, task);
      const cell = segment * agentCount + agent;
      loads[cell] = at(loads, cell) + at(durations, task);
      peaks[segment] = Math.max(at(peaks, segment), at(loads, cell));
    }
  }
}

function weigh(
  problem: Problem,
  tasks: readonly number[],
): { minutes: number; allowed: number; tasks: readonly number[] } {
  let minutes = 0;
  let allowed = -1;
  for (const task of tasks) {
    minutes += at(problem.durations, task);
    allowed &= at(problem.allowed, task);
  }
  return { minutes, allowed, tasks };
}
