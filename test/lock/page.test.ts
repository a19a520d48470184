import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openLocks, type Locks } from '#lock';
import { createIdSource } from '#protocol';
import { createNodeStore, randomBytes, systemClock } from '#store';
import { expect, test } from 'vitest';
import { testdir } from '../support/testdir.ts';

function opened(squadDir: string, epochSize?: number): Locks {
  const newId = createIdSource(() => Date.now(), randomBytes);
  return openLocks(
    { store: createNodeStore(), squadDir, clock: systemClock, newId },
    { ttlMs: 60_000, maxHoldMs: 3_600_000, ...(epochSize === undefined ? {} : { epochSize }) },
  );
}

test('a process writes its records into one file, which bears the name of each slot it won', () => {
  const squadDir = testdir();
  const [one, two] = [opened(squadDir), opened(squadDir)];
  one.acquire({ agent: 'a', resources: [{ name: 'x.ts' }] });
  two.acquire({ agent: 'b', resources: [{ name: 'y.ts' }] });
  one.release({ agent: 'a', all: true });
  const epoch = join(squadDir, 'locks', '.log', 'e000001');
  const files = ['00000001', '00000002', '00000003'].map((slot) => statSync(join(epoch, slot)).ino);
  expect([files[0] === files[2], files[0] === files[1]]).toEqual([true, false]);
  expect(
    opened(squadDir)
      .table()
      .leases.map(({ agent }) => agent),
  ).toEqual(['b']);
  expect(one.history('x.ts').map(({ event }) => event)).toEqual(['acquired', 'released']);
});

test('the file outlasts an epoch, and what each slot holds stays as it was', () => {
  const squadDir = testdir();
  const locks = opened(squadDir, 1);
  for (const name of ['x.ts', 'y.ts', 'x.ts']) locks.acquire({ agent: 'a', resources: [{ name }] });
  const log = join(squadDir, 'locks', '.log');
  const paths = ['archive/e000001', 'archive/e000002', 'e000003'].map((epoch) => join(log, epoch));
  const files = paths.map((path) => statSync(join(path, '00000001')).ino);
  expect(new Set(files).size).toBe(1);
  expect(locks.history('x.ts').map(({ token }) => token)).toEqual([1, 1]);
  expect(locks.history('y.ts').map(({ token }) => token)).toEqual([2]);
});

test('what others could not read back is not written', () => {
  const squadDir = testdir();
  const locks = opened(squadDir);
  const resources = [{ name: 'x.ts' }];
  expect(() => locks.acquire({ agent: 'a', resources, ttlMs: Number.POSITIVE_INFINITY })).toThrow(
    'a record this program made does not decode',
  );
  expect(readdirSync(join(squadDir, 'locks', '.log', 'e000001'))).toEqual(['00000000']);
  expect(locks.acquire({ agent: 'b', resources }).kind).toBe('acquired');
});

test('an unfinished file that was swept away is begun anew', () => {
  const squadDir = testdir();
  const locks = opened(squadDir);
  locks.acquire({ agent: 'a', resources: [{ name: 'x.ts' }] });
  const folder = join(squadDir, 'locks', '.log', 'tmp');
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  expect(locks.release({ agent: 'a', all: true }).released.length).toBe(1);
  locks.close();
  expect(readdirSync(folder)).toEqual([]);
});

test('a waiter is told whose lease came to it, although another noticed that it was over', async () => {
  const squadDir = testdir();
  const [holder, waiter] = [opened(squadDir), opened(squadDir)];
  holder.acquire({ agent: 'a', resources: [{ name: 'src/' }], ttlMs: 300 });
  const waiting = waiter.acquireWaiting(
    { agent: 'b', resources: [{ name: 'src/x.ts' }] },
    { waitMs: 20_000 },
  );
  const outcome = await waiting;
  expect(outcome).toMatchObject({
    kind: 'acquired',
    tookOver: [{ agent: 'a', resource: 'src/', token: 1, why: 'expired' }],
  });
});
