import type { Race } from './race.ts';

/** What a race of a kind is made of. */
export type Shape = Omit<Race, 'folder' | 'kind' | 'seconds' | 'seed'> & {
  /** Nobody is stopped, holds one thing while waiting for another, or lets a ticket lapse: nobody may overtake. */
  readonly isFair?: boolean;
};

/** Files, a folder, a pattern and an operation; who overlaps whom is written down here apart from the program. */
export const MIXED_RESOURCES = ['a', 'b', 'c/', 'c/x.ts', 'c/y.md', 'c/*.ts', 'op:git'];

const mixed = {
  ttlMs: 400,
  holdMs: 2,
  resources: MIXED_RESOURCES,
  universe: { 'c/': ['x', 'y', 'other'], 'c/x.ts': ['x'], 'c/y.md': ['y'], 'c/*.ts': ['x', 'other'] },
  deeds: {
    plain: 10,
    shared: 4,
    several: 3,
    renewed: 2,
    reentered: 2,
    transferred: 1,
    handed: 1,
    broken: 1,
  },
  verifies: true,
  unboundShare: 0.2,
} as const;

/** Everything that can be done with leases at once, for a short run. */
export const MIXED: Shape = { ...mixed, processes: 6, killsPerSecond: 2, stopsPerSecond: 3 };

/** Pauses nobody, so that the system calls of contenders meet as often as they can. */
const volume = { ttlMs: 5000, holdMs: 0, backOffMs: 0 };

/** What is run for minutes. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  'two on one file': { ...volume, processes: 2, resources: ['a'] },
  'two on two files, one killed now and then': {
    ...volume,
    processes: 2,
    resources: ['a', 'b'],
    killsPerSecond: 2,
  },
  'three on files and a folder, shared and exclusive': {
    ...volume,
    processes: 3,
    resources: ['a', 'c/', 'c/x.ts'],
    universe: { 'c/': ['x', 'other'], 'c/x.ts': ['x'] },
    deeds: { plain: 3, shared: 2 },
  },
  'everything at once': { ...mixed, processes: 8, killsPerSecond: 2, stopsPerSecond: 3 },
  'everything at once, waiting': {
    ...mixed,
    processes: 8,
    waitMs: 600,
    killsPerSecond: 1,
    stopsPerSecond: 2,
  },
  'fair queue of sixteen, killed': {
    processes: 16,
    ttlMs: 60_000,
    holdMs: 1,
    waitMs: 60_000,
    resources: ['a', 'b'],
    killsPerSecond: 1,
    isFair: true,
  },
  'waiting across each other': {
    processes: 6,
    ttlMs: 60_000,
    holdMs: 1,
    waitMs: 60_000,
    resources: ['a', 'b', 'd'],
    deeds: { crossed: 3, plain: 1 },
    killsPerSecond: 1,
  },
  'sixty-four, killed and stopped': {
    ...mixed,
    processes: 64,
    ttlMs: 2000,
    killsPerSecond: 3,
    stopsPerSecond: 4,
    backOffMs: 60,
  },
  'tiny TTLs': { ...mixed, processes: 6, ttlMs: 30, holdMs: 60, killsPerSecond: 2, stopsPerSecond: 8 },
  'stopped again and again': { ...mixed, processes: 8, ttlMs: 150, stopsPerSecond: 12, unboundShare: 0 },
};

/** For contenders whose wall clocks jump by up to a day, both ways, all the time, and run 1.3 times as fast. */
export const CLOCKS: Shape = { ...mixed, processes: 6, killsPerSecond: 1 };
