import { at } from '../schedule/lists.ts';
import type { Problem } from '../schedule/problem.ts';
import { SegmentPlayer } from '../schedule/segment-player.ts';
import type { Weights } from './cost.ts';
import { singletons, type Groups } from './groups.ts';
import { isPerfect, type Judge, type Judged } from './judge.ts';
import { shiftSearch, type ShiftInput } from './shift-search.ts';

/** An allocation and the groups it was made of. */
export interface Candidate {
  readonly groups: Groups;
  readonly judged: Judged;
}

/** How much to look, in steps. */
export interface Budget {
  /** Moves of the quick search. */
  readonly moves: number;
  /** Moves judged by playing stretches through. */
  readonly plays: number;
  /** Times that the search goes on from where sharing had another price. */
  readonly rounds: number;
  /** Schedules of the order search. */
  readonly orders: number;
}

/** What is known of an allocation that is to be improved. */
export interface Improving {
  readonly budget: Budget;
  readonly weights: Weights;
  readonly judge: Judge;
  /** No schedule is shorter. */
  readonly floor: number;
  readonly folders?: readonly (readonly number[])[];
  readonly fixed?: Int32Array;
  readonly home?: Int32Array;
}

// Below this many tasks a part of the budget is enough.
const SMALL = 40;
// Playing more tasks, or a longer stretch, through for each move costs more than it gains.
const MOST_TASKS = 2_000;
const WIDEST = 400;
// What a shared file costs in a round, in percent of its price, one round after the other.
const PRICES: readonly number[] = [5, 20, 50, 1_000];
// A round takes this part of the played moves for each of its halves.
const ROUND = 4;

/** Moves tasks, groups and files between agents: quickly, then by playing each move through, then in rounds. */
export function improve(problem: Problem, begin: Candidate, how: Improving): Judged {
  const { weights, judge, fixed, budget } = how;
  const single = singletons(problem.taskCount);
  const folders = how.folders ?? Array.from(single.groupOf, () => []);
  const shared = {
    problem,
    weights,
    groups: begin.groups,
    folders,
    folderCount: 1 + folders.reduce((most, row) => row.reduce((a, b) => Math.max(a, b), most), 0),
    ...(how.home === undefined ? {} : { home: how.home }),
    ...(fixed === undefined ? {} : { isFixed: (task: number): boolean => at(fixed, task) >= 0 }),
  };
  const scaled = (steps: number): number => Math.min(steps, Math.floor((steps / SMALL) * problem.taskCount));
  const better = (found: Int32Array, than: Judged): Judged => {
    const judged = judge(single, found);
    return judged.cost < than.cost ? judged : than;
  };
  const start = better(
    shiftSearch({ ...shared, start: begin.judged.agents, moves: scaled(budget.moves) }),
    begin.judged,
  );
  if (budget.plays === 0 || problem.taskCount > MOST_TASKS) return start;
  const player = new SegmentPlayer(problem);
  if (player.widest > WIDEST) return start;
  const played = { ...shared, player, moves: scaled(budget.plays) };
  const best = better(shiftSearch({ ...played, start: start.agents }), start);
  return oscillate(best, { ...how, played, better });
}

interface Oscillating extends Improving {
  readonly played: Omit<ShiftInput, 'start'>;
  readonly better: (found: Int32Array, than: Judged) => Judged;
}

/**
 * Lets files be shared cheaply for a while, then asks the full price again (strategic oscillation, Glover 1977): a file
 * whose many writers would all have to move at once for a gain is left behind on the way. A price too dear to share at
 * does the same for what is still shared. Ends when as many rounds as there are prices brought nothing.
 */
function oscillate(begin: Judged, { budget, weights, played, better, floor }: Oscillating): Judged {
  let best = begin;
  let idle = 0;
  for (let round = 0; round < budget.rounds && idle < PRICES.length; round += 1) {
    if (isPerfect(played.problem, best, floor)) break;
    const percent = PRICES[round % PRICES.length] ?? 100;
    if (percent > 100 && best.toll.sharedFiles === 0) continue;
    const steps = { ...played, moves: played.moves / ROUND, seed: round + 1 };
    const astray = shiftSearch({ ...steps, weights: priced(weights, percent), start: best.agents });
    const found = better(shiftSearch({ ...steps, start: astray }), best);
    idle = found === best ? idle + 1 : 0;
    best = found;
  }
  return best;
}

function priced(weights: Weights, percent: number): Weights {
  const part = (weight: number): number => Math.round((weight * percent) / 100);
  return { ...weights, handoff: part(weights.handoff), sharedFile: part(weights.sharedFile) };
}
