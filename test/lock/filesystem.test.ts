import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { learnFilesystem, openLocks, probeFilesystem, requireFilesystem, type Locks } from '#lock';
import { createIdSource } from '#protocol';
import {
  createNodeStore,
  performFileStep,
  randomBytes,
  systemClock,
  type FileAnswer,
  type FileStep,
} from '#store';
import { expect, test } from 'vitest';
import { runBin, type BinResult } from '../support/bins.ts';
import { testRepository } from '../support/repository.ts';
import { testdir } from '../support/testdir.ts';

const REMOTE = 'server:/x / nfs4 rw 0 0\n';
const MESSAGE =
  'this file system (nfs4) lies on another machine, whose caches can show an old state: two agents on two machines may both see a lease as theirs until the next change';

const newId = createIdSource(() => Date.now(), randomBytes);
const store = createNodeStore();

function steps(): { readonly taken: string[]; readonly perform: (step: FileStep) => FileAnswer } {
  const taken: string[] = [];
  return {
    taken,
    perform: (step) => {
      taken.push(step.kind);
      return performFileStep(step);
    },
  };
}

function squadDir(): string {
  return join(testdir({ '.squad/README.md': '' }), '.squad');
}

test('a file system is tried once, and anew where the folder was moved', () => {
  const folder = squadDir();
  const { taken, perform } = steps();
  const ports = { store, newId, perform, mounts: '' };
  expect(learnFilesystem({ ...ports, squadDir: folder }).verdict.kind).toBe('safe');
  expect(taken.splice(0)).toContain('link');
  expect(learnFilesystem({ ...ports, squadDir: folder }).verdict.kind).toBe('safe');
  expect(taken).toEqual([]);
  expect(readdirSync(join(folder, '.run'))).toEqual(['filesystem.json']);
  const moved = join(testdir(), '.squad');
  renameSync(folder, moved);
  learnFilesystem({ ...ports, squadDir: moved });
  expect(taken).toContain('link');
});

test('a file system that was mounted in place of the one that was tried is tried itself', () => {
  const folder = squadDir();
  const { taken, perform } = steps();
  const ports = { store, newId, perform, mounts: '', squadDir: folder };
  const { device } = learnFilesystem(ports);
  taken.splice(0);
  const path = join(folder, '.run/filesystem.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace(`"device":${device}`, `"device":${device + 1}`));
  expect(learnFilesystem(ports).device).toBe(device);
  expect(taken).toContain('link');
});

// The table of a `.squad/` whose file system was found to be so.
function lockedOn(found: { kind: 'safe' | 'unsafe'; foldsCase?: boolean; insistedBy?: string }): Locks {
  const folder = squadDir();
  const { verdict, ...record } = learnFilesystem({ store, newId, squadDir: folder, mounts: '' });
  const { kind, foldsCase = false, ...rest } = found;
  const known = { ...verdict, kind, message: MESSAGE, probe: { ...verdict.probe, foldsCase } };
  writeFileSync(join(folder, '.run/filesystem.json'), JSON.stringify({ ...record, ...rest, verdict: known }));
  return openLocks(
    { store, squadDir: folder, clock: systemClock, newId },
    { ttlMs: 60_000, maxHoldMs: 60_000, isBrief: true },
  );
}

test('programs honour what is known of the file system: nothing is taken, everything can be read and let go', async () => {
  const locks = lockedOn({ kind: 'unsafe' });
  const request = { agent: 'agent-1', resources: [{ name: 'a.ts' }] };
  const refused = expect.objectContaining({ code: 'FILESYSTEM_UNSAFE', message: MESSAGE });
  expect(() => locks.acquire(request)).toThrow(refused);
  await expect(locks.acquireWaiting(request, { waitMs: 10 })).rejects.toEqual(refused);
  expect([locks.table().leases, locks.release({ agent: 'agent-1', all: true }).released]).toEqual([[], []]);
  expect(lockedOn({ kind: 'unsafe', insistedBy: 'agent-2' }).acquire(request).kind).toBe('acquired');
});

test('where the file system folds case, names that mean one file are one lease', () => {
  const locks = lockedOn({ kind: 'safe', foldsCase: true });
  const take = (agent: string, name: string): string => locks.acquire({ agent, resources: [{ name }] }).kind;
  expect(take('agent-1', 'Src/A.ts')).toBe('acquired');
  expect(['src/a.ts', 'SRC/', 'Src/*.TS'].map((name) => take('agent-2', name))).toEqual([
    'held',
    'held',
    'held',
  ]);
  expect(locks.verify({ agent: 'agent-1', resource: 'src/A.TS' }).kind).toBe('valid');
  expect([take('agent-1', 'op:Git'), take('agent-2', 'op:git')]).toEqual(['acquired', 'acquired']);
  expect(locks.release({ agent: 'agent-1', resources: ['SRC/a.ts'] }).released.length).toBe(1);
  expect(take('agent-2', 'src/a.ts')).toBe('acquired');
});

test('a record that is damaged is made anew', () => {
  const folder = squadDir();
  mkdirSync(join(folder, '.run'));
  for (const damaged of ['', 'null', '{', '[]', '{"v":2}', `{"v":1,"folder":${JSON.stringify(folder)}}`]) {
    writeFileSync(join(folder, '.run/filesystem.json'), damaged);
    expect(learnFilesystem({ store, newId, squadDir: folder, mounts: '' }).verdict.kind).toBe('safe');
  }
});

test.each([
  [{ mounts: REMOTE }, MESSAGE, 'or insist: squad-lock acquire --unsafe-fs <path>'],
  [
    { perform: answering('create', 'EEXIST', '') },
    'this file system (ext4) has no exclusive creation: two agents may be given the same lease',
    'or insist: squad-lock acquire --unsafe-fs <path>',
  ],
  [
    { perform: answering('rename', 'ENOTEMPTY', '') },
    'this file system (ext4) has no renames that keep a folder with entries: two agents may be given the same lease',
    'or insist: squad-lock acquire --unsafe-fs <path>',
  ],
])('what is missing is named, and insisting is remembered (%#)', (found, message, hint) => {
  const ports = { store, newId, squadDir: squadDir(), mounts: '/dev/x / ext4 rw 0 0\n', ...found };
  const refused = expect.objectContaining({
    code: 'FILESYSTEM_UNSAFE',
    message,
    hint: `put .squad on a local disk (SQUAD_DIR), ${hint}`,
  });
  expect(() => requireFilesystem(ports)).toThrow(refused);
  requireFilesystem(ports, { agent: 'agent-1' });
  requireFilesystem(ports);
});

test('nobody can insist on hard links that are not there', () => {
  const ports = { store, newId, squadDir: squadDir(), mounts: '', perform: answering('link', '', 'EPERM') };
  const refused = expect.objectContaining({
    code: 'FILESYSTEM_UNSAFE',
    message: 'this file system has no hard links: no lease can be taken, for a lease is a hard link',
    hint: 'put .squad on a local disk (SQUAD_DIR)',
  });
  expect(() => requireFilesystem(ports, { agent: 'agent-1' })).toThrow(refused);
});

test.each(['makeFolder', 'create', 'link', 'rename'] as const)(
  'a disk that fails at %s is no verdict on its file system, and nothing is kept',
  (kind) => {
    const folder = squadDir();
    const perform = answering(kind, '', 'ENOSPC');
    expect(() => learnFilesystem({ store, newId, squadDir: folder, perform })).toThrow(
      expect.objectContaining({ code: 'FILE_UNWRITABLE' }),
    );
    expect(() => readFileSync(join(folder, '.run/filesystem.json'))).toThrow('ENOENT');
    expect(() => probeFilesystem(folder, { newId, perform })).toThrow('ENOSPC');
    expect(readdirSync(folder).filter((name) => name.startsWith('.probe'))).toEqual([]);
  },
);

test('acquire refuses an unsafe file system until somebody insists, for the journal and the doctor', async () => {
  const root = testRepository({ 'a.ts': '' });
  const run = (bin: 'squad-doctor' | 'squad-init' | 'squad-lock', ...words: string[]): Promise<BinResult> =>
    runBin(bin, words, { cwd: root, env: { AGENT_ID: 'agent-1', HOME: testdir() } });
  const init = JSON.parse((await run('squad-init', '--json')).stdout) as object;
  expect(init).toMatchObject({ filesystem: { probe: { hasLink: true, hasExclusiveCreate: true } } });
  const doctor = JSON.parse((await run('squad-doctor', '--json')).stdout) as { findings: object[] };
  expect(doctor.findings).toContainEqual(
    expect.objectContaining({
      check: 'filesystem',
      message: expect.stringContaining('gives every guarantee'),
    }),
  );

  const path = join(root, '.squad/.run/filesystem.json');
  const record = JSON.parse(readFileSync(path, 'utf8')) as { verdict: object };
  const unsafe = { ...record.verdict, kind: 'unsafe', message: MESSAGE };
  writeFileSync(path, JSON.stringify({ ...record, verdict: unsafe }));
  for (const words of [
    ['acquire', 'a.ts'],
    ['run', 'a.ts', '--', 'true'],
  ]) {
    const refused = await run('squad-lock', ...words);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(`FILESYSTEM_UNSAFE: ${MESSAGE}`);
    expect(refused.stderr).toContain('squad-lock acquire --unsafe-fs <path>');
  }
  expect((await run('squad-lock', 'list')).code).toBe(0);
  expect((await run('squad-lock', 'acquire', 'a.ts', '--unsafe-fs')).code).toBe(0);
  expect((await run('squad-lock', 'acquire', 'a.ts')).code).toBe(0);
  expect(readFileSync(join(root, '.squad/logs/events.ndjson'), 'utf8')).toContain(
    '"kind":"lock.unsafe-filesystem-accepted","agent":"agent-1"',
  );
});

// A file system that answers one kind of step otherwise: `from` (or anything, if empty) becomes `to`.
function answering(kind: FileStep['kind'], from: string, to: string): (step: FileStep) => FileAnswer {
  return (step) => {
    if (step.kind !== kind) return performFileStep(step);
    if (from === '') return { code: to };
    const answer = performFileStep(step);
    return answer.code === from ? { code: to } : answer;
  };
}
