import { at, listAt } from '../schedule/lists.ts';
import type { Problem } from '../schedule/problem.ts';
import { seededRandom, type Random } from '../schedule/random.ts';
import { membersOf, type Groups } from './groups.ts';
import type { Weights } from './cost.ts';

/** What the search over assignments works on. */
export interface ShiftInput {
  readonly problem: Problem;
  readonly weights: Weights;
  /** Tasks that are best kept together: moved as one half of the time. */
  readonly groups: Groups;
  /** Folders (as numbers) that each task writes in. */
  readonly folders: readonly (readonly number[])[];
  readonly folderCount: number;
  readonly start: Int32Array;
  /** Task moves to spend. */
  readonly moves: number;
  /** Tasks that must stay with their agent. */
  readonly isFixed?: (task: number) => boolean;
  /** Agent that each task would rather stay with, -1 for none. */
  readonly home?: Int32Array;
}

const HISTORY = 60;
// Above this a file is passed around anyway, and counting its turns anew for each move would cost more than it tells.
const MOST_WRITERS = 100;

/**
 * Improves an assignment of tasks to agents by moving tasks, groups, files and folders and swapping tasks, judged by
 * each segment's busiest agent, handoffs, shared files and folders with several agents, all kept up to date move by
 * move. Late acceptance (Burke and Bykov 2017): whole numbers only, so the same on every machine.
 */
export function shiftSearch(input: ShiftInput): Int32Array {
  const state = new ShiftState(input);
  const random = seededRandom();
  const members = membersOf(input.groups);
  const history = Array.from({ length: HISTORY }, () => state.cost);
  let best = state.cost;
  let bestAgents = state.agents.slice();
  for (let step = 0; state.spent < input.moves && step < input.moves; step += 1) {
    const before = state.cost;
    proposeMove({ input, state, random, members });
    const slot = step % HISTORY;
    if (state.cost > before && state.cost > (history[slot] ?? before)) state.undo();
    else state.keep();
    history[slot] = Math.min(history[slot] ?? state.cost, state.cost);
    if (state.cost < best) {
      best = state.cost;
      bestAgents = state.agents.slice();
    }
  }
  return bestAgents;
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

/** An assignment with its cost, changed and undone in time proportional to the tasks that move. */
class ShiftState {
  readonly agents: Int32Array;
  cost = 0;
  /** Task moves made, tried ones included. */
  spent = 0;
  private readonly input: ShiftInput;
  private readonly loads: Int32Array;
  private readonly peaks: Int32Array;
  private readonly totals: Int32Array;
  private readonly presence: Int32Array;
  private readonly moved: number[] = [];
  private heaviest = 0;

  constructor(input: ShiftInput) {
    const { problem } = input;
    this.input = input;
    this.agents = input.start.slice();
    this.loads = new Int32Array(problem.agentCount * problem.segmentCount);
    this.peaks = new Int32Array(problem.segmentCount);
    this.totals = new Int32Array(problem.agentCount);
    this.presence = new Int32Array(input.folderCount * problem.agentCount);
    for (let task = 0; task < problem.taskCount; task += 1) this.add(task, 1);
    for (let segment = 0; segment < problem.segmentCount; segment += 1)
      this.cost += 100 * this.refreshPeak(segment);
    for (let file = 0; file < problem.fileCount; file += 1) this.cost += this.fileCost(file);
    this.cost += this.refreshHeaviest();
  }

  /** Gives a task to an agent, unless it may not or already does. */
  move(task: number, agent: number): void {
    const from = at(this.agents, task);
    const { problem, isFixed } = this.input;
    if (from === agent || (at(problem.allowed, task) & (1 << agent)) === 0 || isFixed?.(task) === true)
      return;
    this.moved.push(task, from);
    this.spent += 1;
    this.shift(task, agent);
  }

  /** Takes back everything since the last {@link keep}. */
  undo(): void {
    for (let index = this.moved.length - 2; index >= 0; index -= 2) {
      this.shift(this.moved[index] ?? 0, this.moved[index + 1] ?? 0);
    }
    this.moved.length = 0;
  }

  keep(): void {
    this.moved.length = 0;
  }

  private shift(task: number, agent: number): void {
    const { problem } = this.input;
    const segment = at(problem.segments, task);
    const files = listAt(problem.files, task);
    for (const file of files) this.cost -= this.fileCost(file);
    this.cost -= 100 * at(this.peaks, segment) + this.heaviest;
    this.add(task, -1);
    this.agents[task] = agent;
    this.add(task, 1);
    this.cost += 100 * this.refreshPeak(segment) + this.refreshHeaviest();
    for (const file of files) this.cost += this.fileCost(file);
  }

  private add(task: number, sign: 1 | -1): void {
    const { problem, folders, weights, home } = this.input;
    const agent = at(this.agents, task);
    const minutes = sign * at(problem.durations, task);
    if (home !== undefined && at(home, task) >= 0 && at(home, task) !== agent)
      this.cost += sign * weights.move;
    const cell = at(problem.segments, task) * problem.agentCount + agent;
    this.loads[cell] = at(this.loads, cell) + minutes;
    this.totals[agent] = at(this.totals, agent) + minutes;
    for (const folder of folders[task] ?? []) {
      const place = folder * problem.agentCount + agent;
      const before = at(this.presence, place);
      this.presence[place] = before + sign;
      if (before === 0) this.cost += weights.spread;
      else if (before + sign === 0) this.cost -= weights.spread;
    }
  }

  private refreshPeak(segment: number): number {
    const { agentCount } = this.input.problem;
    let peak = 0;
    for (let agent = 0; agent < agentCount; agent += 1)
      peak = Math.max(peak, at(this.loads, segment * agentCount + agent));
    this.peaks[segment] = peak;
    return peak;
  }

  private refreshHeaviest(): number {
    let most = 0;
    for (let agent = 0; agent < this.totals.length; agent += 1) most = Math.max(most, at(this.totals, agent));
    this.heaviest = this.input.weights.heaviest * most;
    return this.heaviest;
  }

  private fileCost(file: number): number {
    const { offsets, items } = this.input.problem.writers;
    const end = at(offsets, file + 1);
    if (end - at(offsets, file) > MOST_WRITERS) return 0;
    let changes = 0;
    for (let place = at(offsets, file) + 1; place < end; place += 1) {
      changes += Number(at(this.agents, at(items, place)) !== at(this.agents, at(items, place - 1)));
    }
    return changes === 0 ? 0 : changes * this.input.weights.handoff + this.input.weights.sharedFile;
  }
}
