import type { Act, LeaseName, Taken, Want } from './act.ts';
import type { Universe } from './linearize.ts';

/** A lease as the specification has it. It ends by time somewhere between `endsFrom` and `endsBy`. */
export interface SpecLease extends LeaseName {
  readonly agent: string;
  readonly mode: Want['mode'];
  readonly id: string;
  readonly who: string;
  readonly isBound: boolean;
  readonly endsFrom: number;
  readonly endsBy: number;
  readonly reservedFor?: string;
}

/** All there is to know of the lock at one instant. */
export interface SpecState {
  readonly leases: readonly SpecLease[];
  readonly lastToken: number;
}

export const FREE: SpecState = { leases: [], lastToken: 0 };

/** Whether two resources have something in common. */
export function overlap(universe: Universe, a: string, b: string): boolean {
  const parts = universe[b] ?? [b];
  return (universe[a] ?? [a]).some((part) => parts.includes(part));
}

/** The leases that keep an agent from something. */
export function inTheWay(
  state: SpecState,
  universe: Universe,
  asker: { agent: string; want: Want },
): SpecLease[] {
  return state.leases.filter(
    ({ agent, reservedFor, mode, resource }) =>
      (reservedFor ?? agent) !== asker.agent &&
      (mode === 'exclusive' || asker.want.mode === 'exclusive') &&
      overlap(universe, resource, asker.want.resource),
  );
}

/**
 * The sequential lock as a recogniser: the state after a call that took effect at an instant with the answer it reports, or
 * nothing if the lock cannot have answered so. Nobody dies here.
 */
export function accept(
  state: SpecState,
  universe: Universe,
  act: Act & { at: number },
): SpecState | undefined {
  switch (act.kind) {
    case 'taken':
      return acceptTake(state, universe, act);
    case 'refused':
      return acceptRefusal(state, act);
    case 'released': {
      const found = seenAlive(state, [...act.released, ...act.kept], act.from);
      if (found === undefined || !areGone(found, missing(act.asked, act.released), act.at)) return undefined;
      return without(found, [...act.released, ...missing(act.asked, act.released)]);
    }
    case 'renewed': {
      const found = seenAlive(state, act.renewed, act.from);
      const lost = missing(act.asked, act.renewed);
      if (found === undefined || !areGone(found, lost, act.at)) return undefined;
      return without(prolong(found, act.renewed, act), lost);
    }
    case 'verified': {
      if (act.isValid) return seenAlive(state, [act.lease], act.at);
      return areGone(state, [act.lease], act.at) ? without(state, [act.lease]) : undefined;
    }
    case 'transferred': {
      if (act.moved === undefined)
        return areGone(state, [act.asked], act.at) ? without(state, [act.asked]) : undefined;
      const found = seenAlive(state, [act.asked], act.from);
      const giver = found?.leases.find((lease) => isSame(lease, act.asked));
      if (found === undefined || giver === undefined || act.moved.token <= found.lastToken) return undefined;
      // The purpose, by which a refusal names the lease, moves with it.
      const taker = { ...act, id: giver.id, agent: act.receiver, mode: giver.mode };
      const rest = without(found, [act.asked]);
      const want = { resource: act.moved.resource, mode: giver.mode };
      const rivals = inTheWay(rest, universe, { agent: act.receiver, want });
      return rivals.some(({ endsFrom }) => endsFrom > act.at)
        ? undefined
        : enter(without(rest, rivals), act.moved, taker);
    }
    case 'broke':
      return without(state, act.broken);
  }
}

function acceptTake(
  state: SpecState,
  universe: Universe,
  act: Taken & { at: number },
): SpecState | undefined {
  let next = state;
  for (const want of act.wants) {
    for (const rival of inTheWay(next, universe, { agent: act.agent, want })) {
      if (rival.endsFrom > act.at) return undefined;
      next = without(next, [rival]);
    }
  }
  for (const name of act.leases) {
    const mode = act.wants.find(({ resource }) => resource === name.resource)?.mode ?? 'exclusive';
    const isReentry = next.leases.some((lease) => lease.agent === act.agent && isSame(lease, name));
    const reentered = isReentry ? seenAlive(next, [name], act.from) : undefined;
    if (reentered === undefined && name.token <= state.lastToken) return undefined;
    next = reentered === undefined ? enter(next, name, { ...act, mode }) : prolong(reentered, [name], act);
  }
  return next;
}

function acceptRefusal(state: SpecState, act: Act & { at: number; kind: 'refused' }): SpecState | undefined {
  let next: SpecState | undefined = state;
  for (const { id, resource, agent } of act.obstacles) {
    const lease = next?.leases.find(
      (each) => each.id === id && each.resource === resource && each.agent === agent,
    );
    if (next === undefined || lease === undefined) return undefined;
    next = seenAlive(next, [lease], act.at);
  }
  return act.obstacles.length > 0 ? next : undefined;
}

function enter(
  state: SpecState,
  name: LeaseName,
  act: {
    agent: string;
    mode: Want['mode'];
    id: string;
    who: string;
    from: number;
    to: number;
    ttlUs: number;
  },
): SpecState {
  const { agent, mode, id, who, from, to, ttlUs } = act;
  const lease: SpecLease = {
    ...name,
    agent,
    mode,
    id,
    who,
    isBound: true,
    endsFrom: from + ttlUs,
    endsBy: to + ttlUs,
  };
  return { leases: [...state.leases, lease], lastToken: Math.max(state.lastToken, name.token) };
}

// Somebody was told that these are in force: they end later than that.
function seenAlive(state: SpecState, names: readonly LeaseName[], at: number): SpecState | undefined {
  const isMeant = (lease: LeaseName): boolean => names.some((name) => isSame(name, lease));
  const found = state.leases.filter(isMeant);
  if (found.length < names.length || found.some(({ endsBy }) => endsBy < at)) return undefined;
  const leases = state.leases.map((lease) =>
    isMeant(lease) ? { ...lease, endsFrom: Math.max(lease.endsFrom, at) } : lease,
  );
  return { ...state, leases };
}

// They were there once, and may have ended by time if they are there still.
function areGone(state: SpecState, names: readonly LeaseName[], at: number): boolean {
  const isOver = (lease: SpecLease): boolean =>
    lease.endsFrom <= at || !names.some((name) => isSame(name, lease));
  return state.leases.every(isOver) && names.every(({ token }) => token <= state.lastToken);
}

function prolong(
  state: SpecState,
  names: readonly LeaseName[],
  { from, to, ttlUs }: { from: number; to: number; ttlUs: number },
): SpecState {
  const leases = state.leases.map((lease) =>
    names.some((name) => isSame(name, lease))
      ? {
          ...lease,
          endsFrom: Math.max(lease.endsFrom, from + ttlUs),
          endsBy: Math.max(lease.endsBy, to + ttlUs),
        }
      : lease,
  );
  return { ...state, leases };
}

function without(state: SpecState, names: readonly LeaseName[]): SpecState {
  return { ...state, leases: state.leases.filter((lease) => !names.some((name) => isSame(name, lease))) };
}

function missing(asked: readonly LeaseName[], found: readonly LeaseName[]): LeaseName[] {
  return asked.filter((name) => !found.some((each) => isSame(each, name)));
}

function isSame(a: LeaseName, b: LeaseName): boolean {
  return a.token === b.token && a.resource === b.resource;
}

/**
 * Whether any order of these calls, and any instant for each, satisfies the specification: by trying all of them. For
 * histories of a few calls, to judge the checker by.
 */
export function isLinearizable(
  acts: readonly Act[],
  universe: Universe,
  instants: readonly number[],
): boolean {
  const search = (left: readonly Act[], state: SpecState, now: number): boolean =>
    left.length === 0 ||
    left.some((act) => {
      const rest = left.filter((other) => other !== act);
      const deadline = Math.min(...rest.map(({ to }) => to));
      // The earliest instant that serves: later ones leave less to the others, and end nothing that must last.
      return instants.some((at) => {
        if (at < act.from || at > act.to || at < now || at > deadline) return false;
        const next = accept(state, universe, { ...act, at });
        return next !== undefined && search(rest, next, at);
      });
    });
  return search(acts, FREE, -Infinity);
}
