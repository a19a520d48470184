import type { Automaton } from './automaton.ts';
import { has, type CharSet } from './char-set.ts';
import { PatternError } from './pattern-error.ts';

/** An automaton determinised as far as it is asked: states are numbered sets of its states. */
export interface Subsets {
  readonly start: number;
  readonly step: (subset: number, point: number) => number;
  readonly isAccepting: (subset: number) => boolean;
  /** The character sets by which steps from here differ. */
  readonly labels: (subset: number) => readonly CharSet[];
  /** How many sets were met so far. */
  readonly size: () => number;
}

const MAX_SUBSETS = 50_000;

interface Subset {
  readonly members: readonly number[];
  readonly isAccepting: boolean;
  readonly steps: Map<number, number>;
}

/** Begins to determinise. Throws `PATTERN_TOO_COMPLEX` beyond 50,000 sets. */
export function createSubsets(automaton: Automaton): Subsets {
  const subsets: Subset[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (members: readonly number[]): number => {
    const sorted = [...new Set(members)].toSorted((a, b) => a - b);
    const key = sorted.join();
    const known = numbers.get(key);
    if (known !== undefined) return known;
    if (subsets.length >= MAX_SUBSETS) {
      throw new PatternError(
        'PATTERN_TOO_COMPLEX',
        `the pattern needs more than ${MAX_SUBSETS} sets of states`,
      );
    }
    numbers.set(key, subsets.length);
    const isAccepting = sorted.some((state) => automaton.accepting[state] === true);
    return subsets.push({ members: sorted, isAccepting, steps: new Map() }) - 1;
  };
  const edgesOf = (subset: number) =>
    (subsets[subset]?.members ?? []).flatMap((state) => automaton.edges[state] ?? []);
  return {
    start: numberOf(automaton.starts),
    step(subset, point) {
      const known = subsets[subset]?.steps.get(point);
      if (known !== undefined) return known;
      const next = numberOf(edgesOf(subset).flatMap(({ on, to }) => (has(on, point) ? [to] : [])));
      subsets[subset]?.steps.set(point, next);
      return next;
    },
    isAccepting: (subset) => subsets[subset]?.isAccepting === true,
    labels: (subset) => [...new Set(edgesOf(subset).map(({ on }) => on))],
    size: () => subsets.length,
  };
}
