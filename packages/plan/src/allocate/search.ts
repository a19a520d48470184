import { tightLowerBound, type LowerBound } from '../schedule/lower-bound.ts';
import { urgencyRanks } from '../schedule/levels.ts';
import type { Problem } from '../schedule/problem.ts';
import { Simulation, type Schedule } from '../schedule/simulation.ts';
import { balanceGroups } from './balance.ts';
import { costOf, defaultWeights, tollOf, type Toll, type Weights } from './cost.ts';
import { groupsByFiles, singletons, type Groups } from './groups.ts';
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
  /** Folders (as numbers) that each task writes in; agents are kept to few folders. */
  readonly folders?: readonly (readonly number[])[];
}

const STEPS: Readonly<Record<Effort, number>> = { fast: 2_000, normal: 20_000, best: 400_000 };

/** Assigns and schedules together: makespan first, then handoffs, shared files and balance. */
export function searchAllocation(problem: Problem, options: SearchOptions): Allocated {
  const weights = options.weights ?? defaultWeights(problem);
  const simulation = new Simulation(problem);
  const ranks = urgencyRanks(problem);
  const lanes = groupsByFiles(problem, () => false);
  const single = singletons(problem.taskCount);
  const judge = (groups: Groups, agentOfGroup: Int32Array): Judged => {
    const run = simulation.run({ groupOf: groups.groupOf, agentOfGroup, ranks });
    const toll = tollOf(problem, run);
    return {
      starts: run.starts.slice(),
      agents: run.agents.slice(),
      makespan: run.makespan,
      toll,
      cost: costOf(run.makespan, toll, weights),
    };
  };
  let best = judge(lanes, balanceGroups(problem, lanes));
  const free = judge(lanes, new Int32Array(lanes.count).fill(-1));
  if (free.cost < best.cost) best = free;
  const folders = options.folders ?? Array.from({ length: problem.taskCount }, () => []);
  const shifted = shiftSearch({
    problem,
    weights,
    groups: lanes,
    folders,
    folderCount: 1 + folders.reduce((most, row) => row.reduce((a, b) => Math.max(a, b), most), 0),
    start: best.agents,
    steps: STEPS[options.effort],
  });
  const candidate = judge(single, shifted);
  if (candidate.cost < best.cost) best = candidate;
  return { ...best, bound: tightLowerBound(problem) };
}

type Judged = Omit<Allocated, 'bound'>;
