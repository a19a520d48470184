import type { Act, LeaseName, Refused, Released, Taken } from './act.ts';
import { UNIVERSE, type Random } from './made-history.ts';
import { overlap } from './sequential-lock.ts';

/** Makes a good history bad for certain, or finds no place for it. */
export type Mutation = (acts: readonly Act[], random: Random) => readonly Act[] | undefined;

/** A lease that was taken and released, and a later take that it would have kept from happening. */
interface Succession {
  readonly first: Taken;
  readonly release: Released;
  readonly second: Taken;
}

const has = (names: readonly LeaseName[], name: LeaseName): boolean =>
  names.some(({ token, resource }) => token === name.token && resource === name.resource);

const replace = (acts: readonly Act[], old: Act, ...fresh: Act[]): Act[] =>
  acts.flatMap((act) => (act === old ? fresh : [act]));

function pick<T>(list: readonly T[], random: Random): T | undefined {
  return list[random(list.length)];
}

function takesOf(acts: readonly Act[]): Taken[] {
  return acts.flatMap((act) => (act.kind === 'taken' ? [act] : []));
}

/** Nobody prolonged the lease, so that its term counts from its take. */
function successions(acts: readonly Act[]): Succession[] {
  const takes = takesOf(acts);
  return acts.flatMap((release) => {
    if (release.kind !== 'released' || release.released.length === 0) return [];
    const [lease] = release.released;
    const first = takes.find((take) => lease !== undefined && has(take.leases, lease));
    if (first === undefined || lease === undefined) return [];
    const second = takes.find(
      (take) =>
        take.who !== first.who &&
        take.from > release.to &&
        take.to < first.from + first.ttlUs &&
        take.wants.some(
          (want) => want.mode === 'exclusive' && overlap(UNIVERSE, want.resource, lease.resource),
        ),
    );
    return second === undefined ? [] : [{ first, release, second }];
  });
}

function refusals(acts: readonly Act[]): { refused: Refused; cause: Taken; release: Released }[] {
  return acts.flatMap((refused) => {
    const obstacle = refused.kind === 'refused' ? refused.obstacles[0] : undefined;
    if (refused.kind !== 'refused' || obstacle === undefined) return [];
    const cause = takesOf(acts).find(({ id, agent }) => id === obstacle.id && agent === obstacle.agent);
    const lease = cause?.leases.find(({ resource }) => resource === obstacle.resource);
    const release = acts.find(
      (act) => act.kind === 'released' && lease !== undefined && has(act.released, lease),
    );
    return cause === undefined || release?.kind !== 'released' ? [] : [{ refused, cause, release }];
  });
}

const at = (act: Act, instant: number): Act => ({ ...act, from: instant, to: instant });

function swapTokens(acts: readonly Act[], a: number, b: number): Act[] {
  const other = (token: number): number => (token === a ? b : token === b ? a : token);
  return JSON.parse(
    JSON.stringify(acts, (key, value: unknown) =>
      key === 'token' && typeof value === 'number' ? other(value) : value,
    ),
  ) as Act[];
}

/** Ways in which a lock can fail, as they would show in what its users write down. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'a release did not happen': (acts, random) => {
    const found = pick(successions(acts), random);
    return found && replace(acts, found.release);
  },
  'a take returned before the holder let go': (acts, random) => {
    const found = pick(successions(acts), random);
    return found && replace(acts, found.second, at(found.second, found.release.from - 1));
  },
  'one grant was given to two': (acts, random) => {
    const found = pick(successions(acts), random);
    if (found === undefined) return undefined;
    const { first, release } = found;
    const token = 1 + Math.max(...takesOf(acts).map(({ leases }) => leases[0]?.token ?? 0));
    const leases = first.leases.map(({ resource }) => ({ resource, token }));
    const wants = first.leases.map(({ resource }) => ({ resource, mode: 'exclusive' as const }));
    const twin: Taken = { ...first, who: 'x', agent: 'x', id: 'x#1', wants, leases };
    return first.to < release.from - 2 ? [...acts, at(twin, release.from - 1)] : undefined;
  },
  'a token was used again': (acts, random) => {
    const [a, b] = [pick(takesOf(acts), random), pick(takesOf(acts), random)];
    const token = b?.leases[0]?.token;
    if (a === undefined || b === undefined || a.agent === b.agent || token === undefined) return undefined;
    return replace(acts, a, { ...a, leases: a.leases.map(({ resource }) => ({ resource, token })) });
  },
  'tokens went down': (acts, random) => {
    const [a, b] = [pick(takesOf(acts), random), pick(takesOf(acts), random)];
    if (a === undefined || b === undefined || a.to >= b.from) return undefined;
    return swapTokens(acts, a.leases[0]?.token ?? 0, b.leases[0]?.token ?? 0);
  },
  'a living holder lost its lease before its time': (acts, random) => {
    const found = pick(successions(acts), random);
    return found && replace(acts, found.release, { ...found.release, released: [] });
  },
  'a refusal named one long gone': (acts, random) => {
    const found = pick(refusals(acts), random);
    return found && replace(acts, found.refused, at(found.refused, found.release.to + 1));
  },
  'a refusal named one who was still to come': (acts, random) => {
    const found = pick(refusals(acts), random);
    return found && replace(acts, found.refused, at(found.refused, found.cause.from - 1));
  },
  'a refusal had no reason': (acts, random) => {
    const found = pick(refusals(acts), random);
    return found && replace(acts, found.refused, { ...found.refused, obstacles: [] });
  },
  'a lease was valid after its release': (acts, random) => {
    const found = pick(successions(acts), random);
    if (found === undefined) return undefined;
    const { who, agent, to } = found.release;
    const [lease = { resource: '', token: 0 }] = found.release.released;
    return [
      ...acts,
      { who, agent, id: 'x#1', from: to + 1, to: to + 2, kind: 'verified', lease, isValid: true },
    ];
  },
  'a living process was taken for dead': (acts, random) => takeOver(acts, random, 'dead'),
  'a term was taken for over': (acts, random) => takeOver(acts, random, 'expired'),
  'only a part was granted': (acts, random) => {
    const take = pick(
      takesOf(acts).filter(({ leases }) => leases.length > 1),
      random,
    );
    return take && replace(acts, take, { ...take, leases: take.leases.slice(1) });
  },
};

function takeOver(acts: readonly Act[], random: Random, why: string): readonly Act[] | undefined {
  const found = pick(successions(acts), random);
  if (found === undefined) return undefined;
  const { first, release, second } = found;
  const lost = { ...second, tookOver: first.leases.map((lease) => ({ ...lease, why })) };
  return replace(replace(acts, second, lost), release);
}
