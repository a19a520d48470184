import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { binPath, cleanEnvironment, runBin } from '../support/bins.ts';
import { testRepository } from '../support/repository.ts';
import { waitFor } from '../support/wait-for.ts';

interface Status {
  readonly agents: readonly { id: string; status: string; task: string; next: string | null }[];
  readonly findings: readonly { kind: string; message: string }[];
}

function squad() {
  const root = testRepository({ '.gitignore': '.squad/\n', '.squad/README.md': 'squad\n', 'a.txt': 'a\n' });
  const path = (name: string): string => join(root, '.squad', name);
  const say = (agent: string, ...args: readonly string[]) =>
    runBin('squad-comms', ['status', ...args], { cwd: root, env: { AGENT_ID: agent } });
  const status = (): Status | undefined => {
    const file = path('reports/status.json');
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Status) : undefined;
  };
  return {
    root,
    path,
    say,
    // What the written report says of an agent, once it says so.
    reported: (agent: string, isIt: (row: Status['agents'][number]) => boolean) =>
      waitFor(`the report to be right about ${agent}`, () =>
        status()?.agents.find((row) => row.id === agent && isIt(row)),
      ),
    status,
    kinds: (): readonly string[] =>
      readFileSync(path('logs/events.ndjson'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { kind: string }).kind),
  };
}

function watch(root: string): ChildProcess {
  const args = [binPath('squad-sync'), '--watch', '--interval', '200ms'];
  const child = spawn(process.execPath, args, { cwd: root, env: cleanEnvironment(), stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

test('a watching coordinator reports right after its report, its journal and a comm file were tampered with', async () => {
  const { root, path, say, reported, status, kinds } = squad();
  watch(root);
  await say('agent-1', 'ACTIVE', '--task', 'T-1', '--next', 'first');
  await reported('agent-1', ({ next }) => next === 'first');

  rmSync(path('reports/status.json'));
  await reported('agent-1', ({ next }) => next === 'first');

  // As `logrotate` and an editor do it: another file under the same name.
  renameSync(path('logs/events.ndjson'), path('logs/events.ndjson.1'));
  const comm = path('comms/agent-1-comm.md');
  writeFileSync(`${comm}.swp`, readFileSync(comm, 'utf8').replace('first', 'other'));
  renameSync(`${comm}.swp`, comm);
  await reported('agent-1', ({ next }) => next === 'other');
  await say('agent-1', 'BLOCKED', '--task', 'T-1', '--next', 'third');
  await reported('agent-1', (row) => row.status === 'BLOCKED' && row.next === 'third');
  expect(kinds()).toEqual(['agent.status']);
  expect(status()?.findings).toEqual([]);
  const past = await runBin('squad-sync', ['replay', '--json'], { cwd: root });
  expect(JSON.parse(past.stdout)).toMatchObject({ agents: [{ id: 'agent-1', status: 'BLOCKED' }] });
});

test('of four coordinators started at once one runs; when it is killed, one of the next four does', async () => {
  const { root, path, say, reported } = squad();
  const running = (children: readonly ChildProcess[]): readonly ChildProcess[] =>
    children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  const start = (): Promise<ChildProcess> => {
    const children = Array.from({ length: 4 }, () => watch(root));
    return waitFor('one to be left', () => {
      const left = running(children);
      return left.length === 1 && existsSync(path('.run/coordinator.json')) ? left[0] : undefined;
    });
  };
  const first = await start();
  const others = await runBin('squad-sync', ['--once', '--json'], { cwd: root });
  expect([others.code, JSON.parse(others.stdout)]).toMatchObject([3, { by: { pid: first.pid } }]);
  const gone = new Promise((resolve) => first.once('exit', resolve));
  first.kill('SIGKILL');
  await gone;
  await start();
  await say('agent-1', 'ACTIVE', '--task', 'T-1');
  await reported('agent-1', ({ task }) => task === 'T-1');
}, 60_000);
