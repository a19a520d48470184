import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openLocks } from '#lock';
import { createIdSource } from '#protocol';
import { createNodeStore, randomBytes, systemClock } from '#store';
import { expect, test } from 'vitest';
import { testdir } from '../support/testdir.ts';
import { checkHistory, type Hold } from './history.ts';
import { runRace } from './race.ts';

const CLEAN = { overlaps: [], disorder: [], lost: [], malformed: [] };

test('eight processes, killed and stopped past their TTL: never two holders, nothing left behind', async () => {
  const folder = testdir();
  const { verdict, failures, acquisitions, kills, stops } = await runRace({
    kind: 'squad',
    folder,
    processes: 8,
    seconds: 7,
    ttlMs: 400,
    holdMs: 4,
    resources: ['a', 'b', 'c/'],
    killsPerSecond: 5,
    stopsPerSecond: 5,
  });
  expect({ verdict, failures }).toEqual({ verdict: CLEAN, failures: [] });
  expect(Math.min(acquisitions / 10, kills, stops)).toBeGreaterThan(2);
  expect(litterOf(folder)).toEqual([]);
});

test('a fair queue under kills: never two holders, nothing left behind', async () => {
  const folder = testdir();
  const { verdict, failures } = await runRace({
    kind: 'squad',
    folder,
    processes: 6,
    seconds: 5,
    ttlMs: 1000,
    holdMs: 2,
    waitMs: 2000,
    resources: ['a', 'b'],
    killsPerSecond: 3,
  });
  expect({ verdict, failures }).toEqual({ verdict: CLEAN, failures: [] });
  expect(litterOf(folder)).toEqual([]);
});

test.each(['wx', 'proper-lockfile'] as const)('the same harness catches %s', async (kind) => {
  let overlaps = 0;
  for (let attempt = 0; attempt < 4 && overlaps === 0; attempt += 1) {
    const { verdict } = await runRace({
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
    overlaps = verdict.overlaps.length;
  }
  expect(overlaps).toBeGreaterThan(0);
});

const hold = (who: string, token: number, from: number, to: number): Hold => ({
  who,
  resource: 'a',
  token,
  askedAt: from,
  gotAt: from + 2,
  endsAt: from + 1000,
  releasingAt: to,
  releasedAt: to + 2,
  outcome: 'released',
});

test.each<[string, readonly Hold[], Partial<Record<keyof typeof CLEAN, number>>]>([
  ['one after the other', [hold('p', 1, 0, 10), hold('q', 2, 11, 20)], {}],
  ['a call that overlaps the release before it', [hold('p', 1, 0, 10), hold('q', 2, 9, 20)], {}],
  ['two at once', [hold('p', 1, 0, 10), hold('q', 2, 4, 20)], { overlaps: 1, disorder: 1 }],
  ['tokens against the order of time', [hold('p', 2, 0, 10), hold('q', 1, 20, 30)], { disorder: 1 }],
  ['a token twice', [hold('p', 1, 0, 10), hold('q', 1, 20, 30)], { malformed: 1 }],
  ['lost before its time', [{ ...hold('p', 1, 0, 10), outcome: 'lost' }], { lost: 1 }],
])('the checker judges %s', (_name, holds, expected) => {
  const verdict = checkHistory({ holds, refusals: [], deaths: new Map() }, true);
  const counts = Object.fromEntries(Object.entries(verdict).map(([key, list]) => [key, list.length]));
  expect(counts).toEqual({ overlaps: 0, disorder: 0, lost: 0, malformed: 0, ...expected });
});

/** Whatever is there after everybody has gone and the table was tidied, but for the log itself. */
function litterOf(squadDir: string): string[] {
  const ports = {
    store: createNodeStore(),
    squadDir,
    clock: systemClock,
    newId: createIdSource(() => Date.now(), randomBytes),
  };
  const locks = openLocks(ports, { ttlMs: 1000, maxHoldMs: 1000 });
  for (const { resource, agent } of locks.table().leases)
    locks.release({ agent, resources: [resource], wholly: true });
  for (const resource of ['a', 'b', 'c/']) {
    locks.acquire({ agent: 'last', resources: [{ name: resource }] });
    locks.release({ agent: 'last', resources: [resource] });
  }
  locks.tidy({ litterOlderThanMs: 0 });
  const views = join(squadDir, 'locks');
  const inside = ['tmp', 'wake', 'shown', 'removing'].flatMap((name) =>
    readdirSync(join(views, '.log', name)).map((file) => `${name}/${file}`),
  );
  return [...readdirSync(views).filter((name) => name !== '.log'), ...inside];
}
