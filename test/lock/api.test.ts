import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { holdLeases, openLocks, probeFilesystem, type Locks } from '#lock';
import { createIdSource } from '#protocol';
import { createNodeStore, performFileStep, randomBytes, systemClock } from '#store';
import { expect, test } from 'vitest';
import { testdir } from '../support/testdir.ts';

const newId = createIdSource(() => Date.now(), randomBytes);

function opened(ttlMs = 60_000): Locks {
  const squadDir = join(testdir({ '.squad/README.md': '' }), '.squad');
  return openLocks(
    { store: createNodeStore(), squadDir, clock: systemClock, newId },
    { ttlMs, maxHoldMs: 3_600_000 },
  );
}

const on = (agent: string, ...names: string[]): { agent: string; resources: { name: string }[] } => ({
  agent,
  resources: names.map((name) => ({ name })),
});

test('leases are held for a scope, and released at its end', async () => {
  const locks = opened();
  {
    await using held = await holdLeases(locks, on('a', 'x.ts', 'op:git'));
    expect(held.leases.map(({ resource }) => resource)).toEqual(['op:git', 'x.ts']);
    expect(held.verify('x.ts').kind).toBe('valid');
    await expect(holdLeases(locks, on('b', 'x.ts'))).rejects.toMatchObject({
      code: 'LOCK_HELD',
      message: 'x.ts is held by a',
    });
  }
  expect(locks.table()).toEqual({ leases: [], expired: [], waiting: [] });
});

test('a holder that lets its lease expire is told by its signal, and refused by verify', async () => {
  const locks = opened(40);
  await using held = await holdLeases(locks, on('a', 'x.ts'), { renew: false });
  const next = await locks.acquireWaiting({ ...on('b', 'x.ts'), ttlMs: 60_000 }, { waitMs: 5000 });
  expect(next).toMatchObject({ kind: 'acquired', leases: [{ agent: 'b', token: 2 }] });
  expect(held.verify('x.ts')).toMatchObject({ kind: 'invalid', why: 'expired', current: { agent: 'b' } });
  expect(locks.release({ agent: 'a', resources: ['x.ts'] }).missing).toEqual(['x.ts']);
});

test('an abandoned wait leaves the queue', async () => {
  const locks = opened();
  locks.acquire(on('a', 'x.ts'));
  const stop = new AbortController();
  const waiting = locks.acquireWaiting(on('b', 'x.ts'), { waitMs: 60_000, signal: stop.signal });
  expect(locks.table().waiting).toMatchObject([{ agent: 'b', behind: [{ agent: 'a' }] }]);
  stop.abort();
  expect(await waiting).toMatchObject({ kind: 'aborted' });
  expect(locks.table().waiting).toEqual([]);
});

test('two who would wait for each other: the second is refused, with the cycle in words', async () => {
  const locks = opened();
  locks.acquire(on('a', 'x.ts'));
  locks.acquire(on('b', 'y.ts'));
  const stop = new AbortController();
  const waiting = locks.acquireWaiting(on('a', 'y.ts'), { waitMs: 60_000, signal: stop.signal });
  expect(await locks.acquireWaiting(on('b', 'x.ts'), { waitMs: 60_000 })).toMatchObject({
    kind: 'deadlock',
    words: 'b holds y.ts and waits for x.ts, a holds x.ts and waits for y.ts',
  });
  stop.abort();
  await waiting;
});

test('transfer gives the receiver a lease of its own; a reservation keeps it for the next', () => {
  const locks = opened();
  locks.acquire({ ...on('a', 'x.ts'), handoffTo: 'b' });
  locks.release({ agent: 'a', resources: ['x.ts'] });
  expect(locks.acquire(on('c', 'x.ts'))).toMatchObject({
    kind: 'held',
    holders: [{ kind: 'reserved', agent: 'b' }],
  });
  expect(locks.acquire(on('b', 'x.ts')).kind).toBe('acquired');
  const moved = locks.transfer({ from: 'b', to: 'c', resources: ['x.ts'] });
  expect(moved).toMatchObject({ kind: 'transferred', leases: [{ agent: 'c', token: 3 }] });
  expect(locks.verify({ agent: 'b', resource: 'x.ts', token: 2 }).kind).toBe('invalid');
});

test('what one agent acquires twice it must release twice, each session for itself', () => {
  const locks = opened();
  const [one, two] = [
    { ...on('a', 'x.ts'), session: 's1' },
    { ...on('a', 'x.ts'), session: 's2' },
  ];
  for (const request of [one, one, two]) expect(locks.acquire(request).kind).toBe('acquired');
  const release = (session: string): number =>
    locks.release({ agent: 'a', session, resources: ['x.ts'] }).released.length;
  expect([release('s1'), release('s1'), release('s2')]).toEqual([0, 0, 1]);
});

test('history tells what happened, over many epochs', () => {
  const locks = opened();
  for (let round = 0; round < 200; round += 1) {
    locks.acquire(on(`a${round % 3}`, 'x.ts', `y${round}.ts`));
    locks.release({ agent: `a${round % 3}`, all: true });
  }
  const events = locks.history('x.ts');
  expect(events.length).toBe(400);
  expect(events.map(({ token }) => token)).toEqual(
    Array.from({ length: 400 }, (_, index) => Math.floor(index / 2) + 1),
  );
});

test('tokens do not restart when the lock folder is deleted', () => {
  const squadDir = join(testdir({ '.squad/README.md': '' }), '.squad');
  const fresh = (): Locks =>
    openLocks(
      { store: createNodeStore(), squadDir, clock: systemClock, newId },
      { ttlMs: 1000, maxHoldMs: 1000 },
    );
  let last = 0;
  const locks = fresh();
  for (let round = 0; round < 40; round += 1) {
    const outcome = locks.acquire(on('a', 'x.ts'));
    if (outcome.kind === 'acquired') last = outcome.leases[0]?.token ?? 0;
    locks.release({ agent: 'a', all: true });
  }
  performFileStep({ kind: 'removeFolder', path: join(squadDir, 'locks') });
  for (const each of [locks, fresh()]) {
    const outcome = each.acquire(on('a', 'x.ts'));
    const token = outcome.kind === 'acquired' ? (outcome.leases[0]?.token ?? 0) : 0;
    expect(token).toBeGreaterThan(last);
    last = token - 1;
    each.release({ agent: 'a', all: true });
  }
});

test('a local file system is found safe, one without hard links unsafe, one elsewhere unsafe', () => {
  const folder = testdir();
  mkdirSync(join(folder, 'x'));
  expect(probeFilesystem(folder, { newId }).kind).toBe('safe');
  const noLinks = probeFilesystem(folder, {
    newId,
    perform: (step) => (step.kind === 'link' ? { code: 'EPERM' } : performFileStep(step)),
  });
  expect(noLinks).toMatchObject({ kind: 'unsafe', probe: { hasLink: false } });
  const remote = probeFilesystem(folder, { newId, mounts: 'server:/x / nfs4 rw 0 0\n' });
  expect(remote).toMatchObject({ kind: 'unsafe', probe: { type: 'nfs4', isRemote: true } });
  expect(readdirSync(folder)).toEqual(['x']);
});

test('nothing is transferred that the giver would still hold through a folder', () => {
  const locks = opened();
  locks.acquire(on('a', 'src/', 'src/x.ts'));
  expect(locks.transfer({ from: 'a', to: 'b', resources: ['src/x.ts'] })).toMatchObject({
    kind: 'covered',
    by: [{ resource: 'src/', agent: 'a' }],
  });
  expect(locks.table().leases.map(({ agent, resource }) => `${agent} ${resource}`)).toEqual([
    'a src/',
    'a src/x.ts',
  ]);
  expect(locks.transfer({ from: 'a', to: 'b', resources: ['src/', 'src/x.ts'] }).kind).toBe('transferred');
});

test('a path that is held by itself and through its folder is verified by either token', () => {
  const locks = opened();
  locks.acquire(on('a', 'src/'));
  locks.acquire(on('a', 'src/x.ts'));
  const answers = [1, 2, 3].map((token) => locks.verify({ agent: 'a', resource: 'src/x.ts', token }).kind);
  expect(answers).toEqual(['valid', 'valid', 'invalid']);
});

test('whoever breaks what is kept for another is told what it broke, and so is the other', () => {
  const locks = opened();
  locks.acquire({ ...on('a', 'x.ts'), handoffTo: 'b' });
  locks.release({ agent: 'a', resources: ['x.ts'] });
  const { broken } = locks.breakLease({ resource: 'x.ts', by: 'c', reason: 'test' });
  expect(broken).toMatchObject([{ agent: 'b', resource: 'x.ts', token: 1, why: 'broken' }]);
  expect(locks.noticesFor('b')).toMatchObject([{ resource: 'x.ts', by: 'c', reason: 'test' }]);
  expect(locks.acquire(on('c', 'x.ts')).kind).toBe('acquired');
});
