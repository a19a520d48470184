import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cleanEnvironment, runBin } from '../support/bins.ts';
import { gitIn, testRepository } from '../support/repository.ts';
import { testdir } from '../support/testdir.ts';

interface Found {
  readonly kind: string;
  readonly message: string;
  readonly evidence: readonly string[];
}

function squad() {
  const root = testRepository({ '.gitignore': '.squad/\n', '.squad/README.md': 'squad\n', 'a.txt': 'a\n' });
  const run = (bin: Parameters<typeof runBin>[0], args: readonly string[], agent = '') =>
    runBin(bin, args, { cwd: root, env: agent === '' ? {} : { AGENT_ID: agent } });
  return {
    root,
    run,
    look: async (...args: readonly string[]) => {
      const { code, stdout } = await run('squad-sync', ['--once', '--json', ...args]);
      const record = JSON.parse(stdout) as { conflicts: Found[]; findings: Found[]; leases: object[] };
      return { code, ...record };
    },
  };
}

// A program of that name that runs until it is ended.
function running(root: string, agent: string, words: readonly string[]): ChildProcess {
  const [name = '', ...rest] = words;
  const folder = testdir();
  const program = join(folder, name);
  writeFileSync(program, '#!/bin/sh\necho ready\nread line\n');
  chmodSync(program, 0o755);
  const env = { ...cleanEnvironment(), AGENT_ID: agent };
  const child = spawn(program, rest, { cwd: root, env, stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

const ready = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve) => child.stdout?.once('data', resolve));
const ended = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill('SIGKILL');
  });

test.runIf(process.platform === 'linux')(
  'an operation that may not run twice is seen running twice, by the processes themselves',
  async () => {
    const { root, look, run } = squad();
    const first = running(root, 'agent-1', ['npm', 'install', 'left-pad']);
    await ready(first);
    expect((await look('--no-act')).conflicts).toEqual([]);
    mkdirSync(join(root, 'web'));
    const second = running(join(root, 'web'), 'agent-2', ['pnpm', '--silent', 'install']);
    await ready(second);
    const { code, conflicts } = await look('--no-act');
    expect(code).toBe(1);
    expect(conflicts).toMatchObject([
      { kind: 'ZONE_TWICE', message: 'agent-1 and agent-2 run "install" at the same time' },
    ]);
    expect(conflicts[0]?.evidence.toSorted()[0]).toMatch(
      /^agent-1: process \d+ runs "\/bin\/sh \/[^"]+\/npm install left-pad" in \//u,
    );
    await ended(second);
    await run('squad-lock', ['acquire', 'op:install'], 'agent-2');
    expect((await look('--no-act')).conflicts).toMatchObject([
      { kind: 'ZONE_TWICE', message: 'agent-1 runs "install" while agent-2 holds op:install' },
    ]);
    await ended(first);
    expect((await look('--no-act')).conflicts).toEqual([]);
  },
);

test('a lease that ran out is a stale lock, and is ended without touching who took it over', async () => {
  const { look, run, root } = squad();
  await run('squad-lock', ['acquire', 'a.txt', '--ttl', '1s'], 'agent-1');
  let conflicts: readonly Found[] = [];
  for (let tries = 0; conflicts.length === 0 && tries < 50; tries += 1)
    ({ conflicts } = await look('--no-act'));
  expect(conflicts[0]?.message).toMatch(/^a\.txt is held by agent-1, whose lease ran out \S+ ago$/u);
  expect(await look()).toMatchObject({ code: 0, conflicts: [], leases: [] });
  expect(readFileSync(join(root, '.squad/logs/events.ndjson'), 'utf8')).toContain(
    '"kind":"action.release-lease.done"',
  );
  const told = await run('squad-lock', ['verify', 'a.txt'], 'agent-1');
  expect(told.code).toBe(1);
});

test('what was found of the file system, and blocks that cannot be read, are doubts', async () => {
  const { root, look } = squad();
  const verdict = { kind: 'weaker', probe: {}, message: 'a network file system: NFS' };
  mkdirSync(join(root, '.squad/.run'), { recursive: true });
  writeFileSync(
    join(root, '.squad/.run/filesystem.json'),
    JSON.stringify({ v: 1, folder: join(root, '.squad'), device: statSync(root).dev, verdict }),
  );
  mkdirSync(join(root, '.squad/comms'));
  writeFileSync(join(root, '.squad/comms/agent-1-comm.md'), '## Status Update\nStatus: perhaps\n');
  mkdirSync(join(root, '.squad/logs'));
  writeFileSync(join(root, '.squad/logs/events.ndjson'), 'not json\n');
  expect((await look('--no-act')).findings.map(({ kind, message }) => `${kind} ${message}`)).toEqual([
    'DOUBT 1 block of comm files cannot be read, the first in .squad/comms/agent-1-comm.md:1: this is no status',
    'DOUBT 1 line of the journal cannot be read: metrics and replay lack it',
    'DOUBT a network file system: NFS',
  ]);
});

test('a reassignment in a shared checkout saves the files of the old holder, and only those', async () => {
  const { root, run } = squad();
  mkdirSync(join(root, 'b'));
  writeFileSync(join(root, 'a.txt'), 'changed by agent-1\n');
  writeFileSync(join(root, 'b/new.txt'), 'new by agent-2\n');
  await run('squad-comms', ['status', 'ACTIVE', '--task', 'T-1', '--files', 'a.txt'], 'agent-1');
  await run('squad-comms', ['status', 'ACTIVE', '--task', 'T-2', '--files', 'b/new.txt'], 'agent-2');
  expect((await run('squad-sync', ['reassign', 'T-1', '--to', 'agent-2'])).code).toBe(0);
  const [ref = ''] = gitIn(root, 'for-each-ref', '--format=%(refname)', 'refs/squad/backup').split('\n');
  expect(gitIn(root, 'diff', '--name-only', 'HEAD', ref)).toBe('a.txt');
  const notice = readFileSync(join(root, '.squad/comms/coordinator-comm.md'), 'utf8');
  expect(notice).toContain(`Restore With: git restore --source=${ref} --worktree -- ':(top,literal)a.txt'`);
});
