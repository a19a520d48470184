import { at } from './lists.ts';
import { topologicalOrder } from './levels.ts';
import type { CapacityProblem } from './capacity-problem.ts';
import { seededRandom, type Random } from './random.ts';
import { SerialScheduler } from './serial-schedule.ts';

/** A schedule of a {@link CapacityProblem}. */
export interface CapacitySchedule {
  readonly starts: Int32Array;
  readonly makespan: number;
  /** Schedules that were made to find it. */
  readonly schedules: number;
}

interface Member {
  readonly order: Int32Array;
  readonly starts: Int32Array;
  readonly makespan: number;
}

const POPULATION = 40;
// Sampling leans towards urgent activities with these odds out of ten for taking the better of two.
const MUTATIONS_OF_HUNDRED = 5;

/**
 * A genetic search over activity lists with double justification of each schedule (Valls, Ballestín and Quintanilla
 * 2008), begun from latest-finish-time lists with regret. Stops at `limit` schedules or when `floor` is reached.
 */
export function searchCapacity(
  problem: CapacityProblem,
  options: { readonly limit: number; readonly floor?: number },
): CapacitySchedule {
  const search = new CapacitySearch(problem, options.limit, options.floor ?? criticalPath(problem));
  return search.run();
}

class CapacitySearch {
  private readonly problem: CapacityProblem;
  private readonly limit: number;
  private readonly floor: number;
  private readonly scheduler: SerialScheduler;
  private readonly random: Random = seededRandom(11);
  private readonly tails: Int32Array;
  private readonly inOrder: Int32Array;
  private readonly places: Int32Array;
  private schedules = 0;

  constructor(problem: CapacityProblem, limit: number, floor: number) {
    this.problem = problem;
    this.limit = limit;
    this.floor = floor;
    this.scheduler = new SerialScheduler(problem);
    this.tails = tailsOf(problem);
    this.inOrder = topologicalOrder({ ...problem, size: problem.count });
    this.places = new Int32Array(problem.count);
    for (const [place, activity] of this.inOrder.entries()) this.places[activity] = place;
  }

  run(): CapacitySchedule {
    let members: Member[] = [];
    let best = this.decode(this.listByUrgency(0));
    members.push(best);
    while (members.length < POPULATION && this.isOpen(best)) {
      const member = this.decode(this.listByUrgency(members.length));
      members.push(member);
      if (member.makespan < best.makespan) best = member;
    }
    while (this.isOpen(best)) {
      const children: Member[] = [];
      while (children.length < POPULATION && this.isOpen(best)) {
        const [mother, father] = [this.pick(members), this.pick(members)];
        const child = this.decode(this.mutate(this.cross(mother, father)));
        children.push(child);
        if (child.makespan < best.makespan) best = child;
      }
      members = survivors([...members, ...children]);
    }
    return { starts: best.starts, makespan: best.makespan, schedules: this.schedules };
  }

  private isOpen(best: Member): boolean {
    return this.schedules < this.limit && best.makespan > this.floor;
  }

  private pick(members: readonly Member[]): Member {
    const a = members[this.random(members.length)];
    const b = members[this.random(members.length)];
    const chosen = a !== undefined && b !== undefined && b.makespan < a.makespan ? b : a;
    return chosen ?? this.decode(this.listByUrgency(0));
  }

  /** Forward, then everything as late as possible, then as early as possible: never longer than before. */
  private decode(order: Int32Array): Member {
    const makespan = this.scheduler.forward(order);
    const late = this.lastFirst();
    const first = this.scheduler.backward(late, makespan);
    const early = this.firstFirst();
    const shorter = this.scheduler.forward(early);
    this.schedules += 3;
    return {
      order: this.firstFirst(),
      starts: this.scheduler.starts.slice(),
      makespan: Math.min(shorter, makespan - first),
    };
  }

  /** Activities by their starts; those that take no time in the order of their dependencies. */
  private firstFirst(): Int32Array {
    const { starts } = this.scheduler;
    return this.inOrder
      .slice()
      .sort((a, b) => at(starts, a) - at(starts, b) || at(this.places, a) - at(this.places, b));
  }

  /** Activities by their ends, the last first. */
  private lastFirst(): Int32Array {
    const { starts } = this.scheduler;
    const end = (activity: number): number => at(starts, activity) + at(this.problem.durations, activity);
    return this.inOrder.slice().sort((a, b) => end(b) - end(a) || at(this.places, b) - at(this.places, a));
  }

  /** Activities that may come next are drawn by urgency; `looseness` 0 always takes the most urgent. */
  private listByUrgency(looseness: number): Int32Array {
    const { count, predecessors, successors } = this.problem;
    const missing = Int32Array.from(
      { length: count },
      (_, activity) => at(predecessors.offsets, activity + 1) - at(predecessors.offsets, activity),
    );
    const open: number[] = [];
    for (let activity = 0; activity < count; activity += 1)
      if (at(missing, activity) === 0) open.push(activity);
    const order = new Int32Array(count);
    for (let place = 0; place < count; place += 1) {
      const chosen = this.draw(open, looseness);
      const activity = open[chosen] ?? 0;
      open[chosen] = open.at(-1) ?? 0;
      open.pop();
      order[place] = activity;
      for (
        let index = at(successors.offsets, activity);
        index < at(successors.offsets, activity + 1);
        index += 1
      ) {
        const next = at(successors.items, index);
        missing[next] = at(missing, next) - 1;
        if (at(missing, next) === 0) open.push(next);
      }
    }
    return order;
  }

  private draw(open: readonly number[], looseness: number): number {
    if (looseness > 0) {
      const a = this.random(open.length);
      const b = this.random(open.length);
      const c = this.random(open.length);
      const pair = at(this.tails, open[b] ?? 0) > at(this.tails, open[a] ?? 0) ? b : a;
      return at(this.tails, open[c] ?? 0) > at(this.tails, open[pair] ?? 0) ? c : pair;
    }
    let best = 0;
    for (let index = 1; index < open.length; index += 1) {
      const [mine, theirs] = [open[index] ?? 0, open[best] ?? 0];
      if (
        at(this.tails, mine) > at(this.tails, theirs) ||
        (at(this.tails, mine) === at(this.tails, theirs) && mine < theirs)
      )
        best = index;
    }
    return best;
  }

  /** Two-point crossover: a stretch of the mother's order between the father's order of the rest. */
  private cross(mother: Member, father: Member): Int32Array {
    const { count } = this.problem;
    const a = this.random(count + 1);
    const b = this.random(count + 1);
    const [from, to] = a < b ? [a, b] : [b, a];
    const child = new Int32Array(count);
    const taken = new Uint8Array(count);
    let length = 0;
    const take = (parent: Int32Array, until: number): void => {
      for (let index = 0; index < count && length < until; index += 1) {
        const activity = at(parent, index);
        if (taken[activity] === 1) continue;
        taken[activity] = 1;
        child[length++] = activity;
      }
    };
    take(mother.order, from);
    take(father.order, to);
    take(mother.order, count);
    return child;
  }

  private mutate(order: Int32Array): Int32Array {
    const { predecessors } = this.problem;
    for (let place = 1; place < order.length; place += 1) {
      if (this.random(100) >= MUTATIONS_OF_HUNDRED) continue;
      const [before, after] = [at(order, place - 1), at(order, place)];
      const isBound = predecessors.items
        .subarray(at(predecessors.offsets, after), at(predecessors.offsets, after + 1))
        .includes(before);
      if (isBound) continue;
      order[place - 1] = after;
      order[place] = before;
    }
    return order;
  }
}

/** The best members, no two with the same starts. */
function survivors(members: readonly Member[]): Member[] {
  const sorted = members.toSorted((a, b) => a.makespan - b.makespan);
  const kept: Member[] = [];
  for (const member of sorted) {
    if (kept.length >= POPULATION) break;
    const isTwin = kept.some(
      (other) =>
        other.makespan === member.makespan &&
        other.starts.every((start, activity) => start === at(member.starts, activity)),
    );
    if (!isTwin) kept.push(member);
  }
  return kept;
}

function tailsOf(problem: CapacityProblem): Int32Array {
  const order = topologicalOrder({ ...problem, size: problem.count });
  const tails = new Int32Array(problem.count);
  for (let index = order.length - 1; index >= 0; index -= 1) {
    const activity = at(order, index);
    let longest = 0;
    for (
      let place = at(problem.successors.offsets, activity);
      place < at(problem.successors.offsets, activity + 1);
      place += 1
    ) {
      longest = Math.max(longest, at(tails, at(problem.successors.items, place)));
    }
    tails[activity] = longest + at(problem.durations, activity);
  }
  return tails;
}

function criticalPath(problem: CapacityProblem): number {
  return tailsOf(problem).reduce((most, tail) => Math.max(most, tail), 0);
}
