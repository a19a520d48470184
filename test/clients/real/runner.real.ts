import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { binPath, cleanEnvironment, type BinResult } from '../../support/bins.ts';
import { waitFor } from '../../support/wait-for.ts';
import { claude, codex, geminiCli, type Driver } from './real-client.ts';
import { prepareRun, reportOf, type ReportedItem, type Running } from './running.ts';
import type { ScriptStep, Step } from './scripted-model.ts';

const DRIVERS = [geminiCli, claude, codex].filter(({ name }) => {
  const only = process.env['DOTSQUAD_ONLY'];
  return only === undefined || only.split(',').includes(name);
});

const ONE_TASK = 'API-01: {title: The API, files: [api.txt]}\n';
const OVERLOADED: Step = { error: { status: 529, type: 'overloaded_error', message: 'Overloaded' } };
const BROKEN: Step = { error: { status: 500, type: 'api_error', message: 'Internal server error' } };
const UNKNOWN_KEY: Step = {
  error: { status: 401, type: 'authentication_error', message: 'invalid x-api-key' },
};

function args({ name }: Driver, ...more: readonly string[]): string[] {
  return ['--json', '--grace', '2s', '--retry-delay', '50ms', '--with', name, ...more];
}

function oneByOne(calls: readonly ReturnType<Driver['shell']>[]): readonly ScriptStep[] {
  return calls.map((call) => ({ calls: [call] }));
}

// The client hangs on the model's answer until the test lets go.
function hanging(): { readonly step: ScriptStep; readonly letGo: () => void } {
  let letGo = (): void => {};
  const released = new Promise<void>((resolve) => (letGo = resolve));
  onTestFinished(() => letGo());
  return { letGo: () => letGo(), step: () => released.then(() => ({ text: 'done' })) };
}

const attemptsOf = (result: BinResult): ReportedItem['attempts'] => reportOf(result).items[0]?.attempts ?? [];
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

// The process as it stands in the run's record while it works.
async function startedPid({ repo }: Running): Promise<number> {
  const listed = (): string => repo.git('ls-files', '--others', '.squad/runs');
  const path = await waitFor('the record', () => /\S+items\/0001\.json/u.exec(listed())?.[0]);
  return waitFor('the process', () => {
    const pid = /"pid": (\d+)/u.exec(readFileSync(`${repo.root}/${path}`, 'utf8'))?.[1];
    return pid === undefined ? undefined : Number(pid);
  });
}

describe.each(DRIVERS.map((driver) => [driver.name, driver] as const))('squad-run --with %s', (_, driver) => {
  test('two tasks in worktrees of their own: the stream is read, the second starts from the first', async () => {
    const { repo, model, env } = await prepareRun(driver, {
      'API-01': [
        ...oneByOne(driver.edit('theirs.txt', 'bob', 'stolen')),
        ...oneByOne(driver.edit('api.txt', 'one', 'two')),
        { calls: [driver.shell('grep -q two api.txt')] },
        { calls: [driver.shell("git add api.txt && git commit -q -m 'feat: API'")] },
        { text: 'The API is done.' },
      ],
      'UI-01': [...oneByOne(driver.edit('ui.txt', 'one', 'two')), { text: 'The UI is done.' }],
    });
    const before = [repo.git('rev-parse', 'HEAD'), repo.git('status', '--short')];
    const result = await repo.run(args(driver), env);
    const { items, integration } = reportOf(result);
    expect(items.map(({ key, state, reason }) => [key, state, reason])).toEqual([
      ['API-01', 'done', undefined],
      ['UI-01', 'done', undefined],
    ]);
    expect(result.code).toBe(0);
    expect(repo.git('show', `${integration}:api.txt`)).toBe('two');
    expect(repo.git('show', `${integration}:ui.txt`)).toBe('two');
    expect(repo.git('show', `${integration}:theirs.txt`)).toBe('bob');
    expect([repo.git('rev-parse', 'HEAD'), repo.git('status', '--short')]).toEqual(before);
    expect(repo.git('log', '--format=%s', integration)).toContain(
      driver === codex ? 'Keep what agent-api-01 left uncommitted in API-01' : 'feat: API',
    );
    const [api, ui] = items.map(({ attempts }) => attempts[0]);
    expect(api?.denied).toEqual([
      {
        tool: { claude: 'Edit', gemini: 'replace', codex: 'tool', opencode: 'edit' }[driver.name],
        reason: expect.stringMatching(/^squad: theirs\.txt is EXCLUSIVE to bob/u),
      },
    ]);
    expect(ui?.denied).toBeUndefined();
    expect(api?.session).toMatch(/^[0-9a-f-]{36}$/u);
    // Each step counts ten tokens in and ten out; Gemini asks a router first.
    const router = driver === geminiCli ? 1 : 0;
    expect(api?.tokens).toBe(20 * (driver.edit('', '', '').length * 2 + 3 + router));
    expect(ui?.tokens).toBe(20 * (driver.edit('', '', '').length + 1 + router));
    expect(api?.costUsd === undefined).toBe(driver !== claude);
    expect(api?.durationMs).toBeGreaterThan(0);
    expect(model.told('API-01')).not.toContain('before you stop');
    expect(model.told('API-01')).not.toContain('held by others: attempt');
  });

  test.each([
    ['an overloaded service', OVERLOADED],
    ['an error of the service', BROKEN],
  ])('%s is tried again after a pause', async (__, error) => {
    const model: ScriptStep = () => (++asked === 1 ? error : { text: 'Nothing to do.' });
    let asked = 0;
    const { repo, env } = await prepareRun(driver, { 'API-01': [model] }, ONE_TASK);
    const result = await repo.run(args(driver, '--retry', '2'), env);
    expect(attemptsOf(result).map(({ reason }) => reason === 'done')).toEqual([false, true]);
    expect(result.code).toBe(0);
  });

  test('a refused key is not tried again, and the reason is told', async () => {
    const { repo, env } = await prepareRun(driver, { 'API-01': [UNKNOWN_KEY] }, ONE_TASK);
    const result = await repo.run(args(driver, '--retry', '2'), env);
    const [attempt, ...more] = attemptsOf(result);
    expect([result.code, more]).toEqual([1, []]);
    expect(attempt?.reason).toMatch(/401|invalid x-api-key/u);
  });

  test('out of time: the whole group is ended, and what was written stays', async () => {
    const { step } = hanging();
    const running = await prepareRun(
      driver,
      { 'API-01': [...oneByOne(driver.edit('api.txt', 'one', 'two')), step] },
      ONE_TASK,
    );
    const run = running.repo.run(args(driver, '--timeout', '15s'), running.env);
    const pid = await startedPid(running);
    const result = await run;
    const [item] = reportOf(result).items;
    expect([result.code, item?.state, item?.reason]).toEqual([1, 'failed', 'timeout']);
    expect(isAlive(pid)).toBe(false);
    expect(running.repo.git('log', '--format=%s', '--all', '--', 'api.txt')).toContain(
      'Keep what agent-api-01 left uncommitted in API-01',
    );
  });

  test('Ctrl+C ends the client and keeps its work; the run goes on from there', async () => {
    const { step, letGo } = hanging();
    const edits = oneByOne(driver.edit('api.txt', 'one', 'two'));
    let isFirst = true;
    const running = await prepareRun(
      driver,
      { 'API-01': [() => (isFirst ? edits[0] : { text: 'Done before.' }) as Step, ...edits.slice(1), step] },
      ONE_TASK,
    );
    const { repo, model, env } = running;
    const child = spawn(process.execPath, [binPath('squad-run'), ...args(driver)], {
      cwd: repo.root,
      env: { ...cleanEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    await model.reached('API-01', edits.length);
    const pid = await startedPid(running);
    isFirst = false;
    child.kill('SIGINT');
    expect(await ended).toBe(1);
    letGo();
    const { run, items } = JSON.parse(stdout) as ReturnType<typeof reportOf>;
    expect([items[0]?.state, isAlive(pid)]).toEqual(['pending', false]);
    const again = await repo.run(args(driver, '--run', run), env);
    expect([again.code, reportOf(again).items[0]?.state]).toEqual([0, 'done']);
    expect(repo.git('show', `${reportOf(again).integration}:api.txt`)).toBe('two');
  });
});
