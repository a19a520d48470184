import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runRace, type Race } from './race.ts';

const SECONDS = Number(process.env['TORTURE_SECONDS'] ?? 60);
const FAKETIME = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1',
].find((path) => existsSync(path));
// Tortures on a memory file system do more in the same time; the disk's own file system is tried too.
const FOLDERS = existsSync('/dev/shm') ? ['/dev/shm', tmpdir()] : [tmpdir()];

type Shape = Omit<Race, 'folder' | 'kind' | 'seconds'>;
const base = { ttlMs: 500, holdMs: 2, resources: ['a', 'b', 'c', 'd/', 'e'] };
const SHAPES: Readonly<Record<string, Shape>> = {
  'two processes, no faults, no pauses': { ...base, processes: 2, holdMs: 0, ttlMs: 5000, resources: ['a'] },
  'eight processes, killed and stopped': { ...base, processes: 8, killsPerSecond: 10, stopsPerSecond: 6 },
  'sixteen in a fair queue, killed': {
    ...base,
    processes: 16,
    waitMs: 2000,
    killsPerSecond: 6,
    stopsPerSecond: 2,
  },
  'sixty-four, killed and stopped': {
    ...base,
    processes: 64,
    ttlMs: 2000,
    killsPerSecond: 4,
    stopsPerSecond: 2,
  },
  'tiny TTLs': { ...base, processes: 8, ttlMs: 30, holdMs: 60, killsPerSecond: 2 },
};

for (const folder of FOLDERS) {
  test.each(Object.entries(SHAPES))(`${folder}: %s`, async (name, shape) => {
    await judge(`${folder}: ${name}`, folder, shape);
  });
}

test.skipIf(FAKETIME === undefined)(
  'half of the processes have a clock that is a day ahead, and drifts',
  async () => {
    const crookedEnv = {
      LD_PRELOAD: FAKETIME ?? '',
      FAKETIME: '+1d x1.3',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
    await judge('clock a day ahead', FOLDERS[0] ?? tmpdir(), {
      ...base,
      processes: 8,
      killsPerSecond: 4,
      crookedEnv,
    });
  },
);

test.runIf(FAKETIME === undefined)('clock steps were not tried', () => {
  console.log('race: libfaketime is not installed (apt-get install libfaketime): clock steps were NOT tried');
});

async function judge(name: string, parent: string, shape: Shape): Promise<void> {
  const folder = mkdtempSync(join(parent, 'dotsquad-race-'));
  try {
    const result = await runRace({ ...shape, kind: 'squad', folder, seconds: SECONDS, seed: Date.now() });
    const { verdict, failures, acquisitions, kills, stops } = result;
    console.log(
      `race: ${name}: ${acquisitions} acquisitions, ${kills} kills, ${stops} stops in ${SECONDS} s`,
    );
    expect({ verdict, failures }).toEqual({
      verdict: { overlaps: [], disorder: [], lost: [], malformed: [] },
      failures: [],
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
