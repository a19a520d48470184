import { at, listAt } from '../schedule/lists.ts';
import type { Problem } from '../schedule/problem.ts';
import type { Schedule } from '../schedule/simulation.ts';

/** What an allocation costs beside its makespan. */
export interface Toll {
  /** Times that a file's next writer is another agent than its last. */
  readonly handoffs: number;
  /** Files that more than one agent writes. */
  readonly sharedFiles: number;
  /** Dependencies between tasks of different agents. */
  readonly crossings: number;
  /** Minutes of the busiest agent. */
  readonly heaviest: number;
}

/** How much each part of the toll weighs, in hundredths of a minute of makespan. */
export interface Weights {
  readonly handoff: number;
  readonly sharedFile: number;
  readonly crossing: number;
  readonly heaviest: number;
  readonly spread: number;
  /** For each task that leaves the agent it was planned for. */
  readonly move: number;
}

// Beyond these sizes a handoff's own work decides, not its share of the whole.
const FEWEST_TASKS = 14;
const MOST_TASKS = 150;

/**
 * What coordination weighs. A handoff weighs the minutes that it took here, where that was measured; otherwise a file that
 * changes hands must shorten the whole by some percent (5 with three agents, 15 with five), each of its handoffs by a
 * twentieth of that: so in a long plan sharing pays seldom, in a short one sooner. Uneven loads weigh more the more agents
 * there are to wait for the busiest.
 */
export function defaultWeights(problem: Problem, handoffMinutes?: number): Weights {
  const { agentCount, taskCount } = problem;
  const work = problem.durations.reduce((sum, minutes) => sum + minutes, 0);
  const mean = Math.max(1, Math.round(work / Math.max(1, taskCount)));
  const share = mean * Math.min(MOST_TASKS, Math.max(FEWEST_TASKS, taskCount));
  return {
    handoff: handoffMinutes === undefined ? Math.round(0.03 * agentCount * share) : 100 * handoffMinutes,
    sharedFile: Math.round(0.6 * agentCount * share),
    crossing: mean,
    heaviest: Math.min(150, Math.round(0.1 * (agentCount - 1) ** 5)),
    spread: mean,
    move: 40 * mean,
  };
}

/** Counts what an allocation costs beside its makespan. */
export function tollOf(problem: Problem, schedule: Pick<Schedule, 'starts' | 'agents'>): Toll {
  const { agents, starts } = schedule;
  let handoffs = 0;
  let sharedFiles = 0;
  for (let file = 0; file < problem.fileCount; file += 1) {
    const writers = listAt(problem.writers, file);
    if (writers.length < 2) continue;
    const changes = changesOf(writers, starts, agents);
    handoffs += changes;
    sharedFiles += Number(changes > 0);
  }
  return {
    handoffs,
    sharedFiles,
    crossings: crossingsOf(problem, agents),
    heaviest: heaviestOf(problem, agents),
  };
}

/** Changes of agent along the writers of a file in the order of their starts. */
export function changesOf(writers: Int32Array, starts: Int32Array, agents: Int32Array): number {
  const ordered = isSorted(writers, starts)
    ? writers
    : writers.slice().sort((a, b) => at(starts, a) - at(starts, b) || a - b);
  let changes = 0;
  for (let place = 1; place < ordered.length; place += 1) {
    changes += Number(at(agents, at(ordered, place)) !== at(agents, at(ordered, place - 1)));
  }
  return changes;
}

function isSorted(writers: Int32Array, starts: Int32Array): boolean {
  for (let place = 1; place < writers.length; place += 1) {
    if (at(starts, at(writers, place)) < at(starts, at(writers, place - 1))) return false;
  }
  return true;
}

function crossingsOf(problem: Problem, agents: Int32Array): number {
  let crossings = 0;
  for (let task = 0; task < problem.taskCount; task += 1) {
    for (const before of listAt(problem.predecessors, task)) {
      if (before < problem.taskCount && at(agents, before) !== at(agents, task)) crossings += 1;
    }
  }
  return crossings;
}

function heaviestOf(problem: Problem, agents: Int32Array): number {
  const loads = new Int32Array(problem.agentCount);
  for (let task = 0; task < problem.taskCount; task += 1) {
    const agent = at(agents, task);
    loads[agent] = at(loads, agent) + at(problem.durations, task);
  }
  return loads.reduce((most, load) => Math.max(most, load), 0);
}

/** One number to compare allocations by: makespan first, then what it takes to coordinate. */
export function costOf(makespan: number, toll: Toll, weights: Weights): number {
  return (
    100 * makespan +
    weights.handoff * toll.handoffs +
    weights.sharedFile * toll.sharedFiles +
    weights.crossing * toll.crossings +
    weights.heaviest * toll.heaviest
  );
}
