import { searchAllocation, type Allocated } from '../allocate/search.ts';
import type { Problem } from '../schedule/problem.ts';
import type { Alternative } from './plan.ts';

/** The largest number of agents that is looked at. */
export const MOST_AGENTS = 9;

/** How many agents to use, and what every other number would give. */
export interface AgentCount {
  readonly count: number;
  readonly why: string;
  /** What a handoff was taken to cost. */
  readonly handoffWhy: string;
  readonly alternatives: readonly Alternative[];
}

/** Minutes that a handoff takes, and how that is known. */
export interface HandoffCost {
  readonly minutes: number;
  readonly why: string;
}

/** What the choice is made from. */
export interface CountInput {
  readonly problemFor: (agents: number) => Problem;
  readonly taskCount: number;
  /** A number that the caller insists on. */
  readonly forced: number | undefined;
  /** Areas that the document's requirements name and that have tasks. */
  readonly namedAreas: readonly string[];
  /** True when most durations are defaults: a curve of guesses then proves no need for more agents than areas. */
  readonly isGuessed: boolean;
  /** What a handoff took before, where that was measured. */
  readonly handoffCost?: HandoffCost | undefined;
  /** As many agents as the document lets be kept apart, where that is few. */
  readonly limit?: number | undefined;
}

// Until it was measured: a handoff (commit, hand over, fetch, read again) takes about a third of a task.
const HANDOFF_IN_TASKS = 0.3;
// Beyond this saving another agent is worth the talk it causes.
const WORTH_PERCENT = 5;

/**
 * Allocates for 1 … 9 agents and takes the fewest whose makespan, with the cost of its handoffs, is within 5 % of the
 * best; but one for each area that the document names, as far as there are tasks, and no more while durations are guesses.
 */
export function chooseAgentCount(input: CountInput): AgentCount {
  return {
    ...choose(input),
    handoffWhy:
      input.handoffCost?.why ?? 'assumed: a handoff costs a third of a task; none was measured here yet',
  };
}

function choose(input: CountInput): Omit<AgentCount, 'handoffWhy'> {
  const { forced, namedAreas } = input;
  const most = Math.max(forced ?? 1, Math.min(MOST_AGENTS, Math.max(1, input.taskCount)));
  const curve: { alternative: Alternative; cost: number }[] = [];
  for (let agents = 1; agents <= most; agents += 1) curve.push(allocateFor(input, agents));
  const alternatives = curve.map(({ alternative }) => alternative);
  const least = curve.reduce((min, { cost }) => Math.min(min, cost), Infinity);
  const enough = 1 + curve.findIndex(({ cost }) => cost * 100 <= least * (100 + WORTH_PERCENT));
  if (forced !== undefined)
    return { count: forced, why: forcedReason(forced, enough, alternatives), alternatives };
  const named = Math.min(namedAreas.length, most);
  const wished = input.isGuessed && named > 1 ? named : Math.max(enough, named);
  if (input.limit !== undefined && wished > input.limit)
    return { count: input.limit, why: limitedReason(input.limit, wished), alternatives };
  const count = wished;
  return { count, why: reason({ count, enough, namedAreas, alternatives }), alternatives };
}

/** What a plan costs: its length, and each handoff as measured here or assumed. */
export function costOf(
  { makespan, toll }: Allocated,
  { durations }: Problem,
  { taskCount, handoffCost }: { readonly taskCount: number; readonly handoffCost?: HandoffCost | undefined },
): number {
  const work = durations.reduce((sum, minutes) => sum + minutes, 0);
  const handoffMinutes = handoffCost?.minutes ?? (HANDOFF_IN_TASKS * work) / Math.max(1, taskCount);
  return makespan + handoffMinutes * toll.handoffs;
}

function allocateFor(input: CountInput, agents: number): { alternative: Alternative; cost: number } {
  const problem = input.problemFor(agents);
  const allocated = searchAllocation(problem, {
    effort: 'fast',
    handoffMinutes: input.handoffCost?.minutes,
  });
  const work = problem.durations.reduce((sum, minutes) => sum + minutes, 0);
  return { alternative: describe(allocated, agents, work), cost: costOf(allocated, problem, input) };
}

function describe(allocated: Allocated, agents: number, work: number): Alternative {
  const span = Math.max(1, allocated.makespan);
  return {
    agents,
    makespanMinutes: allocated.makespan,
    efficiency: Math.round((100 * work) / (agents * span)),
    handoffs: allocated.toll.handoffs,
  };
}

function limitedReason(limit: number, wished: number): string {
  return `${limit}, though ${wished} could share the work: the files of too many tasks are not known to keep agents apart; name them, or ask with --agents ${wished}`;
}

function forcedReason(forced: number, enough: number, alternatives: readonly Alternative[]): string {
  if (enough === forced) return `${forced} as asked; it is also what the curve recommends`;
  const minutes = alternatives[enough - 1]?.makespanMinutes;
  return `${forced} as asked; ${enough} would be enough (${minutes} min)`;
}

function reason(found: {
  count: number;
  enough: number;
  namedAreas: readonly string[];
  alternatives: readonly Alternative[];
}): string {
  const { count, enough, namedAreas, alternatives } = found;
  const at = (agents: number): number => alternatives[agents - 1]?.makespanMinutes ?? 0;
  if (count > enough)
    return `one for each area that the document names: ${namedAreas.join(', ')} (${at(count)} min)`;
  if (count < enough)
    return `one for each area that the document names: ${namedAreas.join(', ')} (${at(count)} min); ${enough} would end in ${at(enough)} min if the estimates, most of them guesses, were right`;
  if (count === 1)
    return `one agent is within ${WORTH_PERCENT} % of any larger number, handoffs included (${at(1)} min)`;
  const more = alternatives
    .slice(count)
    .map(({ agents, makespanMinutes }) => `${agents}: ${makespanMinutes}`);
  const beyond =
    more.length === 0
      ? ''
      : `; more would not end more than ${WORTH_PERCENT} % sooner (${more.join(', ')} min)`;
  return `${count} agents end in ${at(count)} min instead of ${at(1)}${beyond}`;
}
