import { at } from '../schedule/lists.ts';
import type { Problem } from '../schedule/problem.ts';
import { segmentFloors } from '../schedule/lower-bound.ts';
import type { SegmentPlayer } from '../schedule/segment-player.ts';
import { evenShare } from '../schedule/time-step.ts';
import type { Weights } from './cost.ts';

/** What an assignment is judged by. */
export interface ShiftStateInput {
  readonly problem: Problem;
  readonly weights: Weights;
  /** Folders (as numbers) that each task writes in. */
  readonly folders: readonly (readonly number[])[];
  readonly folderCount: number;
  readonly start: Int32Array;
  /** Tasks that must stay with their agent. */
  readonly isFixed?: (task: number) => boolean;
  /** Agent that each task would rather stay with, -1 for none. */
  readonly home?: Int32Array;
  /** Plays changed segments through; without it a segment lasts as long as its busiest agent. */
  readonly player?: SegmentPlayer;
}

// Above this a file is passed around anyway, and counting its turns anew for each move would cost more than it tells.
const MOST_WRITERS = 100;

/**
 * An assignment with its cost, changed and undone in time proportional to the tasks that move. A change counts once
 * {@link ShiftState.settle} has said what it costs.
 */
export class ShiftState {
  readonly agents: Int32Array;
  /** Task moves made and tasks played through, tried ones included. */
  spent = 0;
  private readonly input: ShiftStateInput;
  private readonly loads: Int32Array;
  private readonly totals: Int32Array;
  private readonly presence: Int32Array;
  private readonly floors: Int32Array;
  /** Minutes of each segment as they count in the cost. */
  private readonly spans: Int32Array;
  private readonly touched: number[] = [];
  private readonly spansBefore: number[] = [];
  private readonly moved: number[] = [];
  private fileToll = 0;
  /** Folders with several agents, and tasks away from home. */
  private scatter = 0;
  private readonly leastCost: number;
  private readonly leastScatter: number;
  private spanSum = 0;
  private heaviest = 0;

  constructor(input: ShiftStateInput) {
    const { problem } = input;
    this.input = input;
    this.agents = input.start.slice();
    this.loads = new Int32Array(problem.agentCount * problem.segmentCount);
    this.totals = new Int32Array(problem.agentCount);
    this.presence = new Int32Array(input.folderCount * problem.agentCount);
    this.floors = segmentFloors(problem);
    this.spans = new Int32Array(problem.segmentCount);
    for (let task = 0; task < problem.taskCount; task += 1) this.add(task, 1);
    for (let file = 0; file < problem.fileCount; file += 1) this.fileToll += this.fileCost(file);
    this.refreshHeaviest();
    this.leastCost =
      100 * this.floors.reduce((sum, minutes) => sum + minutes, 0) +
      input.weights.heaviest * evenShare(problem);
    this.leastScatter = input.weights.spread * new Set(input.folders.flat()).size;
    for (let segment = 0; segment < problem.segmentCount; segment += 1) this.touched.push(segment);
    this.spansBefore.push(...this.touched.map(() => 0));
    this.settle(Infinity);
    this.keep();
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
    const segment = at(problem.segments, task);
    if (this.touched.includes(segment)) return;
    this.touched.push(segment);
    this.spansBefore.push(at(this.spans, segment));
  }

  /** What the assignment costs now; a sum above `limit` is only known to be at least as much. */
  settle(limit: number): number {
    for (const segment of this.touched) this.setSpan(segment, this.leastSpan(segment));
    const { player } = this.input;
    if (player === undefined || this.cost() > limit) return this.cost();
    for (const segment of this.touched) {
      this.spent += player.sizeOf(segment) >> 2;
      this.setSpan(segment, player.play(segment, this.agents));
      if (this.cost() > limit) break;
    }
    return this.cost();
  }

  /** True when nothing can be gained but tidier folders: shortest, evenly loaded, no file changes hands. */
  isPerfect(): boolean {
    return this.cost() - this.scatter <= this.leastCost;
  }

  /** True when no folder has more agents than one, and nobody left home. */
  isTidy(): boolean {
    return this.scatter <= this.leastScatter;
  }

  /** Takes back everything since the last {@link keep}. */
  undo(): void {
    for (let index = this.moved.length - 2; index >= 0; index -= 2) {
      this.shift(this.moved[index] ?? 0, this.moved[index + 1] ?? 0);
    }
    for (const [index, segment] of this.touched.entries())
      this.setSpan(segment, this.spansBefore[index] ?? 0);
    this.keep();
  }

  /** Makes everything since the last keep or undo stand. */
  keep(): void {
    this.moved.length = 0;
    this.touched.length = 0;
    this.spansBefore.length = 0;
  }

  private cost(): number {
    return 100 * this.spanSum + this.fileToll + this.heaviest + this.scatter;
  }

  private setSpan(segment: number, minutes: number): void {
    this.spanSum += minutes - at(this.spans, segment);
    this.spans[segment] = minutes;
  }

  /** No order of a segment's tasks ends sooner. */
  private leastSpan(segment: number): number {
    const { agentCount } = this.input.problem;
    let most = at(this.floors, segment);
    for (let cell = segment * agentCount; cell < (segment + 1) * agentCount; cell += 1)
      most = Math.max(most, at(this.loads, cell));
    return most;
  }

  private shift(task: number, agent: number): void {
    const { files } = this.input.problem;
    const end = at(files.offsets, task + 1);
    for (let place = at(files.offsets, task); place < end; place += 1)
      this.fileToll -= this.fileCost(at(files.items, place));
    this.add(task, -1);
    this.agents[task] = agent;
    this.add(task, 1);
    this.refreshHeaviest();
    for (let place = at(files.offsets, task); place < end; place += 1)
      this.fileToll += this.fileCost(at(files.items, place));
  }

  private add(task: number, sign: 1 | -1): void {
    const { problem, folders, weights, home } = this.input;
    const agent = at(this.agents, task);
    const minutes = sign * at(problem.durations, task);
    if (home !== undefined && at(home, task) >= 0 && at(home, task) !== agent)
      this.scatter += sign * weights.move;
    const cell = at(problem.segments, task) * problem.agentCount + agent;
    this.loads[cell] = at(this.loads, cell) + minutes;
    this.totals[agent] = at(this.totals, agent) + minutes;
    for (const folder of folders[task] ?? []) {
      const place = folder * problem.agentCount + agent;
      const before = at(this.presence, place);
      this.presence[place] = before + sign;
      if (before === 0) this.scatter += weights.spread;
      else if (before + sign === 0) this.scatter -= weights.spread;
    }
  }

  private refreshHeaviest(): void {
    let most = 0;
    for (let agent = 0; agent < this.totals.length; agent += 1) most = Math.max(most, at(this.totals, agent));
    this.heaviest = this.input.weights.heaviest * most;
  }

  private fileCost(file: number): number {
    const { offsets, items } = this.input.problem.writers;
    const end = at(offsets, file + 1);
    const from = at(offsets, file);
    if (end - from > MOST_WRITERS || end - from < 2) return 0;
    let changes = 0;
    for (let place = from + 1; place < end; place += 1) {
      if (at(this.agents, at(items, place)) !== at(this.agents, at(items, place - 1))) changes += 1;
    }
    return changes === 0 ? 0 : changes * this.input.weights.handoff + this.input.weights.sharedFile;
  }
}
