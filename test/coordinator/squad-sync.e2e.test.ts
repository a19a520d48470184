import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { binPath, cleanEnvironment, runBin, type BinResult } from '../support/bins.ts';
import { testRepository } from '../support/repository.ts';

type Bin = Parameters<typeof runBin>[0];

interface TestSquad {
  readonly root: string;
  readonly run: (bin: Bin, args: readonly string[], agent?: string) => Promise<BinResult>;
  readonly status: () => Promise<{ code: number | null; record: Record<string, never[]> }>;
}

const OWNERSHIP = `/frontend: { owner: agent-1, access: EXCLUSIVE }
/backend: { owner: agent-2, access: EXCLUSIVE }
/shared: { owner: NONE, access: SEQUENTIAL }
`;

function squad(files: Readonly<Record<string, string>> = {}): TestSquad {
  const root = testRepository({
    '.gitignore': '.squad/\n',
    '.squad/README.md': 'squad\n',
    '.squad/ownership.yaml': OWNERSHIP,
    'shared/types.ts': 'export {};\n',
    ...files,
  });
  const run: TestSquad['run'] = (bin, args, agent) =>
    runBin(bin, args, { cwd: root, env: agent === undefined ? {} : { AGENT_ID: agent } });
  return {
    root,
    run,
    async status() {
      const { code, stdout } = await run('squad-sync', ['--once', '--json']);
      return { code, record: JSON.parse(stdout) as Record<string, never[]> };
    },
  };
}

function startWatch(root: string): {
  child: ChildProcess;
  line: (pattern: RegExp) => Promise<string>;
  end: () => Promise<number | null>;
} {
  const child = spawn(process.execPath, [binPath('squad-sync'), '--watch', '--interval', '1s'], {
    cwd: root,
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const line = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = text.split('\n').find((each) => pattern.test(each));
      if (found !== undefined) return found;
      await new Promise((resolve) => child.stdout.once('data', resolve));
    }
  };
  const end = (): Promise<number | null> =>
    new Promise((resolve) => {
      child.once('exit', (code) => resolve(code));
      child.kill('SIGTERM');
    });
  return { child, line, end };
}

test('a quiet repository is reported without conflicts, and the printed report is the written one', async () => {
  const { root, run, status } = squad();
  await run('squad-comms', ['status', 'ACTIVE', '--task', 'T-1', '--files', 'frontend/a.ts'], 'agent-1');
  const { code, record } = await status();
  expect(code).toBe(0);
  expect(record['conflicts']).toEqual([]);
  expect(record['agents']).toMatchObject([{ id: 'agent-1', status: 'ACTIVE', life: 'alive', task: 'T-1' }]);
  expect(JSON.parse(readFileSync(join(root, '.squad/reports/status.json'), 'utf8'))).toEqual(record);
  expect(readFileSync(join(root, '.squad/reports/status.md'), 'utf8')).toMatch(/^# Status \d{4}-/u);
});

test('a change in another’s folder and a path changed by two are conflicts, exit 1', async () => {
  const { run, status } = squad();
  await run('squad-comms', ['status', 'ACTIVE', '--files', 'backend/x.ts'], 'agent-1');
  await run('squad-comms', ['status', 'ACTIVE', '--files', 'backend/x.ts'], 'agent-2');
  const { code, record } = await status();
  expect(code).toBe(1);
  expect(record['conflicts']).toMatchObject([
    { kind: 'MULTIPLE_MODIFICATIONS', message: 'agent-1 and agent-2 changed backend/x.ts' },
    { kind: 'OUTSIDE_OWNERSHIP', message: 'agent-1 changed backend/x.ts, which belongs to agent-2' },
  ]);
});

test('one coordinator at a time: the second says who runs and exits 3, looking is always allowed', async () => {
  const { root, run } = squad();
  const first = startWatch(root);
  await run('squad-comms', ['status', 'ACTIVE', '--task', 'T-1'], 'agent-1');
  expect(await first.line(/agent-1 ACTIVE/u)).toMatch(/ agent-1 ACTIVE \(alive\) T-1$/u);
  const second = await run('squad-sync', ['--once', '--json']);
  expect(second.code).toBe(3);
  expect(JSON.parse(second.stdout)).toMatchObject({ kind: 'running', by: { pid: first.child.pid } });
  expect((await run('squad-sync', ['--once', '--no-act'])).code).toBe(0);
  expect(await first.end()).toBe(0);
  expect((await run('squad-sync', ['--once'])).code).toBe(0);
});

test('after a SIGKILL the next coordinator takes over by itself', async () => {
  const { root, run } = squad();
  const first = startWatch(root);
  await run('squad-comms', ['status', 'ACTIVE'], 'agent-1');
  await first.line(/agent-1/u);
  first.child.kill('SIGKILL');
  const { code } = await run('squad-sync', ['--once']);
  expect(code).toBe(0);
  expect(existsSync(join(root, '.squad/.run/coordinator.json'))).toBe(false);
});

test('a deleted report is written again, and the lease of a dead process is released', async () => {
  const { root, run, status } = squad();
  const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  onTestFinished(() => void holder.kill('SIGKILL'));
  await run('squad-lock', ['acquire', 'shared/types.ts', '--pid', String(holder.pid)], 'agent-1');
  const living = await status();
  expect(living.record['leases']).toMatchObject([
    { path: 'shared/types.ts', agent: 'agent-1', holder: 'alive' },
  ]);
  rmSync(join(root, '.squad/reports'), { recursive: true });
  const gone = new Promise((resolve) => holder.once('exit', resolve));
  holder.kill('SIGKILL');
  await gone;
  const { code, record } = await status();
  expect([code, record['leases'], record['conflicts']]).toEqual([0, [], []]);
  expect(existsSync(join(root, '.squad/reports/status.json'))).toBe(true);
  const journal = readFileSync(join(root, '.squad/logs/events.ndjson'), 'utf8');
  expect(journal).toContain('"kind":"action.release-lease.begun"');
  expect(journal).toContain('"kind":"action.release-lease.done"');
});
