import { expect, test } from 'vitest';
import { testdir } from '../support/testdir.ts';
import { leftBehind } from './left-behind.ts';
import { overtakingIn } from './queue-order.ts';
import { runRace } from './race.ts';
import { MIXED } from './shapes.ts';

const CLEAN = { violations: [], overlaps: [], failures: [] };

test('everything at once, killed and stopped past the TTL: linearizable, and nothing left behind', async () => {
  const folder = testdir();
  const { acquisitions, kills, stops, history, ...found } = await runRace({
    ...MIXED,
    kind: 'squad',
    folder,
    seconds: 6,
  });
  expect(found).toEqual(CLEAN);
  expect(Math.min(acquisitions / 10, kills, stops)).toBeGreaterThan(2);
  expect(new Set(history.acts.map(({ kind }) => kind)).size).toBe(7);
  expect(leftBehind(folder, MIXED.resources, MIXED.ttlMs)).toEqual([]);
});

test('a fair queue under kills: linearizable, first come, first served, and nothing left behind', async () => {
  const folder = testdir();
  const resources = ['a', 'b'];
  const { history, violations, overlaps, failures } = await runRace({
    kind: 'squad',
    folder,
    processes: 6,
    seconds: 4,
    ttlMs: 60_000,
    holdMs: 2,
    waitMs: 60_000,
    resources,
    killsPerSecond: 2,
  });
  expect({ violations, overlaps, failures, overtaking: overtakingIn(history) }).toEqual({
    ...CLEAN,
    overtaking: [],
  });
  expect(leftBehind(folder, resources, 60_000)).toEqual([]);
});

test.each(['wx', 'proper-lockfile'] as const)('the same harness catches %s', async (kind) => {
  let found = 0;
  for (let attempt = 0; attempt < 4 && found === 0; attempt += 1) {
    const { overlaps } = await runRace({
      kind,
      folder: testdir(),
      processes: 6,
      seconds: 5,
      ttlMs: kind === 'wx' ? 400 : 2000,
      holdMs: 25,
      waitMs: 500,
      resources: ['a'],
      stopsPerSecond: 3,
    });
    found = overlaps.length;
  }
  expect(found).toBeGreaterThan(0);
});
