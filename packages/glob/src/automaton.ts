import type { CharSet } from './char-set.ts';
import { PatternError } from './pattern-error.ts';

/** One step: on any of these characters to that state. */
export interface Edge {
  readonly on: CharSet;
  readonly to: number;
}

/** A finite automaton without empty steps, of which every state can still reach acceptance. */
export interface Automaton {
  readonly starts: readonly number[];
  readonly edges: readonly (readonly Edge[])[];
  readonly accepting: readonly boolean[];
}

const MAX_STATES = 20_000;

/** Collects states and steps, also empty ones; {@link AutomatonBuilder.finish} removes those. */
export class AutomatonBuilder {
  readonly #edges: Edge[][] = [];
  readonly #empty: number[][] = [];
  readonly #accepting: boolean[] = [];

  /** A new state. Throws `PATTERN_TOO_COMPLEX` beyond 20,000. */
  state(accepting = false): number {
    if (this.#edges.length >= MAX_STATES) {
      throw new PatternError('PATTERN_TOO_COMPLEX', `the pattern needs more than ${MAX_STATES} states`);
    }
    this.#empty.push([]);
    this.#accepting.push(accepting);
    return this.#edges.push([]) - 1;
  }

  edge(from: number, on: CharSet, to: number): void {
    this.#edges[from]?.push({ on, to });
  }

  empty(from: number, to: number): void {
    if (from !== to) this.#empty[from]?.push(to);
  }

  accept(state: number): void {
    this.#accepting[state] = true;
  }

  /** The automaton from `start`, without empty steps and without states that lead nowhere. */
  finish(start: number): Automaton {
    const closures = this.#empty.map((_, state) => this.#closure(state));
    const isUseful = this.#coreachable();
    const edges = closures.map((closure) =>
      closure.flatMap((state) => this.#edges[state] ?? []).filter(({ to }) => isUseful[to] === true),
    );
    const accepting = closures.map((closure) => closure.some((state) => this.#accepting[state] === true));
    return renumber(start, edges, accepting);
  }

  #closure(from: number): readonly number[] {
    const found = new Set([from]);
    for (const state of found) for (const next of this.#empty[state] ?? []) found.add(next);
    return [...found];
  }

  #coreachable(): readonly boolean[] {
    const before: number[][] = this.#edges.map(() => []);
    this.#edges.forEach((edges, from) => edges.forEach(({ to }) => before[to]?.push(from)));
    this.#empty.forEach((targets, from) => targets.forEach((to) => before[to]?.push(from)));
    const useful = [...this.#accepting];
    const queue = useful.flatMap((accepting, state) => (accepting ? [state] : []));
    for (const state of queue) {
      for (const previous of before[state] ?? []) {
        if (useful[previous] === true) continue;
        useful[previous] = true;
        queue.push(previous);
      }
    }
    return useful;
  }
}

// Keeps what can be reached, in the order it is met.
function renumber(
  start: number,
  edges: readonly (readonly Edge[])[],
  accepting: readonly boolean[],
): Automaton {
  const numbers = new Map([[start, 0]]);
  const kept: Edge[][] = [];
  for (const [state] of numbers) {
    const own = (edges[state] ?? []).map(({ on, to }) => {
      const number = numbers.get(to) ?? numbers.size;
      numbers.set(to, number);
      return { on, to: number };
    });
    kept.push(own);
  }
  return {
    starts: [0],
    edges: kept,
    accepting: [...numbers.keys()].map((state) => accepting[state] === true),
  };
}

/** The automaton that accepts what any of these accepts. */
export function unite(automata: readonly Automaton[]): Automaton {
  const [only] = automata;
  if (automata.length === 1 && only !== undefined) return only;
  const starts: number[] = [];
  const edges: Edge[][] = [];
  const accepting: boolean[] = [];
  for (const automaton of automata) {
    const offset = edges.length;
    starts.push(...automaton.starts.map((state) => state + offset));
    for (const own of automaton.edges) edges.push(own.map(({ on, to }) => ({ on, to: to + offset })));
    accepting.push(...automaton.accepting);
  }
  return { starts, edges, accepting };
}
