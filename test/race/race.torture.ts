import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { leftBehind } from './left-behind.ts';
import { overtakingIn, waitsOf } from './queue-order.ts';
import { runRace, type Race } from './race.ts';
import { CLOCKS, SHAPES, type Shape } from './shapes.ts';
import { count, emptyTally, tallyWords } from './tally.ts';

const SECONDS = Number(process.env['TORTURE_SECONDS'] ?? 20);
// Goes on, race after race, until so many acquisitions, a thousandth of it in kills and half of that in stops are reached.
const TARGET = Number(process.env['TORTURE_TARGET'] ?? 0);
const MAX_ROUNDS = 500;
const FAKETIME = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1',
].find((path) => existsSync(path));
// On a memory file system more happens in the same time; the disk's own is tried too. `TORTURE_FOLDER` is for another.
const OTHER = process.env['TORTURE_FOLDER'];
const [MEMORY, DISK] = existsSync('/dev/shm') ? ['/dev/shm', tmpdir()] : [tmpdir(), tmpdir()];
const FOLDERS = OTHER === undefined ? [...new Set([MEMORY, DISK])] : [OTHER];
const tally = emptyTally();

for (const folder of FOLDERS) {
  test.each(Object.entries(SHAPES))(`${folder}: %s`, (name, shape) => judge(name, folder, shape));
}

test.skipIf(FAKETIME === undefined)('clocks that jump, of every other process', () =>
  judgeClocks(FAKETIME ?? ''),
);

test.runIf(FAKETIME === undefined)('clock steps were NOT tried', () => {
  console.log(
    'race: libfaketime is not installed (Debian: apt-get install libfaketime): clock steps were NOT tried',
  );
});

test.each(['wx', 'proper-lockfile'] as const)('the same harness catches %s', async (kind) => {
  const folder = mkdtempSync(join(FOLDERS[0] ?? tmpdir(), 'dotsquad-race-'));
  const terms = { processes: 6, holdMs: 25, waitMs: 500, resources: ['a'], stopsPerSecond: 3 };
  const ttlMs = kind === 'wx' ? 400 : 2000;
  const { overlaps, acquisitions } = await runRace({ ...terms, kind, folder, seconds: SECONDS, ttlMs });
  rmSync(folder, { recursive: true, force: true });
  console.log(`race: ${kind}: ${overlaps.length} times two holders in ${acquisitions} acquisitions`);
  expect(overlaps.length).toBeGreaterThan(0);
});

test.runIf(TARGET > 0)('and again until the target is reached', async () => {
  const races = Object.entries(SHAPES);
  for (let round = 0; round < MAX_ROUNDS && !isReached(); round += 1) {
    const [name, shape] = races[round % races.length] ?? [];
    // Once there were kills and stops enough, only what gives volume is repeated.
    const isSlow = (shape?.holdMs ?? 0) > 0;
    if (name === undefined || shape === undefined || (isSlow && hasFaults())) continue;
    await judge(name, FOLDERS[0] ?? tmpdir(), shape);
  }
  expect(isReached()).toBe(true);
});

afterAll(() => {
  console.log(`race: IN ALL RACES WITHOUT A VIOLATION: ${tallyWords(tally)}`);
});

function hasFaults(): boolean {
  return tally.kills >= TARGET / 1000 && tally.stops >= TARGET / 2000;
}

function isReached(): boolean {
  return tally.acquisitions >= TARGET && hasFaults();
}

async function judge(name: string, parent: string, shape: Shape): Promise<void> {
  const folder = mkdtempSync(join(parent, 'dotsquad-race-'));
  await judgeIn(name, folder, shape);
  // What shows a violation stays, for whoever looks into it.
  rmSync(folder, { recursive: true, force: true });
}

async function judgeIn(name: string, folder: string, shape: Shape): Promise<void> {
  const race: Race = { ...shape, kind: 'squad', folder, seconds: SECONDS, seed: Date.now() };
  const result = await runRace(race);
  const { violations, overlaps, failures, history } = result;
  const left = leftBehind(folder, shape.resources, shape.ttlMs);
  const overtaking = shape.isFair === true ? overtakingIn(history) : [];
  expect({ violations, overlaps, failures, left, overtaking }, folder).toEqual({
    violations: [],
    overlaps: [],
    failures: [],
    left: [],
    overtaking: [],
  });
  count(tally, result);
  const waits = waitsOf(history);
  const waited =
    waits.length === 0
      ? ''
      : `; waited p50 ${Math.round(waits[waits.length >> 1] ?? 0)} ms, worst ${Math.round(waits.at(-1) ?? 0)} ms`;
  const { acquisitions, kills, stops } = result;
  console.log(
    `race: ${folder}: ${name}: ${acquisitions} acquisitions, ${kills} kills, ${stops} stops${waited}`,
  );
  console.log(`race: so far ${tallyWords(tally)}`);
}

async function judgeClocks(library: string): Promise<void> {
  const folder = mkdtempSync(join(FOLDERS[0] ?? tmpdir(), 'dotsquad-race-'));
  const file = join(folder, 'clock');
  const steps = ['+0', '+31s', '-31s', '+1h', '-1h', '+1d x1.3', '-1d', '+0 x1.3'];
  const step = (): void => writeFileSync(file, `${steps[Math.floor(Math.random() * steps.length)]}\n`);
  step();
  const crookedEnv = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  await judgeIn('clocks that jump', folder, { ...CLOCKS, crookedEnv, meddle: step });
  rmSync(folder, { recursive: true, force: true });
}
