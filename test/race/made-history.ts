import type { Act, LeaseName, Obstacle, Want } from './act.ts';
import type { Universe } from './linearize.ts';
import { accept, FREE, inTheWay, type SpecLease, type SpecState } from './sequential-lock.ts';

export type Random = (below: number) => number;

/** One second, in the unit of histories; terms are odd and instants even numbers of it, so that nothing is a close call. */
export const SECOND = 1_000_000;

export const UNIVERSE: Universe = { 'c/': ['x', 'y'], 'c/x': ['x'] };
const RESOURCES = ['a', 'c/', 'c/x'];

/** How a history is made. */
export interface Making {
  readonly calls: number;
  readonly processes: number;
  readonly ttlSeconds: number;
  readonly random: Random;
}

interface Process {
  readonly who: string;
  readonly held: (LeaseName & { readonly agent: string })[];
  /** When its last call returned. */
  freeAt: number;
}

/** A history of a lock that works: made one call after the other, each call then drawn out around its instant. */
export function makeHistory({ calls, processes, ttlSeconds, random }: Making): Act[] {
  const everybody = Array.from({ length: processes }, (_, index): Process => ({
    who: `w${index}`,
    held: [],
    freeAt: 0,
  }));
  const acts: Act[] = [];
  let state: SpecState = FREE;
  for (let number = 1; number <= calls; number += 1) {
    const at = number * 4 * SECOND;
    const process = everybody[random(processes)];
    if (process === undefined || process.freeAt >= at) continue;
    const from = Math.max(process.freeAt + 2 * SECOND, at - random(6) * 2 * SECOND);
    const to = at + random(6) * 2 * SECOND;
    if (from > at) continue;
    process.freeAt = to;
    const call = { who: process.who, agent: process.who, id: `${process.who}#${number}`, from, to };
    const act = callOf(state, process, { call, at, ttlUs: ttlSeconds * SECOND, random });
    const next = accept(state, UNIVERSE, { ...act, at });
    if (next === undefined) throw new Error(`the lock does not accept ${JSON.stringify(act)}`);
    state = next;
    acts.push(act);
  }
  return acts;
}

interface Occasion {
  readonly call: Pick<Act, 'who' | 'agent' | 'id' | 'from' | 'to'>;
  readonly at: number;
  readonly ttlUs: number;
  readonly random: Random;
}

function callOf(state: SpecState, process: Process, occasion: Occasion): Act {
  const { random, at, ttlUs } = occasion;
  const chosen = process.held[random(process.held.length)];
  if (chosen === undefined || random(3) === 0) return take(state, process, occasion);
  const lease = { resource: chosen.resource, token: chosen.token };
  const call = { ...occasion.call, agent: chosen.agent };
  // An end by time that is not certain is left open: the holder asks only while it surely holds, or surely does not.
  const known = state.leases.find((each) => isSame(each, lease));
  const isAlive = known !== undefined && call.from < known.endsFrom && at < known.endsFrom;
  const isGone = known === undefined || at >= known.endsBy;
  if (!isAlive && !isGone) return take(state, process, occasion);
  const alive = isAlive ? [lease] : [];
  const kind = random(4);
  if (kind === 0) return { ...call, kind: 'verified', lease, isValid: isAlive };
  if (kind === 1) return { ...call, kind: 'renewed', asked: [lease], renewed: alive, ttlUs };
  process.held.splice(process.held.indexOf(chosen), 1);
  const receiver = `${process.who}-heir`;
  const rest = { ...state, leases: state.leases.filter((each) => each !== known) };
  const want = { resource: lease.resource, mode: known?.mode ?? 'exclusive' };
  const canMove = inTheWay(rest, UNIVERSE, { agent: receiver, want }).length === 0;
  if (kind === 2 && call.agent === process.who && canMove) {
    const moved = { resource: lease.resource, token: state.lastToken + 1 };
    if (isAlive) process.held.push({ ...moved, agent: receiver });
    const sent = { ...call, kind: 'transferred', asked: lease, receiver, ttlUs } as const;
    return isAlive ? { ...sent, moved } : sent;
  }
  return { ...call, kind: 'released', asked: [lease], released: alive, kept: [], ttlUs };
}

function take(state: SpecState, process: Process, { call, at, ttlUs, random }: Occasion): Act {
  const wants = wantsOf(random).filter(
    ({ resource }) => !process.held.some((lease) => lease.resource === resource),
  );
  const [first = { resource: 'b', mode: 'exclusive' } as const] = wants;
  const asked = wants.length === 0 ? [first] : wants;
  const rivals = asked.flatMap((want) => inTheWay(state, UNIVERSE, { agent: process.who, want }));
  const blocking = rivals.filter(({ endsFrom }) => at < endsFrom);
  if (blocking.length > 0)
    return { ...call, kind: 'refused', how: 'held', wants: asked, obstacles: obstaclesOf(blocking) };
  const leases = asked.map(({ resource }) => ({ resource, token: state.lastToken + 1 }));
  process.held.push(...leases.map((lease) => ({ ...lease, agent: process.who })));
  return { ...call, kind: 'taken', wants: asked, leases, tookOver: [], ttlUs, isBound: true };
}

function wantsOf(random: Random): Want[] {
  const chosen = new Map<string, Want>();
  for (let count = random(4) === 0 ? 2 : 1; count > 0; count -= 1) {
    const resource = RESOURCES[random(RESOURCES.length)] ?? 'a';
    chosen.set(resource, { resource, mode: random(3) === 0 ? 'shared' : 'exclusive' });
  }
  return [...chosen.values()];
}

function obstaclesOf(leases: readonly SpecLease[]): Obstacle[] {
  const unique = leases.filter((lease, index) => leases.findIndex((other) => isSame(other, lease)) === index);
  return unique.map(({ resource, agent, id }) => ({ kind: 'lease', resource, agent, id }));
}

function isSame(a: LeaseName, b: LeaseName): boolean {
  return a.token === b.token && a.resource === b.resource;
}
