import { leaseProgram, nothingLeft, openedLog, type Deed } from './lease-programs.ts';
import {
  archiveLastEpochAtOnce,
  baseForgetsLeases,
  baseForgetsTokens,
  batonForgetsLeases,
  epochReplacesEpoch,
  lostReplyIsBelieved,
  naiveExclusiveCreate,
  naiveFolder,
  noSecondLook,
  overwriteInsteadOfLink,
  stateOfAnotherSlot,
  tornBaton,
} from './seeded-bugs.ts';
import type { Meddler, Program, Scenario } from './simulation.ts';

interface Shape {
  readonly epochSize?: number;
  readonly ttlMs?: number;
  readonly ticks?: number;
  readonly crashes?: number;
  readonly lostReplies?: number;
  readonly judged?: boolean;
  /** Commands; see {@link Setting}: a table up to this size is written whole behind a record. */
  readonly brief?: number;
  /** Begin without a log. */
  readonly bare?: boolean;
  readonly meddler?: Meddler;
}

const TTL_MS = 500;
const WHOLE = 4096;
const CHANGES = 0;

/** Processes that run the shipped protocol; one list of deeds each. */
export function leases(deeds: readonly (readonly Deed[])[], shape: Shape = {}): Scenario {
  const { epochSize = 100, ttlMs = TTL_MS, judged = false, brief, bare = false, ...rest } = shape;
  const setting = { epochSize, ttlMs, ...(brief === undefined ? {} : { brief }) };
  return {
    programs: deeds.map((list, pid) =>
      leaseProgram(list, { ...setting, ...(judged ? { pid: pid + 1 } : {}) }),
    ),
    ...(bare ? {} : { setUp: openedLog(epochSize) }),
    // A lease that outlives its process by design, or a tick that ends one early, is no litter.
    ...(deeds.every((list) => list.at(-1) === 'release') ? { atEnd: nothingLeft(epochSize) } : {}),
    ...rest,
  };
}

const TAKE: readonly Deed[] = ['acquire', 'release'];
const RENEW: readonly Deed[] = ['acquire', 'renew', 'release'];
const QUEUE: readonly Deed[] = ['wait', 'release'];

/** Small worlds that are visited completely. */
export const COMPLETE: Readonly<Record<string, Scenario>> = {
  'two take and release': leases([TAKE, TAKE]),
  'two begin the log and take': leases([['acquire'], ['acquire']], { bare: true }),
  'three take': leases([['acquire'], ['acquire'], ['acquire']]),
  'two take, one may be killed anywhere, the dead is judged': leases([TAKE, TAKE], {
    crashes: 1,
    judged: true,
  }),
  'two take and may meet an expired lease': leases([TAKE, TAKE], { ticks: 1 }),
  'two queue': leases([QUEUE, QUEUE]),
  'two take and one link loses its reply': leases([TAKE, TAKE], { lostReplies: 1 }),
  'two take and release, each time as a command': leases([TAKE, TAKE], { brief: WHOLE }),
  'two take and release, each time as a command that keeps what it changed': leases([TAKE, TAKE], {
    brief: CHANGES,
  }),
};

/** Larger worlds, for the long run. */
export const LONG: Readonly<Record<string, Scenario>> = {
  'two begin the log, take and release': leases([TAKE, TAKE], { bare: true }),
  'two take and may meet an expired lease, two ticks': leases([TAKE, TAKE], { ticks: 2 }),
  'one knows a log that is deleted and begun anew': {
    ...leases([
      ['look', 'acquire'],
      ['delete', 'acquire', 'renew', 'renew'],
    ]),
    setUp: leaseProgram(TAKE, { epochSize: 100, ttlMs: TTL_MS, brief: WHOLE }),
  },
  'two take with a roll at every second record': leases([TAKE, TAKE], { epochSize: 2 }),
  'three take and release': leases([TAKE, TAKE, TAKE]),
  'three take, one may be killed, the dead is judged': leases([TAKE, TAKE, TAKE], {
    crashes: 1,
    judged: true,
  }),
  'three take, two ticks, one may be killed': leases([TAKE, TAKE, TAKE], { ticks: 2, crashes: 1 }),
  'two take, renew and release, two ticks, one may be killed': leases([RENEW, RENEW], {
    ticks: 2,
    crashes: 1,
  }),
  'three take, renew and release': leases([RENEW, RENEW, RENEW]),
  'three take, renew and release, and may meet an expired lease': leases([RENEW, RENEW, RENEW], { ticks: 1 }),
  'three take, renew and release, one may be killed, the dead is judged': leases([RENEW, RENEW, RENEW], {
    crashes: 1,
    judged: true,
  }),
  'three take, renew and release, two ticks, one may be killed, the dead is judged': leases(
    [RENEW, RENEW, RENEW],
    { ticks: 2, crashes: 1, judged: true },
  ),
  'two take with rolls, one may be killed': leases([TAKE, TAKE], { epochSize: 2, crashes: 1 }),
  'two queue, and what wakes a waiter is torn': leases([QUEUE, QUEUE], { meddler: tornBaton }),
  'three queue': leases([QUEUE, QUEUE, QUEUE]),
  'two queue as commands that keep what they changed': leases([QUEUE, QUEUE], { brief: CHANGES }),
  'two queue with rolls, one may be killed': leases([QUEUE, QUEUE], {
    epochSize: 2,
    crashes: 1,
    judged: true,
  }),
  'three take with rolls': leases([TAKE, TAKE, TAKE], { epochSize: 2 }),
  'three take and release, each time as a command': leases([TAKE, TAKE, TAKE], { brief: WHOLE }),
  'three take and release, each time as a command that keeps what it changed': leases([TAKE, TAKE, TAKE], {
    brief: CHANGES,
  }),
  'two take as commands with rolls, two ticks, one may be killed': leases([TAKE, TAKE], {
    brief: WHOLE,
    epochSize: 3,
    ticks: 2,
    crashes: 1,
  }),
  'two take as commands that keep what they changed, with rolls, two ticks, one may be killed': leases(
    [TAKE, TAKE],
    { brief: CHANGES, epochSize: 3, ticks: 2, crashes: 1 },
  ),
};

const BUSY: readonly Deed[] = [
  'look',
  'acquire',
  'release',
  'acquire',
  'renew',
  'release',
  'acquire',
  'release',
];

/** A world too large to visit, for random walks: a slow reader among busy writers, epochs of two records. */
export function busyWorld(): Scenario {
  return leases([BUSY, BUSY, BUSY], { epochSize: 2, crashes: 1, ticks: 1, lostReplies: 1, judged: true });
}

// Nobody dies and no reply is lost: whatever goes wrong is the bug's doing.
function busyWorldWith(meddler: Meddler): Scenario {
  return leases([BUSY, BUSY, BUSY], { epochSize: 2, meddler });
}

const naive = (program: () => Program, count: number, ticks = 0): Scenario => ({
  programs: Array.from({ length: count }, program),
  setUp: function* setUp() {
    yield { kind: 'makeFolder', path: '/squad' };
  },
  ticks,
});

/** Worlds with a bug in them. Each must be found, else the explorer proves nothing. */
export const SEEDED: Readonly<Record<string, Scenario>> = {
  'release unlinks whatever is there': naive(
    () => naiveExclusiveCreate({ ttlMs: TTL_MS }, ['takeover']),
    3,
    1,
  ),
  'a stale lock is looked at, removed and made anew': naive(() => naiveFolder({ ttlMs: TTL_MS }), 3, 1),
  'renewal writes over the record': naive(
    () => naiveExclusiveCreate({ ttlMs: TTL_MS }, ['takeover', 'renew']),
    2,
    1,
  ),
  'a slot is written over instead of linked': leases([TAKE, TAKE], { meddler: overwriteInsteadOfLink }),
  'the base forgets the tokens': leases([[...TAKE, ...TAKE], []], {
    epochSize: 2,
    meddler: baseForgetsTokens,
  }),
  'the base forgets the leases': leases([['acquire', 'release'], TAKE], {
    epochSize: 1,
    meddler: baseForgetsLeases,
  }),
  'who wakes a waiter tells it that nobody holds': leases([QUEUE, QUEUE], { meddler: batonForgetsLeases }),
  'behind a record stands the state of another': leases([[...TAKE, ...TAKE], ['acquire']], {
    brief: WHOLE,
    meddler: stateOfAnotherSlot,
  }),
  'a lost reply is believed': leases([TAKE, TAKE], { lostReplies: 1, meddler: lostReplyIsBelieved }),
};

/** Bugs that show only deep in a run; found by random walks. */
export const SEEDED_DEEP: Readonly<Record<string, Scenario>> = {
  'nobody looks a second time at the epoch': busyWorldWith(noSecondLook),
  'the last epoch is archived at once': busyWorldWith(archiveLastEpochAtOnce),
  'an epoch replaces an epoch': busyWorldWith(epochReplacesEpoch),
};
