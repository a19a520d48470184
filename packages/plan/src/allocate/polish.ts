import { at } from '../schedule/lists.ts';
import type { Problem } from '../schedule/problem.ts';
import { seededRandom, type Random } from '../schedule/random.ts';

/** What is polished and how it is judged. */
export interface PolishInput {
  readonly problem: Problem;
  /** Tasks that are best moved together. */
  readonly members: readonly (readonly number[])[];
  readonly groupOf: Int32Array;
  readonly start: Int32Array;
  /** The true cost of an assignment, by playing it through. */
  readonly judge: (agents: Int32Array) => number;
  readonly steps: number;
  readonly isFixed?: (task: number) => boolean;
}

/**
 * Improves an assignment by small moves, each judged by playing the whole schedule through: what the quick search
 * cannot see (order inside a stretch, waiting for files) counts here.
 */
export function polish(input: PolishInput): Int32Array {
  const { problem, judge, steps } = input;
  const random = seededRandom(7);
  let best = input.start.slice();
  let bestCost = judge(best);
  for (let step = 0; step < steps && problem.taskCount > 1; step += 1) {
    const candidate = best.slice();
    change(input, candidate, random);
    const cost = judge(candidate);
    if (cost > bestCost) continue;
    best = candidate;
    bestCost = cost;
  }
  return best;
}

function change(input: PolishInput, agents: Int32Array, random: Random): void {
  const { problem, members, groupOf, isFixed } = input;
  const task = random(problem.taskCount);
  const agent = random(problem.agentCount);
  const kind = random(3);
  const put = (each: number, to: number): void => {
    if ((at(problem.allowed, each) & (1 << to)) !== 0 && isFixed?.(each) !== true) agents[each] = to;
  };
  if (kind === 0) put(task, agent);
  else if (kind === 1) for (const member of members[at(groupOf, task)] ?? []) put(member, agent);
  else {
    const other = random(problem.taskCount);
    const mine = at(agents, task);
    put(task, at(agents, other));
    put(other, mine);
  }
}
