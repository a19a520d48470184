import { Simulation, type Action, type Scenario } from './simulation.ts';

/** What an exploration found. */
export interface Exploration {
  readonly states: number;
  readonly ends: number;
  readonly deepest: number;
  /** True when every state within the bounds was visited. */
  readonly complete: boolean;
  /** True when it ended because there were too many states, so that not even all up to the depth were visited. */
  readonly isCutOff: boolean;
  readonly violation?: string;
  /** The steps that lead to the violation. */
  readonly trace?: readonly string[];
}

/**
 * Visits every state that a scenario can reach, depth first. A generator cannot be copied, so going back means playing
 * the path again from the start; each process's state is known by everything it has seen.
 */
export function explore(
  scenario: Scenario,
  bounds: { readonly maxStates?: number; readonly maxDepth?: number } = {},
): Exploration {
  const { maxStates = Infinity, maxDepth = Infinity } = bounds;
  // With how few steps each was reached: behind a shorter way lies more that is within the depth.
  const seen = new Map<string, number>();
  let ends = 0;
  let deepest = 0;
  let complete = true;
  let isCutOff = false;
  const path: Action[] = [];
  let simulation = new Simulation(scenario);
  let violation: string | undefined;

  const visit = (): void => {
    const key = simulation.key();
    if ((seen.get(key) ?? Infinity) <= path.length) return;
    seen.set(key, path.length);
    deepest = Math.max(deepest, path.length);
    const actions = simulation.actions();
    if (actions.length === 0) ends += 1;
    for (const [index, action] of actions.entries()) {
      if (seen.size >= maxStates || path.length >= maxDepth) {
        complete = false;
        if (seen.size >= maxStates) isCutOff = true;
        return;
      }
      if (index > 0) simulation = replay(scenario, path);
      simulation.perform(action);
      path.push(action);
      violation ??= simulation.violation;
      if (violation === undefined) visit();
      if (violation !== undefined) return;
      path.pop();
    }
  };
  visit();
  const found = { states: seen.size, ends, deepest, complete, isCutOff };
  return violation === undefined ? found : { ...found, violation, trace: tell(scenario, path) };
}

/**
 * Visits every state up to a depth, and then to a greater one, until a world is exhausted or has more states than allowed:
 * the last that was visited whole.
 */
export function exploreByDepth(scenario: Scenario, maxStates: number): Exploration {
  let best: Exploration | undefined;
  for (let maxDepth = 8; ; maxDepth += 4) {
    const found = explore(scenario, { maxStates, maxDepth });
    if (found.violation !== undefined) return found;
    if (found.isCutOff) return best ?? found;
    if (found.complete) return found;
    best = found;
  }
}

function replay(scenario: Scenario, path: readonly Action[]): Simulation {
  const simulation = new Simulation(scenario);
  for (const action of path) simulation.perform(action);
  return simulation;
}

function tell(scenario: Scenario, path: readonly Action[]): string[] {
  const simulation = new Simulation(scenario);
  return path.map((action) => {
    const words = simulation.describe(action);
    simulation.perform(action);
    return words;
  });
}

/**
 * Random walks through the same scenario: far deeper than an exhaustive visit, without its completeness. Every other walk
 * lets the process with the highest priority run until one of a few random points, where it falls asleep behind the
 * others: that is how bugs show that need somebody to sleep long (Burckhardt et al., ASPLOS 2010).
 */
export function wander(
  scenario: Scenario,
  bounds: { readonly walks: number; readonly seed: number },
): {
  readonly walks: number;
  readonly steps: number;
  readonly violation?: string;
  readonly trace?: readonly string[];
} {
  const random = generator(bounds.seed);
  let steps = 0;
  for (let walk = 1; walk <= bounds.walks; walk += 1) {
    const simulation = new Simulation(scenario);
    const choose = walk % 2 === 0 ? uniform(random) : byPriority(scenario.programs.length, random);
    const path: Action[] = [];
    for (let actions = simulation.actions(); actions.length > 0; actions = simulation.actions()) {
      const action = choose(actions);
      simulation.perform(action);
      path.push(action);
      steps += 1;
      const { violation } = simulation;
      if (violation !== undefined) return { walks: walk, steps, violation, trace: tell(scenario, path) };
    }
  }
  return { walks: bounds.walks, steps };
}

type Choice = (actions: readonly Action[]) => Action;

// Crashes, ticks and lost replies are rarer than steps, so that runs are long enough to mean something.
function uniform(random: () => number): Choice {
  return (actions) => {
    const steps = actions.filter(({ kind }) => kind === 'step');
    const rare = actions.filter(({ kind }) => kind !== 'step');
    const from = rare.length > 0 && (steps.length === 0 || random() < 0.04) ? rare : steps;
    return from[Math.floor(random() * from.length)] ?? { kind: 'tick' };
  };
}

function byPriority(processes: number, random: () => number): Choice {
  const priority = Array.from({ length: processes }, () => random());
  const sleepAt = new Set(Array.from({ length: 4 }, () => Math.floor(random() * 120)));
  let count = 0;
  return (actions) => {
    const rare = actions.filter(({ kind }) => kind !== 'step');
    if (rare.length > 0 && random() < 0.005)
      return rare[Math.floor(random() * rare.length)] ?? { kind: 'tick' };
    const steps = actions.flatMap((action) => (action.kind === 'step' ? [action] : []));
    const first = steps.toSorted((a, b) => (priority[b.process] ?? 0) - (priority[a.process] ?? 0))[0];
    if (first === undefined) return actions[0] ?? { kind: 'tick' };
    count += 1;
    if (sleepAt.has(count)) priority[first.process] = -count;
    return first;
  };
}

// mulberry32
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
