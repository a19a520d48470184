import { DEFAULT_CONFIG } from '#config';
import { createCoordinator, createMemoryStore, createObserver, readPolicy } from '#coordinator';
import { createIdSource } from '#protocol';
import { openJournal } from '#store';
import { expect, test } from 'vitest';
import { NOON } from './sample-snapshot.ts';

function coordinator() {
  const time = { wall: NOON, boot: 1_000_000 };
  const clock = { wallMs: () => time.wall, bootMs: () => time.boot };
  const store = createMemoryStore({ now: clock.wallMs });
  const squadDir = '/r/.squad';
  const newId = createIdSource(clock.wallMs, (size) => new Uint8Array(size));
  const leases = {
    observe: () => ({ leases: [], waits: [], processes: [] }),
    end: () => false,
    move: () => [],
  };
  const git = async () => ({
    worktrees: [],
    changes: [],
    mergeConflicts: [],
    tracked: new Set<string>(),
    mainDirty: [],
  });
  const observe = createObserver({
    store,
    clock,
    squadDir,
    mainRoot: '/r',
    leases,
    config: DEFAULT_CONFIG,
    git,
    sessions: () => [],
    zones: () => [],
  });
  const journal = openJournal({ store, squadDir, clock, newId });
  const tick = createCoordinator({
    store,
    squadDir,
    clock,
    journal,
    observe,
    perform: undefined,
    policy: readPolicy({}),
    writes: true,
  });
  const doubts = async (hints = 0): Promise<readonly string[]> =>
    (await tick(hints)).record.findings.map(({ kind, message }) => `${kind}: ${message}`);
  const pass = (ms: number, jumpMs = 0): void => {
    time.boot += ms;
    time.wall += ms + jumpMs;
  };
  return { doubts, pass };
}

test('a wall clock that jumps is doubted for ten minutes, time that only passes is not', async () => {
  const { doubts, pass } = coordinator();
  expect(await doubts()).toEqual([]);
  pass(3_600_000);
  expect(await doubts()).toEqual([]);
  pass(2000, -90_000);
  const message = 'DOUBT: the wall clock jumped by -90 s; ages may be wrong by as much';
  expect(await doubts()).toEqual([message]);
  pass(590_000);
  expect(await doubts()).toEqual([message]);
  pass(20_000);
  expect(await doubts()).toEqual([]);
});

test('thousands of file events in one tick are doubted', async () => {
  const { doubts } = coordinator();
  expect(await doubts(2000)).toEqual([]);
  expect(await doubts(2001)).toEqual(['DOUBT: 2001 file events in one tick']);
});
