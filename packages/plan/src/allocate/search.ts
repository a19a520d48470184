import { at } from '../schedule/lists.ts';
import { lowerBound, tightLowerBound, type LowerBound } from '../schedule/lower-bound.ts';
import { urgencyRanks } from '../schedule/levels.ts';
import type { Problem } from '../schedule/problem.ts';
import { evenShare } from '../schedule/time-step.ts';
import { Simulation, type Schedule } from '../schedule/simulation.ts';
import { balanceGroups } from './balance.ts';
import { costOf, defaultWeights, tollOf, type Toll, type Weights } from './cost.ts';
import { groupsByFiles, singletons, type Groups } from './groups.ts';
import { searchOrder } from './order-search.ts';
import { SegmentPlayer } from '../schedule/segment-player.ts';
import { shiftSearch } from './shift-search.ts';

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

interface Judged extends Schedule {
  readonly toll: Toll;
  readonly cost: number;
}

interface Candidate {
  readonly groups: Groups;
  readonly judged: Judged;
}

/** Moves of the quick search, moves judged by playing stretches through, schedules of the order search. */
const BUDGET: Readonly<
  Record<Effort, { readonly moves: number; readonly plays: number; readonly orders: number }>
> = {
  fast: { moves: 2_000, plays: 0, orders: 0 },
  normal: { moves: 30_000, plays: 120_000, orders: 300 },
  best: { moves: 400_000, plays: 1_000_000, orders: 6_000 },
};
// Below this many tasks a part of the budget is enough.
const SMALL = 40;
// Playing a longer stretch through for each move costs more than it gains.
const WIDEST = 400;
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
    const improved = improve(problem, begin, { ...options, weights, judge });
    if (improved.cost < best.cost) best = improved;
  }
  const bound = best.makespan > plain.minutes && !isQuick ? tightLowerBound(problem) : plain;
  if (best.makespan > bound.minutes)
    best = reorder(problem, best, { ...options, judge, floor: bound.minutes });
  return { ...best, bound };
}

type Judge = (groups: Groups, agentOfGroup: Int32Array, ranks?: Int32Array) => Judged;

function createJudge(problem: Problem, weights: Weights, { home, fixed }: SearchOptions): Judge {
  const simulation = new Simulation(problem);
  const urgency = urgencyRanks(
    problem,
    fixed === undefined ? undefined : (task): boolean => at(fixed, task) >= 0,
  );
  return ({ groupOf }, agentOfGroup, ranks = urgency) => {
    const run = simulation.run({ groupOf, agentOfGroup, ranks });
    const toll = tollOf(problem, run);
    const moved =
      home?.reduce((sum, agent, task) => sum + Number(agent >= 0 && agent !== at(run.agents, task)), 0) ?? 0;
    const cost = costOf(run.makespan, toll, weights) + weights.move * moved;
    return { starts: run.starts.slice(), agents: run.agents.slice(), makespan: run.makespan, toll, cost };
  };
}

interface Floored extends SearchOptions {
  /** No schedule is shorter. */
  readonly floor: number;
}

/** True when the schedule is as short as can be, no file changes hands and nobody has more than an even share. */
function isPerfect(problem: Problem, { makespan, toll }: Judged, floor: number): boolean {
  return (
    makespan <= floor && toll.handoffs === 0 && toll.sharedFiles === 0 && toll.heaviest <= evenShare(problem)
  );
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

interface Improving extends SearchOptions {
  readonly weights: Weights;
  readonly judge: Judge;
}

function improve(problem: Problem, begin: Candidate, how: Improving): Judged {
  const { weights, judge, fixed, effort } = how;
  const single = singletons(problem.taskCount);
  const folders = how.folders ?? Array.from(single.groupOf, () => []);
  const { moves, plays } = BUDGET[effort];
  const scaled = (steps: number): number => Math.min(steps, Math.floor((steps / SMALL) * problem.taskCount));
  const shared = {
    problem,
    weights,
    groups: begin.groups,
    folders,
    folderCount: 1 + folders.reduce((most, row) => row.reduce((a, b) => Math.max(a, b), most), 0),
    ...(how.home === undefined ? {} : { home: how.home }),
    ...(fixed === undefined ? {} : { isFixed: (task: number): boolean => at(fixed, task) >= 0 }),
  };
  const shifted = shiftSearch({ ...shared, start: begin.judged.agents, moves: scaled(moves) });
  const quick = judge(single, shifted);
  const start = quick.cost < begin.judged.cost ? quick : begin.judged;
  if (plays === 0 || problem.taskCount > LARGE) return start;
  const player = new SegmentPlayer(problem);
  if (player.widest > WIDEST) return start;
  const played = judge(single, shiftSearch({ ...shared, start: start.agents, moves: scaled(plays), player }));
  return played.cost < start.cost ? played : start;
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
