import { expect, test } from 'vitest';
import { explore, exploreByDepth, wander } from './explore.ts';
import { busyWorld, COMPLETE, LONG } from './scenarios.ts';

const MAX_STATES = Number(process.env['TORTURE_STATES'] ?? 400_000);
const WALKS = Number(process.env['TORTURE_WALKS'] ?? 40_000);

test.each(Object.entries({ ...COMPLETE, ...LONG }))('every interleaving: %s', (name, scenario) => {
  const started = performance.now();
  const whole = explore(scenario, { maxStates: MAX_STATES });
  const found =
    whole.complete || whole.violation !== undefined ? whole : exploreByDepth(scenario, MAX_STATES);
  const { violation, trace, states, deepest, complete, isCutOff } = found;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const whereTo = isCutOff ? 'cut off' : `every interleaving to ${deepest} steps`;
  const extent = complete
    ? 'every interleaving to its end'
    : `${whereTo}, and ${whole.deepest} deep in places`;
  console.log(`model: ${name}: ${states} states, ${extent}, ${seconds} s`);
  expect({ violation, trace }).toEqual({ violation: undefined, trace: undefined });
});

test('random walks', () => {
  const { violation, trace, steps } = wander(busyWorld(), { walks: WALKS, seed: Date.now() });
  console.log(`model: ${WALKS} random walks, ${steps} steps`);
  expect({ violation, trace }).toEqual({ violation: undefined, trace: undefined });
});
