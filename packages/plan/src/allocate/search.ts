import { at } from '../schedule/lists.ts';
import { lowerBound, tightLowerBound, type LowerBound } from '../schedule/lower-bound.ts';
import type { Problem } from '../schedule/problem.ts';
import type { Schedule } from '../schedule/simulation.ts';
import { balanceGroups } from './balance.ts';
import { defaultWeights, type Toll, type Weights } from './cost.ts';
import { groupsByFiles, singletons, type Groups } from './groups.ts';
import { improve, type Budget, type Candidate } from './improve.ts';
import { createJudge, isPerfect, type Judge, type Judged } from './judge.ts';
import { searchOrder } from './order-search.ts';

/** How long to look for something better; counted in steps, so that the answer never depends on the machine. */
export type Effort = 'fast' | 'normal' | 'best';

/** Tasks given to agents, with times. */
export interface Allocated extends Schedule {
  readonly cost: number;
  readonly toll: Toll;
  readonly bound: LowerBound;
}

/** What the search needs beside the problem. */
export interface SearchOptions {
  readonly effort: Effort;
  readonly weights?: Weights;
  /** Minutes that a handoff took here, where that was measured. */
  readonly handoffMinutes?: number | undefined;
  /** Folders (as numbers) that each task writes in; agents are kept to few folders. */
  readonly folders?: readonly (readonly number[])[];
  /** Agent of each task that is already with someone, -1 for the others. */
  readonly fixed?: Int32Array;
  /** Agent that each task was planned for before, -1 for new ones; leaving it costs. */
  readonly home?: Int32Array;
}

const BUDGET: Readonly<Record<Effort, Budget>> = {
  fast: { moves: 2_000, plays: 0, rounds: 0, orders: 0 },
  normal: { moves: 30_000, plays: 120_000, rounds: 4, orders: 300 },
  best: { moves: 100_000, plays: 400_000, rounds: 24, orders: 6_000 },
};
// From here on one good start is taken instead of the best of several.
const LARGE = 2_000;
// A file with more writers than this is passed around whatever one does.
const CUTS: readonly number[] = [Infinity, 12, 6, 3];

/**
 * Assigns and schedules together: makespan first, then handoffs, shared files and balance. Tasks that share files begin
 * as one group, files with many writers cut out if that pays; then groups, tasks and files move between agents.
 */
export function searchAllocation(problem: Problem, options: SearchOptions): Allocated {
  const weights = options.weights ?? defaultWeights(problem, options.handoffMinutes);
  const judge = createJudge(problem, weights, options);
  const plain = lowerBound(problem);
  const begin = bestStart(problem, judge, { ...options, floor: plain.minutes });
  let best = begin.judged;
  const isQuick = options.effort === 'fast' && problem.taskCount > LARGE;
  const isDone = options.folders === undefined && isPerfect(problem, best, plain.minutes);
  if (!isQuick && !isDone) {
    const budget = BUDGET[options.effort];
    const improved = improve(problem, begin, { ...options, weights, judge, budget, floor: plain.minutes });
    if (improved.cost < best.cost) best = improved;
  }
  const bound = best.makespan > plain.minutes && !isQuick ? tightLowerBound(problem) : plain;
  if (best.makespan > bound.minutes)
    best = reorder(problem, best, { ...options, judge, floor: bound.minutes });
  return { ...best, bound };
}

interface Floored extends SearchOptions {
  /** No schedule is shorter. */
  readonly floor: number;
}

/** The best of the plain answers: lanes of shared files, balanced or taken as agents get free, with hubs cut or not. */
function bestStart(problem: Problem, judge: Judge, { fixed, home, floor }: Floored): Candidate {
  let best: Candidate | undefined;
  let isOpen = true;
  const consider = (groups: Groups, agentOfGroup: Int32Array): void => {
    if (!isOpen) return;
    const judged = judge(groups, agentOfGroup);
    if (best === undefined || judged.cost < best.judged.cost) best = { groups, judged };
    isOpen = !isPerfect(problem, best.judged, floor);
  };
  const share = problem.durations.reduce((sum, minutes) => sum + minutes, 0) / problem.agentCount;
  let count = -1;
  for (const most of CUTS) {
    if (!isOpen) break;
    const groups = groupsByFiles(
      problem,
      (file) => at(problem.writers.offsets, file + 1) - at(problem.writers.offsets, file) > most,
    );
    if (groups.count === count) continue;
    count = groups.count;
    if (problem.taskCount > LARGE) {
      if (most !== CUTS.at(-1) && heaviest(problem, groups) > share) continue;
      consider(groups, pin(groups, balanceGroups(problem, groups), fixed));
      break;
    }
    consider(groups, pin(groups, balanceGroups(problem, groups), fixed));
    consider(groups, pin(groups, new Int32Array(groups.count).fill(-1), fixed));
  }
  const single = singletons(problem.taskCount);
  if (home !== undefined) {
    const stay = home.map((agent) => (agent < problem.agentCount ? agent : -1));
    const judged = judge(single, pin(single, stay, fixed));
    if (best === undefined || judged.cost < best.judged.cost)
      return { groups: best?.groups ?? single, judged };
  }
  return best ?? { groups: single, judged: judge(single, new Int32Array(single.count)) };
}

function heaviest(problem: Problem, groups: Groups): number {
  const minutes = new Int32Array(groups.count);
  for (const [task, group] of groups.groupOf.entries())
    minutes[group] = at(minutes, group) + at(problem.durations, task);
  return minutes.reduce((most, each) => Math.max(most, each), 0);
}

/** Groups of which a task is already with someone stay with that agent. */
function pin(groups: Groups, agentOfGroup: Int32Array, fixed: Int32Array | undefined): Int32Array {
  for (const [task, agent] of fixed?.entries() ?? [])
    if (agent >= 0) agentOfGroup[at(groups.groupOf, task)] = agent;
  return agentOfGroup;
}

interface Reordering extends SearchOptions {
  readonly judge: Judge;
  readonly floor: number;
}

/** The same tasks in a better order: for this assignment, and for whoever is free where no file ties a task to another. */
function reorder(problem: Problem, found: Judged, how: Reordering): Judged {
  const { judge, floor, fixed } = how;
  const limit = BUDGET[how.effort].orders;
  if (limit === 0) return found;
  const single = singletons(problem.taskCount);
  let best = found;
  const consider = (candidate: Judged): void => {
    if (candidate.cost < best.cost) best = candidate;
  };
  const kept = searchOrder(problem, { agents: found.agents, limit, floor });
  if (kept !== undefined) consider(judge(single, found.agents, kept));
  const lanes = groupsByFiles(problem, () => false);
  const free = lanes.count === problem.taskCount ? searchOrder(problem, { limit, floor }) : undefined;
  if (free !== undefined)
    consider(judge(lanes, pin(lanes, new Int32Array(lanes.count).fill(-1), fixed), free));
  return best;
}
