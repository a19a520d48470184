import { at, listAt } from '../schedule/lists.ts';
import { seededRandom, type Random } from '../schedule/random.ts';
import { membersOf, type Groups } from './groups.ts';
import { ShiftState, type ShiftStateInput } from './shift-state.ts';

/** What the search over assignments works on. */
export interface ShiftInput extends ShiftStateInput {
  /** Tasks that are best kept together: moved as one half of the time. */
  readonly groups: Groups;
  /** Task moves to spend, with a quarter of one for each task that is played through. */
  readonly moves: number;
  /** Another one takes another way. */
  readonly seed?: number;
}

const HISTORY = 60;
// Once nothing but tidiness is left to gain, this part of the moves is enough, and none where each is played through.
const TIDY = 40;
// Half of the moves without a gain, and the other half would bring none.
const PATIENCE = 2;

/**
 * Improves an assignment of tasks to agents by moving tasks, groups, files and folders and swapping tasks, judged by
 * each segment's busiest agent, handoffs, shared files and folders with several agents, all kept up to date move by
 * move. Late acceptance (Burke and Bykov 2017): whole numbers only, so the same on every machine. Ends early when nothing
 * is left to gain or nothing has been gained for long.
 */
export function shiftSearch(input: ShiftInput): Int32Array {
  const state = new ShiftState(input);
  const random = seededRandom(input.seed);
  const members = membersOf(input.groups);
  let cost = state.settle(Infinity);
  const history = Array.from({ length: HISTORY }, () => cost);
  let best = cost;
  let bestAgents = state.agents.slice();
  let budget = movesFor(input, state);
  let gainedAt = 0;
  for (let step = 0; step < input.moves; step += 1) {
    if (state.spent - gainedAt >= budget / PATIENCE || state.spent >= input.moves) break;
    proposeMove({ input, state, random, members });
    const slot = step % HISTORY;
    const limit = Math.max(cost, history[slot] ?? cost);
    const found = state.settle(limit);
    if (found > limit) state.undo();
    else {
      state.keep();
      cost = found;
    }
    history[slot] = Math.min(history[slot] ?? cost, cost);
    if (cost < best) {
      best = cost;
      bestAgents = state.agents.slice();
      gainedAt = state.spent;
      budget = movesFor(input, state);
    }
  }
  return bestAgents;
}

/** As many moves as what is left to gain is worth. */
function movesFor({ moves, player }: ShiftInput, state: ShiftState): number {
  if (!state.isPerfect()) return moves;
  return state.isTidy() || player !== undefined ? 0 : moves / TIDY;
}

interface Proposal {
  readonly input: ShiftInput;
  readonly state: ShiftState;
  readonly random: Random;
  readonly members: readonly (readonly number[])[];
}

function proposeMove(proposal: Proposal): void {
  const { input, state, random, members } = proposal;
  const { problem } = input;
  const task = random(problem.taskCount);
  const agent = random(problem.agentCount);
  const kind = random(12);
  const group = members[at(input.groups.groupOf, task)] ?? [];
  if (kind < 3) state.move(task, agent);
  else if (kind < 5) for (const member of group) state.move(member, agent);
  else if (kind < 7) exchange(proposal, task, { with: undefined, keep: undefined });
  else if (kind < 8) for (const writer of writersWith(proposal, task)) state.move(writer, agent);
  else if (kind < 9) swapGroups(proposal, task, random(problem.taskCount));
  else if (kind < 11) {
    const writers = writersWith(proposal, task);
    for (const writer of writers) exchange(proposal, writer, { with: agent, keep: writers });
  } else for (const member of group) exchange(proposal, member, { with: agent, keep: group });
}

/** All tasks that write one of a task's files. */
function writersWith({ input, random }: Proposal, task: number): readonly number[] {
  const files = listAt(input.problem.files, task);
  return files.length === 0 ? [task] : [...listAt(input.problem.writers, at(files, random(files.length)))];
}

function swapGroups({ input, state, members }: Proposal, task: number, other: number): void {
  const [mine, theirs] = [at(state.agents, task), at(state.agents, other)];
  for (const member of members[at(input.groups.groupOf, task)] ?? []) state.move(member, theirs);
  for (const member of members[at(input.groups.groupOf, other)] ?? []) state.move(member, mine);
}

/**
 * Gives a task to an agent (or to anyone) for another of its stretch in return, so that no stretch grows; the tasks to
 * `keep` are not given away. Without a partner the task moves alone.
 */
function exchange(
  { input, state, random }: Proposal,
  task: number,
  wish: { readonly with: number | undefined; readonly keep: readonly number[] | undefined },
): void {
  const { segments, taskCount } = input.problem;
  const mine = at(state.agents, task);
  if (wish.with === mine) return;
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const other = random(taskCount);
    const theirs = at(state.agents, other);
    if (at(segments, other) !== at(segments, task) || theirs === mine) continue;
    if ((wish.with !== undefined && theirs !== wish.with) || wish.keep?.includes(other) === true) continue;
    state.move(task, theirs);
    state.move(other, mine);
    return;
  }
  if (wish.with !== undefined) state.move(task, wish.with);
}
