import { at, listAt } from './lists.ts';
import { EXACT_UP_TO, exactMakespan } from './exact-makespan.ts';
import { toGeneralForm } from './general-form.ts';
import { levelsOf, topologicalOrder } from './levels.ts';
import type { Problem } from './problem.ts';
import { roundUpTo, timeStepOf } from './time-step.ts';

/** A makespan that no schedule can beat, and by what reasoning. */
export interface LowerBound {
  readonly minutes: number;
  readonly kind: 'critical path' | 'work' | 'busiest file' | 'staged' | 'intervals' | 'exact';
}

const INTERVALS_UP_TO = 500;
const INTERVAL_EFFORT = 2e7;

/**
 * The best of: longest path; work over agents, in steps that durations allow; the busiest file with what must come before
 * and after it; and the sum over segments between barriers of each segment's own bound.
 */
export function lowerBound(problem: Problem): LowerBound {
  const { heads, tails, criticalPath } = levelsOf(problem);
  const bounds: LowerBound[] = [
    { minutes: criticalPath, kind: 'critical path' },
    { minutes: roundUpTo(timeStepOf(problem), sum(problem.durations) / problem.agentCount), kind: 'work' },
    { minutes: busiestFile(problem, heads, tails), kind: 'busiest file' },
    { minutes: staged(problem), kind: 'staged' },
  ];
  return bounds.reduce((most, bound) => (bound.minutes > most.minutes ? bound : most));
}

/**
 * {@link lowerBound}, raised by the work that must fall into some interval (Fernandez and Bussell 1973) for problems
 * small enough for its cubic time.
 */
export function tightLowerBound(problem: Problem): LowerBound {
  const bound = lowerBound(problem);
  if (problem.taskCount > INTERVALS_UP_TO) return bound;
  if (problem.taskCount > 0 && problem.size <= EXACT_UP_TO) return exactBound(problem, bound);
  const minutes = roundUpTo(timeStepOf(problem), bound.minutes + forcedExcess(problem, bound.minutes));
  return minutes > bound.minutes ? { minutes, kind: 'intervals' } : bound;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function busiestFile(problem: Problem, heads: Int32Array, tails: Int32Array): number {
  let most = 0;
  for (let file = 0; file < problem.fileCount; file += 1) {
    const writers = listAt(problem.writers, file);
    if (writers.length < 2) continue;
    let head = Infinity;
    let tail = Infinity;
    let work = 0;
    for (const task of writers) {
      head = Math.min(head, at(heads, task));
      tail = Math.min(tail, at(tails, task) - at(problem.durations, task));
      work += at(problem.durations, task);
    }
    most = Math.max(most, head + work + tail);
  }
  return most;
}

/** Longest path, work and busiest file of each segment alone, added up. */
function staged(problem: Problem): number {
  return sum(segmentFloors(problem));
}

/** For each segment the most of its longest path, its work over the agents and its busiest file. */
export function segmentFloors(problem: Problem): Int32Array {
  const { segmentCount, segments, taskCount, durations } = problem;
  const work = new Int32Array(segmentCount);
  const longest = new Int32Array(segmentCount);
  const finish = segmentPaths(problem);
  for (let task = 0; task < taskCount; task += 1) {
    const segment = at(segments, task);
    work[segment] = at(work, segment) + at(durations, task);
    longest[segment] = Math.max(at(longest, segment), at(finish, task));
  }
  for (let file = 0; file < problem.fileCount; file += 1) {
    const load = new Map<number, number>();
    for (const task of listAt(problem.writers, file)) {
      const segment = at(segments, task);
      const total = (load.get(segment) ?? 0) + at(durations, task);
      load.set(segment, total);
      longest[segment] = Math.max(at(longest, segment), total);
    }
  }
  const step = timeStepOf(problem);
  return work.map((minutes, segment) =>
    Math.max(roundUpTo(step, minutes / problem.agentCount), at(longest, segment)),
  );
}

/** When each task ends if its segment began at 0 and only its own segment counted. */
function segmentPaths(problem: Problem): Int32Array {
  const finish = new Int32Array(problem.size);
  for (const node of topologicalOrder(problem)) {
    if (node >= problem.taskCount) continue;
    let start = 0;
    for (const before of listAt(problem.predecessors, node)) {
      const isSame =
        before < problem.taskCount && at(problem.segments, before) === at(problem.segments, node);
      if (isSame) start = Math.max(start, at(finish, before));
    }
    finish[node] = start + at(problem.durations, node);
  }
  return finish;
}

/** On small problems the optimum itself, for agents that may all do everything. */
function exactBound(problem: Problem, bound: LowerBound): LowerBound {
  const { capacity, minutesPerUnit } = toGeneralForm(problem);
  const tails = levelsOf(problem).tails.map((minutes) => minutes / minutesPerUnit);
  const minutes = exactMakespan(capacity, tails, Math.ceil(bound.minutes / minutesPerUnit)) * minutesPerUnit;
  return minutes > bound.minutes ? { minutes, kind: 'exact' } : bound;
}

function forcedExcess(problem: Problem, floor: number): number {
  const { heads, tails } = levelsOf(problem);
  const { taskCount, durations, agentCount } = problem;
  const latest = Int32Array.from({ length: taskCount }, (_, task) => floor - at(tails, task));
  const points = new Set<number>();
  for (let task = 0; task < taskCount; task += 1) {
    points.add(at(heads, task)).add(at(latest, task) + at(durations, task));
  }
  if (points.size ** 2 * taskCount > INTERVAL_EFFORT) return 0;
  let excess = 0;
  for (const from of points) {
    for (const to of points) {
      if (to <= from) continue;
      let forced = 0;
      for (let task = 0; task < taskCount; task += 1) {
        const minutes = at(durations, task);
        const left = at(heads, task) + minutes - from;
        const right = to - at(latest, task);
        const least = Math.min(left, right, minutes, to - from);
        if (least > 0) forced += least;
      }
      excess = Math.max(excess, Math.ceil(forced / agentCount) - (to - from));
    }
  }
  return excess;
}
