import { at, type Lists } from './lists.ts';
import type { CapacityProblem } from './capacity-problem.ts';

/**
 * The serial schedule generation scheme (Kelley 1963) in both directions: activities are placed one by one, each as
 * early (or as late) as its neighbours and the capacities allow. One instance serves any number of runs.
 */
export class SerialScheduler {
  readonly starts: Int32Array;
  private readonly problem: CapacityProblem;
  private readonly horizon: number;
  private readonly used: readonly Int32Array[];

  constructor(problem: CapacityProblem) {
    this.problem = problem;
    this.horizon = problem.durations.reduce((sum, minutes) => sum + minutes, 0) + 1;
    this.starts = new Int32Array(problem.count);
    this.used = Array.from(problem.capacities, () => new Int32Array(this.horizon));
  }

  /** Places activities in this order, each as early as possible; returns the makespan. */
  forward(order: Int32Array): number {
    this.clear();
    let makespan = 0;
    for (const activity of order) {
      const minutes = at(this.problem.durations, activity);
      let start = this.latest(this.problem.predecessors, activity);
      for (
        let blocked = this.blockedAt(activity, start);
        blocked >= 0;
        blocked = this.blockedAt(activity, start)
      )
        start = blocked + 1;
      this.place(activity, start);
      makespan = Math.max(makespan, start + minutes);
    }
    return makespan;
  }

  /** Places activities in this order, each as late as possible before `end`; returns the earliest start. */
  backward(order: Int32Array, end: number): number {
    this.clear();
    let first = end;
    for (const activity of order) {
      const minutes = at(this.problem.durations, activity);
      let start = this.earliest(activity, end) - minutes;
      for (
        let blocked = this.lastBlockedAt(activity, start);
        blocked >= 0;
        blocked = this.lastBlockedAt(activity, start)
      )
        start = blocked - minutes;
      this.place(activity, start);
      first = Math.min(first, start);
    }
    return first;
  }

  private clear(): void {
    for (const row of this.used) row.fill(0);
    this.starts.fill(-1);
  }

  private latest(neighbours: Lists, activity: number): number {
    let time = 0;
    for (
      let place = at(neighbours.offsets, activity);
      place < at(neighbours.offsets, activity + 1);
      place += 1
    ) {
      const before = at(neighbours.items, place);
      const end = at(this.starts, before) + at(this.problem.durations, before);
      if (end > time) time = end;
    }
    return time;
  }

  private earliest(activity: number, end: number): number {
    const { offsets, items } = this.problem.successors;
    let time = end;
    for (let place = at(offsets, activity); place < at(offsets, activity + 1); place += 1) {
      const start = at(this.starts, at(items, place));
      if (start < time) time = start;
    }
    return time;
  }

  /** The last moment in the activity's time at which a resource lacks units; -1 when it fits. */
  private blockedAt(activity: number, start: number): number {
    const { uses, units, durations, capacities } = this.problem;
    const end = start + at(durations, activity);
    let blocked = -1;
    for (let place = at(uses.offsets, activity); place < at(uses.offsets, activity + 1); place += 1) {
      const resource = at(uses.items, place);
      const room = at(capacities, resource) - at(units, place);
      const row = this.used[resource] ?? this.starts;
      for (let time = end - 1; time >= start && time > blocked; time -= 1) {
        if (at(row, time) > room) {
          blocked = time;
          break;
        }
      }
    }
    return blocked;
  }

  /** The first moment at which a resource lacks units; -1 when it fits. */
  private lastBlockedAt(activity: number, start: number): number {
    const { uses, units, durations, capacities } = this.problem;
    const end = start + at(durations, activity);
    let blocked = end;
    for (let place = at(uses.offsets, activity); place < at(uses.offsets, activity + 1); place += 1) {
      const resource = at(uses.items, place);
      const room = at(capacities, resource) - at(units, place);
      const row = this.used[resource] ?? this.starts;
      for (let time = start; time < blocked; time += 1) {
        if (at(row, time) > room) {
          blocked = time;
          break;
        }
      }
    }
    return blocked === end ? -1 : blocked;
  }

  private place(activity: number, start: number): void {
    const { uses, units, durations } = this.problem;
    this.starts[activity] = start;
    const end = start + at(durations, activity);
    for (let place = at(uses.offsets, activity); place < at(uses.offsets, activity + 1); place += 1) {
      const row = this.used[at(uses.items, place)] ?? this.starts;
      const needed = at(units, place);
      for (let time = start; time < end; time += 1) row[time] = at(row, time) + needed;
    }
  }
}
