import { expect, test } from 'vitest';
import type { Act } from './act.ts';
import { checkHistory } from './linearize.ts';
import { MUTATIONS } from './mutations.ts';
import { makeHistory, SECOND, UNIVERSE, type Random } from './made-history.ts';
import { isLinearizable } from './sequential-lock.ts';

const seeded = (seed: number): Random => {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
};

const judge = (acts: readonly Act[]): readonly unknown[] =>
  checkHistory({ acts, deaths: new Map(), clockSteps: 0 }, UNIVERSE);

test('accepts whatever a working lock answers, however its calls overlap', () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const acts = makeHistory({ calls: 300, processes: 5, ttlSeconds: 61, random: seeded(seed) });
    expect(judge(acts), `seed ${seed}`).toEqual([]);
  }
});

test('agrees, history by history, with a judge that tries every order and every instant', () => {
  let [good, bad] = [0, 0];
  for (let seed = 1; seed <= 600; seed += 1) {
    const random = seeded(seed);
    const made = makeHistory({ calls: 9, processes: 3, ttlSeconds: 13, random }).slice(0, 6);
    const acts = seed % 4 === 0 ? made : spoil(made, random);
    const instants = Array.from({ length: 50 }, (_, index) => (index - 10) * 2 * SECOND);
    const expected = isLinearizable(acts, UNIVERSE, instants);
    const found = judge(acts);
    expect(found.length === 0, `seed ${seed}: ${JSON.stringify({ acts, found }, undefined, 1)}`).toBe(
      expected,
    );
    if (expected) good += 1;
    else bad += 1;
  }
  expect(Math.min(good, bad)).toBeGreaterThan(60);
});

// Moves a call in time, swaps two tokens, forgets a call, or lets one say the opposite.
function spoil(acts: readonly Act[], random: Random): Act[] {
  const index = random(acts.length);
  return acts.flatMap((act, place) => {
    if (place !== index) return [act];
    const kind = random(4);
    if (kind === 0) return [];
    if (kind === 1) return [shift(act, (random(12) - 6) * 2 * SECOND)];
    return [contradict(act, acts, random)];
  });
}

const shift = (act: Act, by: number): Act => ({ ...act, from: act.from + by, to: act.to + by });

function contradict(act: Act, acts: readonly Act[], random: Random): Act {
  if (act.kind === 'verified') return { ...act, isValid: !act.isValid };
  if (act.kind === 'released') return { ...act, released: act.released.length > 0 ? [] : act.asked };
  if (act.kind === 'renewed') return { ...act, renewed: act.renewed.length > 0 ? [] : act.asked };
  if (act.kind !== 'taken') return shift(act, 4 * SECOND);
  const other = acts[random(acts.length)];
  const token = other?.kind === 'taken' ? (other.leases[0]?.token ?? 1) : 7;
  return { ...act, leases: act.leases.map((lease) => ({ ...lease, token })) };
}

test.each(Object.entries(MUTATIONS))('finds every time that %s', (_name, mutate) => {
  let count = 0;
  for (let seed = 1; seed <= 40; seed += 1) {
    const random = seeded(seed);
    const acts = makeHistory({ calls: 120, processes: 4, ttlSeconds: 401, random });
    const mutated = mutate(acts, random);
    if (mutated === undefined) continue;
    count += 1;
    expect(judge(mutated), `seed ${seed}`).not.toEqual([]);
  }
  expect(count).toBeGreaterThan(10);
});
