import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { supervise } from '#runner';
import { createNodeStore } from '#store';
import { expect, test } from 'vitest';
import { testdir } from '../support/testdir.ts';
import { waitFor } from '../support/wait-for.ts';

const store = createNodeStore();
const shell = (script: string, cwd: string) => ({
  file: '/bin/sh',
  args: ['-c', script],
  cwd,
  env: { PATH: process.env['PATH'] },
  timeoutMs: 20_000,
  graceMs: 300,
  logPath: join(cwd, 'logs', 'deep er', 'agent.log'),
});

test('the log is absolute and made first, so a cd of the agent does not move it', async () => {
  const cwd = testdir();
  const end = await supervise(shell('cd / && echo moved && echo wrong >&2', cwd), store);
  expect(end).toEqual({ kind: 'exited', code: 0 });
  expect(
    readFileSync(join(cwd, 'logs', 'deep er', 'agent.log'), 'utf8')
      .split('\n')
      .toSorted(),
  ).toEqual(['', 'moved', 'wrong']);
});

test('the exit code of the process is the exit code that is told', async () => {
  expect(await supervise(shell('exit 7', testdir()), store)).toEqual({ kind: 'exited', code: 7 });
});

test('a process reads an empty input, never the terminal', async () => {
  expect(await supervise(shell('test -z "$(cat)"', testdir()), store)).toEqual({ kind: 'exited', code: 0 });
});

test('what a process leaves behind in its group ends with it', async () => {
  const cwd = testdir();
  const end = await supervise(shell('sleep 600 & echo $! > left; exit 0', cwd), store);
  expect(end).toEqual({ kind: 'exited', code: 0 });
  const pid = Number(readFileSync(join(cwd, 'left'), 'utf8'));
  await waitFor('the end of the process left behind', () => !existsSync(`/proc/${pid}`) || isZombie(pid));
});

test('a process over its time is asked to end, and ended when it does not listen', async () => {
  const cwd = testdir();
  const deaf = {
    ...shell(`trap 'echo asked >> asked' TERM; while :; do sleep 0.05; done`, cwd),
    timeoutMs: 300,
  };
  expect(await supervise(deaf, store)).toEqual({ kind: 'timeout' });
  expect(readFileSync(join(cwd, 'asked'), 'utf8')).toContain('asked');
});

test('a process that ends with 0 when it is stopped was stopped, not successful', async () => {
  const cwd = testdir();
  const stop = new AbortController();
  const polite = shell(`trap 'exit 0' TERM; echo ready > ready; while :; do sleep 0.05; done`, cwd);
  const end = supervise({ ...polite, graceMs: 5000, signal: stop.signal }, store);
  await waitFor('the process', () => existsSync(join(cwd, 'ready')));
  stop.abort();
  expect(await end).toEqual({ kind: 'stopped' });
});

test('a second request ends the group at once', async () => {
  const cwd = testdir();
  const [stop, hard] = [new AbortController(), new AbortController()];
  const deaf = shell(`trap '' TERM; echo ready > ready; while :; do sleep 0.05; done`, cwd);
  const end = supervise({ ...deaf, graceMs: 3_600_000, signal: stop.signal, hardSignal: hard.signal }, store);
  await waitFor('the process', () => existsSync(join(cwd, 'ready')));
  stop.abort();
  hard.abort();
  expect(await end).toEqual({ kind: 'stopped' });
});

test('a program that does not exist and a folder that does not exist are told apart', async () => {
  const cwd = testdir();
  expect(await supervise({ ...shell('', cwd), file: 'no-such-program' }, store)).toMatchObject({
    kind: 'not-started',
    message: 'spawn no-such-program ENOENT',
  });
  expect(await supervise({ ...shell('', cwd), cwd: join(cwd, 'gone') }, store)).toEqual({
    kind: 'not-started',
    message: `there is no folder ${join(cwd, 'gone')}`,
  });
});

test('another process of the same name is left alone', async () => {
  const cwd = testdir();
  const stop = new AbortController();
  const bystander = supervise(shell('echo ready > bystander; sleep 1; echo survived > survived', cwd), store);
  const end = supervise({ ...shell('echo ready > ready; sleep 600', cwd), signal: stop.signal }, store);
  await waitFor('both', () => existsSync(join(cwd, 'ready')) && existsSync(join(cwd, 'bystander')));
  stop.abort();
  expect(await end).toEqual({ kind: 'stopped' });
  expect(await bystander).toEqual({ kind: 'exited', code: 0 });
  expect(existsSync(join(cwd, 'survived'))).toBe(true);
});

function isZombie(pid: number): boolean {
  return /\) Z /u.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

test('a program begins only after its process is on record', async () => {
  const cwd = testdir();
  const seen: string[] = [];
  const onStart = (identity: unknown, pid: number): void => {
    seen.push(existsSync(join(cwd, 'begun')) ? 'too late' : 'before', typeof identity);
    writeFileSync(join(cwd, 'recorded'), String(pid));
  };
  const script =
    'test -e recorded && test "$(cat recorded)" = "$$" && echo yes > begun; test ! -e /proc/self/fd/3';
  expect(await supervise({ ...shell(script, cwd), onStart }, store)).toEqual({ kind: 'exited', code: 0 });
  expect([seen, readFileSync(join(cwd, 'begun'), 'utf8')]).toEqual([['before', 'object'], 'yes\n']);
});
