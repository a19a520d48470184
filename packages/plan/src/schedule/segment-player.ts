import { at, listAt, packLists, type Lists } from './lists.ts';
import { urgencyRanks } from './levels.ts';
import type { Problem } from './problem.ts';

/**
 * Plays one segment between two barriers through for a given assignment: the rules of {@link Simulation}, without what
 * lies in other segments, quick enough to judge every move of a search by.
 */
export class SegmentPlayer {
  /** Tasks of each segment, the most urgent first. */
  readonly members: Lists;
  private readonly problem: Problem;
  private readonly before: Lists;
  private readonly ends: Int32Array;
  private readonly queue: Int32Array;
  private readonly agentFreeAt: Int32Array;
  private readonly fileFreeAt: Int32Array;
  private readonly lastWriter: Int32Array;

  constructor(problem: Problem) {
    const { taskCount, segments, segmentCount } = problem;
    this.problem = problem;
    const ranks = urgencyRanks(problem);
    const rows = Array.from({ length: segmentCount }, (): number[] => []);
    for (let task = 0; task < taskCount; task += 1) rows[at(segments, task)]?.push(task);
    for (const row of rows) row.sort((a, b) => at(ranks, a) - at(ranks, b));
    this.members = packLists(rows);
    this.before = packLists(
      Array.from({ length: taskCount }, (_, task) =>
        [...listAt(problem.predecessors, task)].filter(
          (other) => other < taskCount && at(segments, other) === at(segments, task),
        ),
      ),
    );
    this.ends = new Int32Array(taskCount);
    this.queue = new Int32Array(taskCount);
    this.agentFreeAt = new Int32Array(problem.agentCount);
    this.fileFreeAt = new Int32Array(problem.fileCount);
    this.lastWriter = new Int32Array(problem.fileCount);
  }

  /** Tasks of the largest segment. */
  get widest(): number {
    let most = 0;
    for (let segment = 0; segment < this.problem.segmentCount; segment += 1)
      most = Math.max(most, this.sizeOf(segment));
    return most;
  }

  /** Number of tasks in a segment. */
  sizeOf(segment: number): number {
    return at(this.members.offsets, segment + 1) - at(this.members.offsets, segment);
  }

  /** Minutes from the segment's first start to its last end. */
  play(segment: number, agents: Int32Array): number {
    let left = this.reset(segment);
    let now = 0;
    let makespan = 0;
    while (left > 0) {
      let kept = 0;
      let next = Infinity;
      for (let place = 0; place < left; place += 1) {
        const task = at(this.queue, place);
        const ready = this.readyAt(task, at(agents, task));
        if (ready > now) {
          this.queue[kept++] = task;
          next = Math.min(next, ready);
        } else makespan = Math.max(makespan, this.start(task, at(agents, task), now));
      }
      left = kept;
      now = this.nextEvent(now, next);
    }
    return makespan;
  }

  private nextEvent(now: number, next: number): number {
    let time = next;
    for (let agent = 0; agent < this.agentFreeAt.length; agent += 1) {
      const free = at(this.agentFreeAt, agent);
      if (free > now && free < time) time = free;
    }
    return time;
  }

  private reset(segment: number): number {
    const { offsets, items } = this.members;
    const from = at(offsets, segment);
    const size = at(offsets, segment + 1) - from;
    this.agentFreeAt.fill(0);
    for (let place = 0; place < size; place += 1) {
      const task = at(items, from + place);
      this.queue[place] = task;
      this.ends[task] = -1;
      const { locks } = this.problem;
      for (let lock = at(locks.offsets, task); lock < at(locks.offsets, task + 1); lock += 1) {
        this.fileFreeAt[at(locks.items, lock)] = 0;
        this.lastWriter[at(locks.items, lock)] = -1;
      }
    }
    return size;
  }

  /** When a task can start, as far as that is known; `Infinity` while a predecessor has not started. */
  private readyAt(task: number, agent: number): number {
    const { locks, handoffMinutes } = this.problem;
    let time = at(this.agentFreeAt, agent);
    for (let place = at(this.before.offsets, task); place < at(this.before.offsets, task + 1); place += 1) {
      const end = at(this.ends, at(this.before.items, place));
      if (end < 0) return Infinity;
      if (end > time) time = end;
    }
    for (let place = at(locks.offsets, task); place < at(locks.offsets, task + 1); place += 1) {
      const file = at(locks.items, place);
      const writer = at(this.lastWriter, file);
      const free = at(this.fileFreeAt, file) + (writer < 0 || writer === agent ? 0 : handoffMinutes);
      if (free > time) time = free;
    }
    return time;
  }

  private start(task: number, agent: number, now: number): number {
    const { locks, durations } = this.problem;
    const end = now + at(durations, task);
    this.ends[task] = end;
    this.agentFreeAt[agent] = end;
    for (let place = at(locks.offsets, task); place < at(locks.offsets, task + 1); place += 1) {
      this.fileFreeAt[at(locks.items, place)] = end;
      this.lastWriter[at(locks.items, place)] = agent;
    }
    return end;
  }
}
