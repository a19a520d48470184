import { randomPlans, runSimulation, type SimulationResult } from '#coordinator';
import { expect, test } from 'vitest';

// SIMULATION_SEEDS=20000 is the nightly form.
const SEEDS = Number(process.env['SIMULATION_SEEDS'] ?? '1000');
const CALM = { missedTick: 0, coordinatorCrash: 0, clockJump: 0 };
const TROUBLE = { missedTick: 0.1, coordinatorCrash: 0.05, clockJump: 0.01 };
const FAULTS = { crash: 0.004, stall: 0.01, failure: 0.1, greed: 0.3 };

function live(
  seed: number,
  trouble: typeof CALM = TROUBLE,
  faults: typeof FAULTS = FAULTS,
): Promise<SimulationResult> {
  const plans = randomPlans(seed, { agents: 2 + (seed % 4), tasks: 4 + (seed % 8) });
  return runSimulation({ seed, plans, faults, trouble, stepMs: 120_000, maxSteps: 1600 });
}

test(`whatever crashes, stalls, fails or jumps, nothing is lost and nobody is falsely declared dead (${SEEDS} seeds)`, async () => {
  const broken: string[] = [];
  let deaths = 0;
  let crashes = 0;
  for (let seed = 0; seed < SEEDS; seed += 1) {
    const result = await live(seed);
    broken.push(...result.violations.map((violation) => `seed ${seed}: ${violation}`));
    deaths += result.deathsJudged;
    crashes += result.coordinatorCrashes;
  }
  expect(broken).toEqual([]);
  // The faults did happen.
  expect(deaths).toBeGreaterThan(SEEDS);
  expect(crashes).toBeGreaterThan(SEEDS / 4);
}, 1_800_000);

test('the same seed gives the same history', async () => {
  expect(await live(7)).toEqual(await live(7));
});

test('without faults every task is proven and nothing is moved or raised', async () => {
  for (let seed = 0; seed < 25; seed += 1) {
    const result = await live(seed, CALM, { crash: 0, stall: 0, failure: 0, greed: 0 });
    expect([seed, result.violations, result.raised, result.deathsJudged]).toEqual([seed, [], 0, 0]);
    expect(result.makespanMs).toBeGreaterThan(0);
  }
});
