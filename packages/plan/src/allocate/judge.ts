import { at } from '../schedule/lists.ts';
import { urgencyRanks } from '../schedule/levels.ts';
import type { Problem } from '../schedule/problem.ts';
import { Simulation, type Schedule } from '../schedule/simulation.ts';
import { evenShare } from '../schedule/time-step.ts';
import { costOf, tollOf, type Toll, type Weights } from './cost.ts';
import type { Groups } from './groups.ts';

/** A schedule and what it costs. */
export interface Judged extends Schedule {
  readonly toll: Toll;
  readonly cost: number;
}

/** Plays an assignment of groups to agents through, in order of urgency or another one. */
export type Judge = (groups: Groups, agentOfGroup: Int32Array, ranks?: Int32Array) => Judged;

/** A judge of allocations of one problem; what is fixed runs first, what leaves its home costs. */
export function createJudge(
  problem: Problem,
  weights: Weights,
  { home, fixed }: { readonly home?: Int32Array; readonly fixed?: Int32Array },
): Judge {
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

/** True when the schedule is as short as can be, no file changes hands and nobody has more than an even share. */
export function isPerfect(problem: Problem, { makespan, toll }: Judged, floor: number): boolean {
  return (
    makespan <= floor && toll.handoffs === 0 && toll.sharedFiles === 0 && toll.heaviest <= evenShare(problem)
  );
}
