import { at } from './lists.ts';
import { NumberHeap } from './number-heap.ts';
import type { Problem } from './problem.ts';

/** What the simulator decides by. */
export interface Policy {
  /** Tasks of one group go to one agent. */
  readonly groupOf: Int32Array;
  /** Agent of each group; -1 lets the first agent that is free take it. */
  readonly agentOfGroup: Int32Array;
  /** Place of each node in the order of urgency; no two alike. */
  readonly ranks: Int32Array;
}

/** When each task starts and who does it. */
export interface Schedule {
  readonly starts: Int32Array;
  readonly agents: Int32Array;
  readonly makespan: number;
}

const NOBODY = -1;

/**
 * Plays a policy through: whenever an agent is free it starts the most urgent task that it may do, whose predecessors
 * are finished and whose files nobody is writing. One simulation serves any number of runs over the same problem.
 */
export class Simulation {
  private readonly problem: Problem;
  private readonly starts: Int32Array;
  private readonly agents: Int32Array;
  private readonly missing: Int32Array;
  private readonly bound: Int32Array;
  private readonly running: Int32Array;
  private readonly busyWith: Int32Array;
  private readonly lastWriter: Int32Array;
  private readonly lastEnd: Int32Array;
  private readonly waiting = new Map<number, number[]>();
  private readonly own: readonly NumberHeap[];
  private readonly common = new NumberHeap();
  private readonly events = new NumberHeap();
  private readonly byRank: Int32Array;
  private policy: Policy | undefined;
  private now = 0;
  private makespan = 0;

  constructor(problem: Problem) {
    this.problem = problem;
    this.starts = new Int32Array(problem.size);
    this.agents = new Int32Array(problem.size);
    this.missing = new Int32Array(problem.size);
    this.bound = new Int32Array(problem.taskCount);
    this.running = new Int32Array(problem.agentCount);
    this.busyWith = new Int32Array(problem.fileCount);
    this.lastWriter = new Int32Array(problem.fileCount);
    this.lastEnd = new Int32Array(problem.fileCount);
    this.own = Array.from({ length: problem.agentCount }, () => new NumberHeap());
    this.byRank = new Int32Array(problem.size);
  }

  /** The schedule that a policy gives. The arrays are those of the simulation: copy what must outlive the next run. */
  run(policy: Policy): Schedule {
    this.reset(policy);
    const { predecessors, size, taskCount } = this.problem;
    for (let node = 0; node < size; node += 1) {
      const count = at(predecessors.offsets, node + 1) - at(predecessors.offsets, node);
      this.missing[node] = count;
    }
    for (let node = 0; node < size; node += 1) {
      if (at(predecessors.offsets, node + 1) === at(predecessors.offsets, node)) this.release(node);
    }
    for (;;) {
      this.dispatch();
      const next = this.events.peek();
      if (next === undefined) break;
      this.now = Math.floor(next / (2 * size));
      this.handleEventsOfNow();
    }
    return {
      starts: this.starts.subarray(0, taskCount),
      agents: this.agents.subarray(0, taskCount),
      makespan: this.makespan,
    };
  }

  private reset(policy: Policy): void {
    this.policy = policy;
    this.now = 0;
    this.makespan = 0;
    this.starts.fill(-1);
    this.agents.fill(NOBODY);
    this.bound.set(policy.agentOfGroup);
    this.running.fill(NOBODY);
    this.busyWith.fill(NOBODY);
    this.lastWriter.fill(NOBODY);
    this.waiting.clear();
    for (let node = 0; node < this.problem.size; node += 1) this.byRank[at(policy.ranks, node)] = node;
  }

  private handleEventsOfNow(): void {
    const { size } = this.problem;
    for (;;) {
      const next = this.events.peek();
      if (next === undefined || Math.floor(next / (2 * size)) !== this.now) return;
      this.events.pop();
      const code = next % (2 * size);
      if (code < size) this.finish(code);
      else this.makeReady(code - size);
    }
  }

  private release(node: number): void {
    if (node >= this.problem.taskCount) this.finish(node);
    else {
      const delay = this.problem.handoffMinutes === 0 ? 0 : this.arrival(node) - this.now;
      if (delay > 0) this.wakeAt(node, this.now + delay);
      else this.makeReady(node);
    }
  }

  /** When the last predecessor's result has reached the task's agent. */
  private arrival(task: number): number {
    const { predecessors, durations, handoffMinutes, taskCount } = this.problem;
    const agent = this.agentBoundTo(task);
    let time = this.now;
    for (let place = at(predecessors.offsets, task); place < at(predecessors.offsets, task + 1); place += 1) {
      const before = at(predecessors.items, place);
      if (before >= taskCount || at(this.agents, before) === agent) continue;
      time = Math.max(time, at(this.starts, before) + at(durations, before) + (handoffMinutes >> 1));
    }
    return time;
  }

  private wakeAt(task: number, time: number): void {
    const { size } = this.problem;
    this.events.push(time * 2 * size + size + task);
  }

  private agentBoundTo(task: number): number {
    return at(this.bound, at(this.policy?.groupOf ?? this.bound, task));
  }

  private makeReady(task: number): void {
    const agent = this.agentBoundTo(task);
    const rank = at(this.policy?.ranks ?? this.bound, task);
    (this.own[agent] ?? this.common).push(rank);
  }

  private dispatch(): void {
    for (let isChanged = true; isChanged;) {
      isChanged = false;
      for (let agent = 0; agent < this.problem.agentCount; agent += 1) {
        if (at(this.running, agent) !== NOBODY) continue;
        const task = this.takeFor(agent);
        if (task === NOBODY) continue;
        this.start(task, agent);
        isChanged = true;
      }
    }
  }

  /** The most urgent ready task that the agent can start now; others met on the way are parked where they wait. */
  private takeFor(agent: number): number {
    const aside: number[] = [];
    const own = this.own[agent] ?? this.common;
    let found = NOBODY;
    for (;;) {
      const heap = (this.common.peek() ?? Infinity) < (own.peek() ?? Infinity) ? this.common : own;
      const rank = heap.pop();
      if (rank === undefined) break;
      const task = at(this.byRank, rank);
      const bound = this.agentBoundTo(task);
      if (bound !== NOBODY && bound !== agent) this.own[bound]?.push(rank);
      else if ((at(this.problem.allowed, task) & (1 << agent)) === 0 && bound === NOBODY) aside.push(rank);
      else if (!this.isParked(task, agent)) {
        found = task;
        break;
      }
    }
    for (const rank of aside) this.common.push(rank);
    return found;
  }

  private isParked(task: number, agent: number): boolean {
    const { locks, handoffMinutes } = this.problem;
    for (let place = at(locks.offsets, task); place < at(locks.offsets, task + 1); place += 1) {
      const file = at(locks.items, place);
      if (at(this.busyWith, file) !== NOBODY) {
        const queue = this.waiting.get(file);
        if (queue === undefined) this.waiting.set(file, [task]);
        else queue.push(task);
        return true;
      }
      if (handoffMinutes === 0) continue;
      const writer = at(this.lastWriter, file);
      const free = at(this.lastEnd, file) + handoffMinutes;
      if (writer !== NOBODY && writer !== agent && free > this.now) {
        this.wakeAt(task, free);
        return true;
      }
    }
    return false;
  }

  private start(task: number, agent: number): void {
    const { locks, durations, size } = this.problem;
    this.starts[task] = this.now;
    this.agents[task] = agent;
    this.running[agent] = task;
    this.bound[at(this.policy?.groupOf ?? this.bound, task)] = agent;
    for (let place = at(locks.offsets, task); place < at(locks.offsets, task + 1); place += 1) {
      this.busyWith[at(locks.items, place)] = task;
    }
    this.events.push((this.now + at(durations, task)) * 2 * size + task);
  }

  private finish(node: number): void {
    const { successors, taskCount } = this.problem;
    if (node < taskCount) this.putDown(node);
    this.makespan = Math.max(this.makespan, this.now);
    for (let place = at(successors.offsets, node); place < at(successors.offsets, node + 1); place += 1) {
      const next = at(successors.items, place);
      this.missing[next] = at(this.missing, next) - 1;
      if (at(this.missing, next) === 0) this.release(next);
    }
  }

  private putDown(task: number): void {
    const { locks } = this.problem;
    const agent = at(this.agents, task);
    this.running[agent] = NOBODY;
    for (let place = at(locks.offsets, task); place < at(locks.offsets, task + 1); place += 1) {
      const file = at(locks.items, place);
      this.busyWith[file] = NOBODY;
      this.lastWriter[file] = agent;
      this.lastEnd[file] = this.now;
      const queue = this.waiting.get(file);
      if (queue === undefined) continue;
      this.waiting.delete(file);
      for (const waiting of queue) this.makeReady(waiting);
    }
  }
}
