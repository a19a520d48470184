import type { Problem } from './problem.ts';

/**
 * What all times of a schedule without idle waiting are multiples of: the greatest common divisor of the durations and of
 * what a handoff delays. A bound may be rounded up to it.
 */
export function timeStepOf({ durations, handoffMinutes }: Problem): number {
  let step = divisor(handoffMinutes, handoffMinutes >> 1);
  for (const minutes of durations) {
    step = divisor(step, minutes);
    if (step === 1) break;
  }
  return Math.max(1, step);
}

/** The least multiple of `step` that is not less than `minutes`. */
export function roundUpTo(step: number, minutes: number): number {
  return Math.ceil(minutes / step) * step;
}

/** The least that the busiest agent works, however tasks are given out. */
export function evenShare(problem: Problem): number {
  const work = problem.durations.reduce((sum, minutes) => sum + minutes, 0);
  return roundUpTo(timeStepOf({ ...problem, handoffMinutes: 0 }), work / problem.agentCount);
}

function divisor(a: number, b: number): number {
  let [larger, smaller] = [a, b];
  while (smaller !== 0) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}
