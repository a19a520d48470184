import { expect, test } from 'vitest';
import { explore, wander } from './explore.ts';
import { busyWorld, COMPLETE, SEEDED, SEEDED_DEEP } from './scenarios.ts';

test.each(Object.entries(COMPLETE))('every interleaving: %s', (_name, scenario) => {
  const { violation, trace, complete } = explore(scenario);
  expect({ violation, trace, complete }).toEqual({ violation: undefined, trace: undefined, complete: true });
});

test('random walks among busy writers, with a kill, an expiry and a lost reply', () => {
  const { violation, trace } = wander(busyWorld(), { walks: 400, seed: 7 });
  expect({ violation, trace }).toEqual({ violation: undefined, trace: undefined });
});

test.each(Object.entries(SEEDED))('finds the seeded bug: %s', (_name, scenario) => {
  expect(explore(scenario, { maxStates: 20_000 }).violation).toBeTypeOf('string');
});

test.each(Object.entries(SEEDED_DEEP))('finds the deep seeded bug: %s', (_name, scenario) => {
  expect(wander(scenario, { walks: 2500, seed: 8 }).violation).toBeTypeOf('string');
});
