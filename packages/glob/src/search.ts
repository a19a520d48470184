import type { Automaton } from './automaton.ts';
import { intersect, partition, type CharSet } from './char-set.ts';
import { PatternError } from './pattern-error.ts';
import { readablePoint } from './readable-point.ts';
import { allPaths, isNameStart } from './path-language.ts';
import { createSubsets, type Subsets } from './subsets.ts';

/** A path that all of `within` accept and none of `without`. */
export interface Question {
  readonly within: readonly Automaton[];
  readonly without: readonly Automaton[];
}

/** Product states that one question may visit before it is refused. */
export const MAX_VISITED = 100_000;

// A name that begins with a dot (as in `.ts`) fits where a name was meant, but reads badly.
const DOT_COST = 12;

interface Visit {
  readonly states: readonly number[];
  readonly subsets: readonly number[];
  readonly from: Visit | undefined;
  readonly char: string;
}

/**
 * The shortest readable path that answers the question, or `undefined` when there is none: Dijkstra's search over
 * the lazily built product of the automata (those of `without` determinised on the way). Exact; throws
 * `PATTERN_TOO_COMPLEX` beyond {@link MAX_VISITED} product states.
 */
export function findPath(question: Question): string | undefined {
  const within = [...question.within, allPaths()];
  const without = question.without.map((automaton) => createSubsets(automaton));
  const seen = new Set<number | string>();
  const buckets: Visit[][] = [startsOf(within, without)];
  let visited = 0;
  for (let cost = 0; cost < buckets.length; cost += 1) {
    for (const visit of buckets[cost] ?? []) {
      const key = keyOf(visit, within);
      if (seen.has(key)) continue;
      seen.add(key);
      if (isAnswer(visit, within, without)) return pathOf(visit);
      visited += 1;
      if (visited > MAX_VISITED) throw tooComplex();
      expand(visit, { within, without, buckets, cost });
    }
    buckets[cost] = [];
  }
  return undefined;
}

function tooComplex(): PatternError {
  return new PatternError(
    'PATTERN_TOO_COMPLEX',
    `the patterns need more than ${MAX_VISITED} states to compare`,
    {
      hint: 'write several simpler patterns',
    },
  );
}

function startsOf(within: readonly Automaton[], without: readonly Subsets[]): Visit[] {
  let tuples: number[][] = [[]];
  const count = within.reduce((product, { starts }) => product * starts.length, 1);
  if (count > MAX_VISITED) throw tooComplex();
  for (const { starts } of within)
    tuples = tuples.flatMap((tuple) => starts.map((state) => tuple.concat(state)));
  const subsets = without.map(({ start }) => start);
  return tuples.map((states) => ({ states, subsets, from: undefined, char: '' }));
}

function keyOf(visit: Visit, within: readonly Automaton[]): number | string {
  let key = 0;
  visit.states.forEach((state, index) => {
    key = key * (within[index]?.edges.length ?? 1) + state;
  });
  return visit.subsets.length === 0 ? key : `${key}|${visit.subsets.join()}`;
}

function isAnswer(visit: Visit, within: readonly Automaton[], without: readonly Subsets[]): boolean {
  return (
    visit.states.every((state, index) => within[index]?.accepting[state] === true) &&
    visit.subsets.every((subset, index) => without[index]?.isAccepting(subset) !== true)
  );
}

function expand(
  visit: Visit,
  search: {
    within: readonly Automaton[];
    without: readonly Subsets[];
    buckets: Visit[][];
    cost: number;
  },
): void {
  const { within, without, buckets, cost } = search;
  const isAtStart = isNameStart(visit.states.at(-1) ?? 0);
  for (const { on, states } of commonSteps(visit.states, within)) {
    const along = without.flatMap((subsets, index) => subsets.labels(visit.subsets[index] ?? 0));
    for (const part of partition(on, along)) {
      const { point, cost: charCost } = readablePoint(part);
      const char = String.fromCodePoint(point);
      const subsets = without.map((each, index) => each.step(visit.subsets[index] ?? 0, point));
      const total = cost + charCost + (isAtStart && char === '.' ? DOT_COST : 0);
      while (buckets.length <= total) buckets.push([]);
      buckets[total]?.push({ states, subsets, from: visit, char });
    }
  }
}

interface CommonStep {
  readonly on: CharSet;
  readonly states: readonly number[];
}

function commonSteps(states: readonly number[], within: readonly Automaton[]): readonly CommonStep[] {
  let steps: CommonStep[] | undefined;
  states.forEach((state, index) => {
    const edges = within[index]?.edges[state] ?? [];
    steps = steps === undefined ? edges.map(({ on, to }) => ({ on, states: [to] })) : combine(steps, edges);
  });
  return steps ?? [];
}

function combine(steps: readonly CommonStep[], edges: readonly { on: CharSet; to: number }[]): CommonStep[] {
  return steps.flatMap((step) =>
    edges.flatMap(({ on, to }) => {
      const both = intersect(step.on, on);
      return both.length === 0 ? [] : [{ on: both, states: [...step.states, to] }];
    }),
  );
}

function pathOf(visit: Visit): string {
  const chars: string[] = [];
  for (let at: Visit | undefined = visit; at !== undefined; at = at.from) chars.push(at.char);
  return chars.toReversed().join('');
}
