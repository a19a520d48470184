import { AutomatonBuilder, type Automaton } from './automaton.ts';
import { closeUnderCase } from './case-fold.ts';
import { complement, intersect, NOT_SLASH, single, type CharSet } from './char-set.ts';
import { isFileName } from './file-name.ts';
import { PatternError } from './pattern-error.ts';
import type { Node } from './syntax.ts';

const ANYTHING: CharSet = complement([]);
const SLASH: CharSet = single(0x2f);
const MAX_ALTERNATIVES = 1000;

// Where in a path a state stands. A pattern is read with one state per place, so that `**` and folders, which depend on
// what stands around them, also mean the right thing inside braces.
//   begin     nothing read yet                    begun  after a `**` that stood at the begin and matched nothing
//   open      a slash was read, a name must come  owed   the pattern has a slash that the path has not shown yet
//   whole     at the end of what a `**` matched   mixed  in a name that has a wildcard
//   name:…    in a name without wildcards
type Place = string;
type Frontier = ReadonlyMap<Place, number>;

const NAME = 'name:';

/** The automaton of a pattern: its own language and, where it names folders, all that lies under them. */
export function buildAutomaton(nodes: readonly Node[], foldCase: boolean): Automaton {
  const builder = new AutomatonBuilder();
  const start = builder.state();
  const walk = new Walk(builder, foldCase);
  walk.finish(walk.sequence(nodes, new Map([['begin', start]])));
  return builder.finish(start);
}

class Walk {
  readonly #builder: AutomatonBuilder;
  readonly #foldCase: boolean;

  constructor(builder: AutomatonBuilder, foldCase: boolean) {
    this.#builder = builder;
    this.#foldCase = foldCase;
  }

  sequence(nodes: readonly Node[], from: Frontier): Frontier {
    let frontier = from;
    for (const node of nodes) frontier = this.#step(node, frontier);
    return frontier;
  }

  #step(node: Node, from: Frontier): Frontier {
    switch (node.kind) {
      case 'text':
        return this.#text(node.point, from);
      case 'class':
        return this.#class(node, from);
      case 'star':
        return this.#star(from);
      case 'stars':
        return this.#stars(from);
      case 'slash':
        return this.#slash(from);
      default:
        return this.#merge(node.options.map((option) => this.sequence(option, from)));
    }
  }

  #text(point: number, from: Frontier): Frontier {
    const on = this.#folded(single(point));
    const char = String.fromCodePoint(point);
    const to = new Map<Place, number>();
    for (const [place, state] of from) {
      const next = placeAfter(place, char);
      if (next !== undefined) this.#builder.edge(state, on, this.#target(to, next));
    }
    return to;
  }

  #class(node: Node & { kind: 'class' }, from: Frontier): Frontier {
    const to = new Map<Place, number>();
    const named = this.#folded(node.set);
    const on = intersect(node.isNegated ? complement(named) : named, NOT_SLASH);
    for (const [place, state] of from) {
      if (isInName(place)) this.#builder.edge(state, on, this.#target(to, 'mixed'));
    }
    return to;
  }

  #star(from: Frontier): Frontier {
    const to = new Map<Place, number>();
    for (const [place, state] of from) {
      if (!isInName(place)) continue;
      const loop = this.#target(to, 'mixed');
      this.#builder.edge(loop, NOT_SLASH, loop);
      this.#builder.empty(state, loop);
    }
    return to;
  }

  // As a whole segment `**` spans any number of names; as a part of one it is a `*`.
  #stars(from: Frontier): Frontier {
    const to = new Map(this.#star(from));
    for (const [place, state] of from) {
      if (place === 'begin') this.#builder.empty(state, this.#target(to, 'begun'));
      if (place === 'owed') this.#builder.empty(state, this.#target(to, 'whole'));
      if (place !== 'begin' && place !== 'open') continue;
      const names = this.#builder.state();
      const between = this.#builder.state();
      this.#builder.edge(state, NOT_SLASH, names);
      this.#builder.edge(names, NOT_SLASH, names);
      this.#builder.edge(names, SLASH, between);
      this.#builder.edge(between, NOT_SLASH, names);
      this.#builder.empty(names, this.#target(to, 'whole'));
    }
    return to;
  }

  #slash(from: Frontier): Frontier {
    const to = new Map<Place, number>();
    for (const [place, state] of from) {
      if (place === 'begin' || place === 'begun') this.#builder.empty(state, this.#target(to, 'begin'));
      else if (place === 'open' || place === 'owed') this.#builder.empty(state, this.#target(to, place));
      else {
        this.#builder.edge(state, SLASH, this.#target(to, 'open'));
        this.#builder.empty(state, this.#target(to, 'owed'));
      }
    }
    return to;
  }

  #merge(frontiers: readonly Frontier[]): Frontier {
    const to = new Map<Place, number>();
    for (const frontier of frontiers) {
      for (const [place, state] of frontier) this.#builder.empty(state, this.#target(to, place));
    }
    return to;
  }

  finish(frontier: Frontier): void {
    for (const [place, state] of frontier) {
      if (place === 'begin' || place === 'begun' || place === 'open') continue;
      this.#builder.accept(state);
      if (place === 'owed' || (place.startsWith(NAME) && !isFileName(place.slice(NAME.length)))) {
        this.#acceptBelow(state);
      }
    }
  }

  #acceptBelow(folder: number): void {
    const open = this.#builder.state();
    const below = this.#builder.state(true);
    this.#builder.edge(folder, SLASH, open);
    this.#builder.edge(open, NOT_SLASH, below);
    this.#builder.edge(below, ANYTHING, below);
  }

  #target(frontier: Map<Place, number>, place: Place): number {
    const known = frontier.get(place);
    if (known !== undefined) return known;
    if (frontier.size >= MAX_ALTERNATIVES) {
      throw new PatternError(
        'PATTERN_TOO_COMPLEX',
        `one name has more than ${MAX_ALTERNATIVES} alternatives`,
      );
    }
    const state = this.#builder.state();
    frontier.set(place, state);
    return state;
  }

  #folded(set: CharSet): CharSet {
    return this.#foldCase ? closeUnderCase(set) : set;
  }
}

function isInName(place: Place): boolean {
  return place === 'begin' || place === 'open' || place === 'mixed' || place.startsWith(NAME);
}

function placeAfter(place: Place, char: string): Place | undefined {
  if (place === 'mixed') return 'mixed';
  if (place === 'begin' || place === 'open') return NAME + char;
  return place.startsWith(NAME) ? place + char : undefined;
}
