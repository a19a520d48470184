import type { Lease } from './lease.ts';
import type { LeaseMode } from './resource.ts';

/** One boot of one host, written once in a base for all the instants that belong to it. */
export interface Place {
  readonly boot: string;
  readonly host: string;
}

/**
 * The leases of a base, one line each in order of their resources. A line is read only when its resource is asked for,
 * so that ten thousand leases cost a start hardly more than none.
 */
export class BaseRows {
  readonly #text: string;
  readonly #start: number;
  readonly #places: readonly Place[];
  // Who waits for one resource asks for it again and again.
  readonly #known = new Map<string, readonly Lease[]>();

  constructor(text: string, start: number, places: readonly Place[]) {
    this.#text = text;
    this.#start = start;
    this.#places = places;
  }

  static readonly empty: BaseRows = new BaseRows('', 0, []);

  /** In characters. */
  get length(): number {
    return this.#text.length - this.#start;
  }

  /** The leases of exactly this resource, by binary search over the lines. */
  find(resource: string): readonly Lease[] {
    if (this.length === 0) return [];
    const known = this.#known.get(resource);
    if (known !== undefined) return known;
    const found = this.#search(resource);
    this.#known.set(resource, found);
    return found;
  }

  #search(resource: string): Lease[] {
    let low = this.#start;
    let high = this.#text.length;
    while (low < high) {
      const begin = this.#lineBegin(Math.floor((low + high) / 2));
      const line = this.#line(begin);
      if (this.#decode(line).resource < resource) low = begin + line.length + 1;
      else high = begin;
    }
    const found: Lease[] = [];
    for (let at = low; at < this.#text.length;) {
      const line = this.#line(at);
      const lease = this.#decode(line);
      if (lease.resource !== resource) break;
      found.push(lease);
      at += line.length + 1;
    }
    return found;
  }

  *[Symbol.iterator](): Iterator<Lease> {
    for (let at = this.#start; at < this.#text.length;) {
      const line = this.#line(at);
      if (line !== '') yield this.#decode(line);
      at += line.length + 1;
    }
  }

  /** The leases of one agent: only lines that hold its name are read. */
  *ofAgent(agent: string): Iterable<Lease> {
    const name = `,${JSON.stringify(agent)},`;
    let at = this.#text.indexOf(name, this.#start);
    while (at !== -1) {
      const line = this.#line(this.#lineBegin(at));
      const lease = this.#decode(line);
      if (lease.agent === agent) yield lease;
      const next = this.#text.indexOf('\n', at);
      at = next === -1 ? -1 : this.#text.indexOf(name, next);
    }
  }

  #lineBegin(at: number): number {
    return Math.max(this.#start, this.#text.lastIndexOf('\n', at - 1) + 1);
  }

  #line(begin: number): string {
    const end = this.#text.indexOf('\n', begin);
    return this.#text.slice(begin, end === -1 ? this.#text.length : end);
  }

  #decode(line: string): Lease {
    return decodeRow(JSON.parse(line) as Row, this.#places);
  }
}

type Row = readonly [
  resource: string,
  mode: 0 | 1,
  token: number,
  agent: string,
  place: readonly [since: number, ends: number],
  since: readonly [wallMs: number, bootMs: number],
  ends: readonly [wallMs: number, bootMs: number],
  terms: readonly [ttlMs: number, maxHoldMs: number],
  request: string,
  holds: Lease['holds'] | 0,
  rest: Partial<Lease> | 0,
];

const ONCE = [{ session: '', count: 1 }] as const;
const MODES: readonly LeaseMode[] = ['exclusive', 'shared'];

/** One lease as a line, with its places entered in the list. */
export function encodeRow(lease: Lease, places: Place[]): string {
  const { resource, mode, token, agent, since, ends, ttlMs, maxHoldMs, request, holds, ...rest } = lease;
  const row: Row = [
    resource,
    mode === 'exclusive' ? 0 : 1,
    token,
    agent,
    [placeIndex(since, places), placeIndex(ends, places)],
    [since.wallMs, since.bootMs],
    [ends.wallMs, ends.bootMs],
    [ttlMs, maxHoldMs],
    request,
    JSON.stringify(holds) === JSON.stringify(ONCE) ? 0 : holds,
    Object.keys(rest).length === 0 ? 0 : rest,
  ];
  return JSON.stringify(row);
}

/** Where a boot of a host stands in the list, entered if it is new. */
export function placeIndex({ boot, host }: Place, places: Place[]): number {
  const known = places.findIndex((place) => place.boot === boot && place.host === host);
  return known === -1 ? places.push({ boot, host }) - 1 : known;
}

function decodeRow(row: Row, places: readonly Place[]): Lease {
  const [resource, mode, token, agent, place, since, ends, terms, request, holds, rest] = row;
  const nowhere: Place = { boot: '', host: '' };
  return {
    resource,
    mode: MODES[mode] ?? 'exclusive',
    token,
    agent,
    since: { wallMs: since[0], bootMs: since[1], ...(places[place[0]] ?? nowhere) },
    ends: { wallMs: ends[0], bootMs: ends[1], ...(places[place[1]] ?? nowhere) },
    ttlMs: terms[0],
    maxHoldMs: terms[1],
    request,
    holds: holds === 0 ? ONCE : holds,
    ...(rest === 0 ? {} : rest),
  };
}
