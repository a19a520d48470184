import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLocks, type Locks } from '#lock';
import { createIdSource, isSquadError } from '#protocol';
import {
  bootId,
  createNodeStore,
  hostName,
  performFileStep,
  randomBytes,
  systemClock,
  type FileStep,
} from '#store';
import { expect, test } from 'vitest';
import { testdir } from '../support/testdir.ts';

const newId = createIdSource(() => Date.now(), randomBytes);
const store = createNodeStore();
const clock = systemClock;

type Strike = (step: FileStep) => string | undefined;

/** The table, over a file system whose steps can be made to fail. */
function opened(squadDir: string, strike: Strike = () => undefined): Locks {
  const place = { host: hostName(), boot: bootId() };
  const world = {
    perform: (step: Parameters<NonNullable<Parameters<typeof openLocks>[0]['world']>['perform']>[0]) => {
      if (step.kind === 'now')
        return { code: '', moment: { wallMs: clock.wallMs(), bootMs: clock.bootMs(), ...place } };
      if (step.kind === 'newId') return { code: '', id: newId() };
      if (step.kind === 'liveness') return { code: '', liveness: 'unknown' as const };
      const code = strike(step);
      return code === undefined ? performFileStep(step) : { code };
    },
  };
  return openLocks(
    { store, squadDir, clock, newId, world },
    { ttlMs: 60_000, maxHoldMs: 3_600_000, epochSize: 3 },
  );
}

const DEEDS: Readonly<Record<string, (locks: Locks) => unknown>> = {
  acquire: (locks) => locks.acquire({ agent: 'a', resources: [{ name: 'x.ts' }, { name: 'y/' }] }),
  renew: (locks) => locks.renew({ agent: 'z', all: true }),
  release: (locks) => locks.release({ agent: 'z', all: true }),
  break: (locks) => locks.breakLease({ resource: 'z.ts', by: 'a', reason: 'test' }),
  transfer: (locks) => locks.transfer({ from: 'z', to: 'a', resources: ['z.ts'] }),
  list: (locks) => locks.table(),
};
const CODES = ['EIO', 'ENOSPC', 'EMFILE', 'EINTR', 'EACCES', 'EROFS'] as const;

test.each(Object.keys(DEEDS))('%s: whichever step fails, the error is clear and the table whole', (name) => {
  let struck = 0;
  for (const code of CODES) {
    for (let nth = 1; nth < 60; nth += 1) {
      const squadDir = join(testdir({ '.squad/README.md': '' }), '.squad');
      opened(squadDir).acquire({ agent: 'z', resources: [{ name: 'z.ts' }], purpose: 'before' });
      let count = 0;
      const locks = opened(squadDir, () => ((count += 1) === nth ? code : undefined));
      try {
        DEEDS[name]?.(locks);
      } catch (error) {
        expect(isSquadError(error, 'FILE_UNREADABLE', 'FILE_UNWRITABLE'), String(error)).toBe(true);
      }
      if (count < nth) break;
      struck += 1;
      // Whatever happened, a healthy process can read the table, and take and release what is free.
      const healthy = opened(squadDir);
      const tokens = healthy.table().leases.map(({ token }) => token);
      expect(tokens.every((token) => Number.isSafeInteger(token) && token > 0)).toBe(true);
      expect(healthy.acquire({ agent: 'h', resources: [{ name: 'h.ts' }] }).kind).toBe('acquired');
      expect(healthy.release({ agent: 'h', all: true }).released.length).toBe(1);
    }
  }
  expect(struck).toBeGreaterThan(10);
});

test('the folder is deleted under a running process: everything ends, work goes on', () => {
  const squadDir = join(testdir({ '.squad/README.md': '' }), '.squad');
  const locks = opened(squadDir);
  for (let round = 0; round < 4; round += 1)
    locks.acquire({ agent: 'a', resources: [{ name: `x${round}.ts` }] });
  performFileStep({ kind: 'removeFolder', path: join(squadDir, 'locks') });
  expect(locks.table().leases).toEqual([]);
  expect(locks.acquire({ agent: 'b', resources: [{ name: 'x1.ts' }] }).kind).toBe('acquired');
});

test('what was known of a log that was deleted is not mixed with what is in the new one', () => {
  const squadDir = join(testdir({ '.squad/README.md': '' }), '.squad');
  const [old, other] = [opened(squadDir), opened(squadDir)];
  const on = (agent: string) => ({ agent, resources: [{ name: 'x.ts' }] });
  const tokens = [old.acquire(on('a')), old.release({ agent: 'a', all: true }), old.acquire(on('a'))];
  performFileStep({ kind: 'removeFolder', path: join(squadDir, 'locks') });
  // The new log goes on where the old one ended: the next slot is there, and holds a record that changes little.
  const begun = other.acquire(on('b'));
  for (let round = 0; round < 4; round += 1) other.renew({ agent: 'b', all: true });
  expect(old.acquire(on('a'))).toMatchObject({ kind: 'held', holders: [{ agent: 'b' }] });
  expect([tokens[2], begun]).toMatchObject([{ leases: [{ token: 2 }] }, { leases: [{ token: 1_048_578 }] }]);
});

test('the whole folder is deleted under a running process: it says so, and does not make an empty one', async () => {
  const squadDir = join(testdir({ '.squad/README.md': '' }), '.squad');
  const locks = opened(squadDir);
  locks.acquire({ agent: 'a', resources: [{ name: 'x.ts' }] });
  const waiting = locks.acquireWaiting({ agent: 'b', resources: [{ name: 'x.ts' }] }, { waitMs: 60_000 });
  performFileStep({ kind: 'removeFolder', path: squadDir });
  await expect(waiting).rejects.toMatchObject({
    code: 'NO_SQUAD_DIR',
    message: `${squadDir} is gone, and every lease with it`,
  });
  expect(() => locks.acquire({ agent: 'a', resources: [{ name: 'y.ts' }] })).toThrow('is gone');
  expect(existsSync(squadDir)).toBe(false);
});

test('a slot that a crash of the machine left empty is skipped; an empty base is made anew from the epoch before', () => {
  const squadDir = join(testdir({ '.squad/README.md': '' }), '.squad');
  const locks = opened(squadDir);
  for (let round = 0; round < 5; round += 1)
    locks.acquire({ agent: 'a', resources: [{ name: `x${round}.ts` }] });
  const log = join(squadDir, 'locks', '.log');
  const newest =
    readdirSync(log)
      .filter((name) => name.startsWith('e0'))
      .sort()
      .at(-1) ?? '';
  writeFileSync(join(log, newest, '00000000'), '');
  expect(opened(squadDir).table().leases.length).toBe(5);
});

test('what a killed process with a clock a day ahead left behind is removed too', () => {
  const squadDir = join(testdir({ '.squad/README.md': '' }), '.squad');
  const locks = opened(squadDir);
  locks.acquire({ agent: 'a', resources: [{ name: 'x.ts' }] });
  const ahead = createIdSource(() => Date.now() + 86_400_000, randomBytes);
  const left = join(squadDir, 'locks', '.log', 'tmp', ahead());
  writeFileSync(left, '');
  locks.tidy();
  expect(existsSync(left)).toBe(false);
});

test('a half-made epoch that is taken for litter is made again, and never put in its place without its base', () => {
  const squadDir = join(testdir({ '.squad/README.md': '' }), '.squad');
  const log = join(squadDir, 'locks', '.log');
  const sweep = (): void => {
    // Every name is old to a clock that is a day ahead.
    const ahead = { ...clock, wallMs: () => clock.wallMs() + 86_400_000 };
    openLocks({ store, squadDir, clock: ahead, newId }, { ttlMs: 60_000, maxHoldMs: 3_600_000 }).tidy();
  };
  const swept = new Set<string>();
  const locks = opened(squadDir, (step) => {
    const isBase = step.kind === 'create' && step.path.endsWith('/00000000');
    const isMove = step.kind === 'rename' && /e\d{6}$/u.test(step.to) && !step.to.includes('archive');
    const when = isBase ? 'before the base' : isMove ? 'before the move' : undefined;
    if (when === undefined || swept.has(when) || !existsSync(log)) return undefined;
    swept.add(when);
    sweep();
    return undefined;
  });
  for (let turn = 0; turn < 6; turn += 1) {
    expect(locks.acquire({ agent: 'a', resources: [{ name: 'x.ts' }] }).kind).toBe('acquired');
    locks.release({ agent: 'a', all: true });
  }
  expect([...swept].sort()).toEqual(['before the base', 'before the move']);
  for (const name of readdirSync(log).filter((each) => /^e\d{6}$/u.test(each)))
    expect(existsSync(join(log, name, '00000000'))).toBe(true);
});

test('a listing that names an epoch which is not there is no reason to begin a new log', () => {
  const squadDir = join(testdir({ '.squad/README.md': '' }), '.squad');
  opened(squadDir).acquire({ agent: 'a', resources: [{ name: 'x.ts' }] });
  const stale = opened(squadDir, (step) =>
    step.kind === 'read' && step.path.endsWith('/00000000') ? 'ENOENT' : undefined,
  );
  expect(() => stale.table()).toThrow(
    expect.objectContaining({
      code: 'LOCK_LOG_UNREADABLE',
      hint: 'run the command again; a file system with old listings (NFS, SMB, sshfs) does this: squad-doctor',
    }),
  );
});

test('a log of a later format, or one that cannot be read, is never guessed at; rebuild begins a new one', () => {
  const squadDir = join(testdir({ '.squad/README.md': '' }), '.squad');
  opened(squadDir).acquire({ agent: 'a', resources: [{ name: 'x.ts' }] });
  const slot = join(squadDir, 'locks', '.log', 'e000001', '00000001');
  const text = readFileSync(slot, 'utf8');
  writeFileSync(slot, text.replace('"v":1', '"v":2'));
  expect(() => opened(squadDir).table()).toThrow(
    expect.objectContaining({ code: 'FORMAT_VERSION_UNSUPPORTED' }),
  );
  writeFileSync(join(squadDir, 'locks', '.log', 'e000001', '00000000'), 'garbage');
  expect(() => opened(squadDir).table()).toThrow(expect.objectContaining({ code: 'LOCK_LOG_UNREADABLE' }));
  opened(squadDir).rebuild({ by: 'human-ada', reason: 'test' });
  expect(opened(squadDir).acquire({ agent: 'b', resources: [{ name: 'x.ts' }] }).kind).toBe('acquired');
});
