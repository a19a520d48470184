import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLocks, type Locks } from '#lock';
import { createIdSource } from '#protocol';
import { createNodeStore, openJournal, randomBytes, readJournal, systemClock } from '#store';
import { expect, test } from 'vitest';
import { testdir } from '../support/testdir.ts';

function opened(
  isBrief = true,
  at: { readonly squadDir?: string; readonly laterMs?: number } = {},
): { locks: Locks; squadDir: string; viewsDir: string } {
  const { squadDir = join(testdir({ '.squad/README.md': '' }), '.squad'), laterMs = 0 } = at;
  const clock = {
    wallMs: () => systemClock.wallMs() + laterMs,
    bootMs: () => systemClock.bootMs() + laterMs,
  };
  const store = createNodeStore();
  const newId = createIdSource(() => Date.now(), randomBytes);
  const journal = openJournal({ store, squadDir, clock, newId });
  const locks = openLocks(
    { store, squadDir, clock, newId, journal },
    { ttlMs: 60_000, maxHoldMs: 3_600_000, isBrief },
  );
  return { locks, squadDir, viewsDir: join(squadDir, 'locks') };
}

const take = (locks: Locks, agent: string, name: string): string =>
  locks.acquire({ agent, resources: [{ name }], purpose: 'x' }).kind;

test('a view can be read with cat, and is gone after the release', () => {
  const { locks, viewsDir } = opened();
  take(locks, 'agent-1', 'shared/types/metrics.ts');
  const view = readFileSync(join(viewsDir, 'shared~types~metrics.ts.lock'), 'utf8');
  expect(view.split('\n').map((line) => line.replace(/\d{4}-\d\d-\d\dT.*Z/u, 'TIME'))).toEqual([
    '# A lease, shown for people. To give it up by force, delete this file.',
    'RESOURCE: shared/types/metrics.ts',
    'LOCKED_BY: agent-1',
    'LOCKED_AT: TIME',
    'EXPIRES_AT: TIME',
    'MODE: exclusive',
    'TOKEN: 1',
    'PURPOSE: x',
    '',
  ]);
  locks.release({ agent: 'agent-1', all: true });
  expect(readdirSync(viewsDir)).toEqual(['.log']);
  expect(readdirSync(join(viewsDir, '.log', 'shown'))).toEqual([]);
  expect(readdirSync(join(viewsDir, '.log', 'removing'))).toEqual([]);
});

test('a renewal writes the new end into the view that is there, and a view of other text is made anew', () => {
  const { locks, squadDir, viewsDir } = opened();
  const view = join(viewsDir, 'a.ts.lock');
  const ends = (): string => /^EXPIRES_AT: (.*)$/mu.exec(readFileSync(view, 'utf8'))?.[1] ?? '';
  take(locks, 'agent-1', 'a.ts');
  const [first, inode] = [ends(), statSync(view).ino];
  const later = opened(true, { squadDir, laterMs: 30_000 });
  later.locks.renew({ agent: 'agent-1', all: true });
  expect(Date.parse(ends()) - Date.parse(first)).toBeGreaterThanOrEqual(30_000);
  expect(statSync(view).ino).toBe(inode);
  writeFileSync(view, '# A lease, shown for people. Scribbled on.\n');
  later.locks.renew({ agent: 'agent-1', all: true });
  expect(ends()).not.toBe('');
  expect(readdirSync(viewsDir).sort()).toEqual(['.log', 'a.ts.lock']);
});

test('deleting a view breaks the lease: the next may take it, the journal says why, the holder is told', () => {
  const { locks, squadDir, viewsDir } = opened();
  take(locks, 'agent-1', 'a.ts');
  rmSync(join(viewsDir, 'a.ts.lock'));
  expect(locks.verify({ agent: 'agent-1', resource: 'a.ts' }).kind).toBe('invalid');
  expect(take(locks, 'agent-2', 'a.ts')).toBe('acquired');
  const broken = readJournal(createNodeStore(), squadDir).events.find(({ kind }) => kind === 'lock.broken');
  expect(broken).toMatchObject({
    agent: 'agent-1',
    data: { resource: 'a.ts', token: 1, evidence: { reason: 'its file in .squad/locks was deleted' } },
  });
});

test('a view that was never written does not break a lease', () => {
  const { locks, viewsDir } = opened();
  take(locks, 'agent-1', 'a.ts');
  rmSync(join(viewsDir, 'a.ts.lock'));
  for (const mark of readdirSync(join(viewsDir, '.log', 'shown')))
    rmSync(join(viewsDir, '.log', 'shown', mark));
  expect(take(locks, 'agent-2', 'a.ts')).toBe('held');
});

test('a view that is missing because its remover died is shown again', () => {
  const { locks, viewsDir } = opened();
  take(locks, 'agent-1', 'a.ts');
  rmSync(join(viewsDir, 'a.ts.lock'));
  mkdirSync(join(viewsDir, '.log', 'removing'), { recursive: true });
  writeFileSync(join(viewsDir, '.log', 'removing', 'ID.4194300-1.a.ts.lock'), '');
  expect(take(locks, 'agent-2', 'a.ts')).toBe('held');
  expect(existsSync(join(viewsDir, 'a.ts.lock'))).toBe(true);
  expect(readdirSync(join(viewsDir, '.log', 'removing'))).toEqual([]);
});

test('who removes a view in another sandbox is left to it for a day', () => {
  const { locks, viewsDir } = opened();
  take(locks, 'agent-1', 'a.ts');
  const removing = join(viewsDir, '.log', 'removing');
  mkdirSync(removing, { recursive: true });
  const now = createIdSource(() => Date.now(), randomBytes)();
  const old = createIdSource(() => Date.now() - 90_000_000, randomBytes)();
  writeFileSync(join(removing, `${now}.5-1-4026532178.a.ts.lock`), '');
  writeFileSync(join(removing, `${old}.5-1-4026532178.b.ts.lock`), '');
  rmSync(join(viewsDir, 'a.ts.lock'));
  expect(take(locks, 'agent-2', 'a.ts')).toBe('held');
  locks.tidy();
  expect(readdirSync(removing)).toEqual([`${now}.5-1-4026532178.a.ts.lock`]);
});

test('the single-file lock of another tool is honoured until it is deleted', () => {
  const { locks, viewsDir } = opened();
  mkdirSync(viewsDir, { recursive: true });
  const at = new Date(Date.now() - 60_000).toISOString();
  writeFileSync(
    join(viewsDir, 'shared-a.ts.lock'),
    `LOCKED_BY: agent-9\nLOCKED_AT: ${at}\nPURPOSE: old script\n`,
  );
  expect(locks.acquire({ agent: 'agent-1', resources: [{ name: 'shared/a.ts' }] })).toMatchObject({
    kind: 'held',
    holders: [{ agent: 'agent-9', purpose: 'old script' }],
  });
  expect(take(locks, 'agent-1', 'shared/a.ts')).toBe('held');
  rmSync(join(viewsDir, 'shared-a.ts.lock'));
  expect(take(locks, 'agent-1', 'shared/a.ts')).toBe('acquired');
});

test('an old single-file lock is over after half an hour', () => {
  const { locks, viewsDir } = opened();
  mkdirSync(viewsDir, { recursive: true });
  const at = new Date(Date.now() - 31 * 60_000).toISOString();
  writeFileSync(join(viewsDir, 'a.ts.lock'), `LOCKED_BY: agent-9\nLOCKED_AT: ${at}\nPURPOSE: old script\n`);
  expect(take(locks, 'agent-1', 'a.ts')).toBe('acquired');
});

test('a program shows a lease once it has lasted, and never one that it let go before', async () => {
  const { locks, viewsDir } = opened(false);
  take(locks, 'agent-1', 'short.ts');
  take(locks, 'agent-1', 'long.ts');
  locks.release({ agent: 'agent-1', resources: ['short.ts'] });
  expect(readdirSync(viewsDir)).toEqual(['.log']);
  await expect.poll(() => readdirSync(viewsDir)).toEqual(['.log', 'long.ts.lock']);
  rmSync(join(viewsDir, 'long.ts.lock'));
  expect(take(locks, 'agent-2', 'long.ts')).toBe('acquired');
});

test('closing shows what is held and removes what the process kept beside the log', async () => {
  const { locks, viewsDir } = opened(false);
  take(locks, 'agent-1', 'a.ts');
  const waiting = locks.acquireWaiting(
    { agent: 'agent-2', resources: [{ name: 'a.ts' }] },
    { waitMs: 20_000 },
  );
  locks.release({ agent: 'agent-1', all: true });
  expect((await waiting).kind).toBe('acquired');
  locks.close();
  expect(readFileSync(join(viewsDir, 'a.ts.lock'), 'utf8')).toContain('LOCKED_BY: agent-2');
  for (const folder of ['tmp', 'wake']) expect(readdirSync(join(viewsDir, '.log', folder))).toEqual([]);
  locks.release({ agent: 'agent-2', all: true });
  expect(readdirSync(viewsDir)).toEqual(['.log']);
});

test('a lease that its holder, busy or dead, never showed is shown by whoever it refuses', () => {
  const { locks, viewsDir } = opened(false);
  take(locks, 'agent-1', 'a.ts');
  // As a second later: the holder, whose event loop never turned, has not come to it.
  const { locks: other } = opened(true, { squadDir: join(viewsDir, '..'), laterMs: 2000 });
  expect(take(other, 'agent-2', 'a.ts')).toBe('held');
  expect(readFileSync(join(viewsDir, 'a.ts.lock'), 'utf8')).toContain('LOCKED_BY: agent-1');
  locks.release({ agent: 'agent-1', all: true });
  expect(readdirSync(viewsDir)).toEqual(['.log']);
});

test('a reservation that was taken leaves no mark', () => {
  const { locks, viewsDir } = opened();
  locks.acquire({ agent: 'agent-1', resources: [{ name: 'a.ts' }], handoffTo: 'agent-2' });
  locks.release({ agent: 'agent-1', all: true });
  expect(readFileSync(join(viewsDir, 'a.ts.lock'), 'utf8')).toContain('agent-2 (reserved, not yet taken)');
  take(locks, 'agent-2', 'a.ts');
  expect(readdirSync(join(viewsDir, '.log', 'shown'))).toEqual(['2.a.ts.lock']);
  locks.release({ agent: 'agent-2', all: true });
  expect(readdirSync(join(viewsDir, '.log', 'shown'))).toEqual([]);
});
