import { join } from 'node:path';
import { openLocks, type AcquireOutcome, type Locks } from '#lock';
import { createIdSource } from '#protocol';
import { createNodeStore, identifyProcess, randomBytes, systemClock } from '#store';
import { expect, test } from 'vitest';
import { testdir } from '../support/testdir.ts';

const newId = createIdSource(() => Date.now(), randomBytes);
const LONG = { waitMs: 20_000 };

function squadFolder(): string {
  return join(testdir({ '.squad/README.md': '' }), '.squad');
}

function opened(squadDir: string): Locks {
  return openLocks(
    { store: createNodeStore(), squadDir, clock: systemClock, newId },
    { ttlMs: 60_000, maxHoldMs: 3_600_000 },
  );
}

const on = (agent: string, ...names: string[]): { agent: string; resources: { name: string }[] } => ({
  agent,
  resources: names.map((name) => ({ name })),
});

const namesOf = (outcome: AcquireOutcome): string[] =>
  outcome.kind === 'acquired' ? outcome.leases.map(({ resource }) => resource) : [outcome.kind];

test.each([false, true])(
  'a waiter that lost a part before it woke takes all again, and releases all (with holder: %s)',
  async (hasHolder) => {
    const squadDir = squadFolder();
    const others = opened(squadDir);
    others.acquire(on('a', 'x.ts', 'y.ts'));
    const self = identifyProcess(process.pid);
    const holder = hasHolder && self !== undefined ? { holder: self } : {};
    const locks = opened(squadDir);
    const waiting = locks.acquireWaiting({ ...on('b', 'x.ts', 'y.ts'), ...holder }, LONG);
    others.release({ agent: 'a', all: true });
    others.breakLease({ resource: 'y.ts', by: 'c', reason: 'test' });
    expect(namesOf(await waiting)).toEqual(['x.ts', 'y.ts']);
    expect(locks.release(on2('b', 'x.ts', 'y.ts')).kept).toEqual([]);
    expect(others.table()).toMatchObject({ leases: [], waiting: [] });
  },
);

test('a waiter whose time is up gives back the part that it was served', async () => {
  const squadDir = squadFolder();
  const others = opened(squadDir);
  others.acquire(on('a', 'x.ts', 'y.ts'));
  const stop = new AbortController();
  const waiting = opened(squadDir).acquireWaiting(on('b', 'x.ts', 'y.ts'), { ...LONG, signal: stop.signal });
  others.release({ agent: 'a', all: true });
  others.breakLease({ resource: 'y.ts', by: 'c', reason: 'test' });
  others.acquire(on('c', 'y.ts'));
  stop.abort();
  expect(namesOf(await waiting)).toEqual(['aborted']);
  expect(others.table()).toMatchObject({ leases: [{ agent: 'c', resource: 'y.ts' }], waiting: [] });
});

test('two sessions of one agent, served together, each count once', async () => {
  const squadDir = squadFolder();
  const others = opened(squadDir);
  others.acquire(on('a', 'x.ts'));
  const locks = opened(squadDir);
  const waits = ['one', 'two'].map((session) => locks.acquireWaiting({ ...on('b', 'x.ts'), session }, LONG));
  others.release({ agent: 'a', all: true });
  expect((await Promise.all(waits)).map(namesOf)).toEqual([['x.ts'], ['x.ts']]);
  expect(locks.release({ agent: 'b', session: 'one', resources: ['x.ts'] }).kept).toHaveLength(1);
  expect(locks.release({ agent: 'b', session: 'two', resources: ['x.ts'] }).released).toHaveLength(1);
});

const on2 = (agent: string, ...resources: string[]): { agent: string; resources: string[] } => ({
  agent,
  resources,
});
