import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createProblem,
  exactMakespan,
  levelsOf,
  searchAllocation,
  searchCapacity,
  tightLowerBound,
  toGeneralForm,
  type Effort,
  type Problem,
} from '#plan';
import { exhaustiveMakespan, violations, type Instance } from './independent-judge.ts';

function instanceOf(most: number): fc.Arbitrary<Instance> {
  return fc.integer({ min: 1, max: most }).chain((count) =>
    fc.record({
      durations: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: count, maxLength: count }),
      edges: fc
        .array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: count })
        .map((pairs) =>
          pairs.filter(([a, b]) => a !== b).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
        ),
      files: fc.array(fc.uniqueArray(fc.nat(Math.max(1, Math.floor(count / 2))), { maxLength: 2 }), {
        minLength: count,
        maxLength: count,
      }),
    }),
  );
}

function problemOf(instance: Instance, agentCount: number): Problem {
  return createProblem({ ...instance, fileCount: Math.floor(instance.durations.length / 2) + 2, agentCount });
}

function solve(
  instance: Instance,
  agentCount: number,
  effort: Effort = 'fast',
): { starts: number[]; agents: number[]; makespan: number; bound: number } {
  const { starts, agents, makespan, bound } = searchAllocation(problemOf(instance, agentCount), { effort });
  return { starts: [...starts], agents: [...agents], makespan, bound: bound.minutes };
}

describe('an allocation', () => {
  test('has no violated order, no overlapping writers, no unassigned task, and ends no sooner than the bound', () => {
    fc.assert(
      fc.property(instanceOf(25), fc.integer({ min: 1, max: 5 }), (instance, agentCount) => {
        const found = solve(instance, agentCount);
        expect(violations(instance, found, agentCount)).toEqual([]);
        expect(found.makespan).toBeGreaterThanOrEqual(found.bound);
      }),
      { numRuns: 80 },
    );
  });

  test('is the same every time', () => {
    fc.assert(
      fc.property(instanceOf(15), (instance) => {
        expect(solve(instance, 3, 'normal')).toEqual(solve(instance, 3, 'normal'));
      }),
      { numRuns: 8 },
    );
  });

  test('of one agent is everything one after another', () => {
    fc.assert(
      fc.property(instanceOf(20), (instance) => {
        expect(solve(instance, 1).makespan).toBe(
          instance.durations.reduce((sum, minutes) => sum + minutes, 0),
        );
      }),
      { numRuns: 50 },
    );
  });
});

test('the work over the agents counts in whole steps of the durations', () => {
  const problem = (durations: readonly number[], handoffMinutes = 0): Problem =>
    createProblem({
      durations,
      edges: [],
      files: durations.map(() => []),
      fileCount: 0,
      agentCount: 3,
      handoffMinutes,
    });
  const twelve = Array.from({ length: 10 }, () => 120);
  expect(tightLowerBound(problem(twelve))).toEqual({ minutes: 480, kind: 'work' });
  expect(tightLowerBound(problem([...twelve, 90])).minutes).toBe(450);
  expect(tightLowerBound(problem(twelve, 20)).minutes).toBe(400);
});

describe('the judge', () => {
  const chain: Instance = { durations: [2, 2, 2], edges: [[0, 1]], files: [[0], [1], [0]] };

  test('finds a violation once an edge that the planner was not told of counts', () => {
    const found = solve({ ...chain, edges: [] }, 3);
    expect(violations(chain, found, 3)).toEqual(['1 starts before 0 ends']);
  });

  test('finds a violation once a lock that the planner was not told of counts', () => {
    const found = solve({ ...chain, files: [[0], [1], [2]] }, 3);
    expect(violations(chain, found, 3)).toEqual(['0 and 2 write one file at once']);
  });
});

describe('on small cases', () => {
  const small = instanceOf(5);

  test('the exact search equals trying every order', () => {
    fc.assert(
      fc.property(small, fc.integer({ min: 1, max: 3 }), (instance, agentCount) => {
        const problem = problemOf(instance, agentCount);
        const { capacity, minutesPerUnit } = toGeneralForm(problem);
        const tails = levelsOf(problem).tails.map((minutes) => minutes / minutesPerUnit);
        expect(exactMakespan(capacity, tails) * minutesPerUnit).toBe(
          exhaustiveMakespan(instance, agentCount),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('the general search finds that optimum, and no bound exceeds it', () => {
    fc.assert(
      fc.property(small, fc.integer({ min: 1, max: 3 }), (instance, agentCount) => {
        const problem = problemOf(instance, agentCount);
        const { capacity, minutesPerUnit } = toGeneralForm(problem);
        const optimum = exhaustiveMakespan(instance, agentCount);
        expect(searchCapacity(capacity, { limit: 600 }).makespan * minutesPerUnit).toBe(optimum);
        expect(tightLowerBound(problem).minutes).toBe(optimum);
      }),
      { numRuns: 40 },
    );
  });
});
