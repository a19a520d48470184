import { spawn } from 'node:child_process';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createNodeStore, identifyProcess, writeSession } from '#store';
import { expect, onTestFinished, test } from 'vitest';
import { runBin, type BinResult } from '../support/bins.ts';
import { gitIn, testRepository } from '../support/repository.ts';
import { testdir } from '../support/testdir.ts';

type Bin = Parameters<typeof runBin>[0];

function plan(agent: string, tasks: readonly string[]): string {
  const rows = tasks.map(
    (id) =>
      `  - { id: ${id}, title: Task ${id}, files: { create: [], modify: [src/${id}.ts], read: [] }, depends_on: [], estimate_minutes: 10, start_minute: 0 }\n`,
  );
  const list = rows.length === 0 ? 'tasks: []\n' : `tasks:\n${rows.join('')}`;
  return `---\nversion: 1\nagent: ${agent}\nrole: developer\nfeature: F\nprd_hash: sha256:${'0'.repeat(64)}\n${list}---\n\n# ${agent}\n`;
}

function squad(): {
  root: string;
  run: (bin: Bin, args: readonly string[], agent?: string) => Promise<BinResult>;
} {
  const root = testRepository({
    '.gitignore': '.squad/\n',
    'src/T-1.ts': 'export {};\n',
    'src/T-2.ts': 'export {};\n',
    '.squad/ownership.yaml':
      '# by people\n/src/T-1.ts: { owner: agent-1, access: EXCLUSIVE }\n/src/T-2.ts: { owner: agent-2, access: EXCLUSIVE }\n',
    '.squad/parallel-plans/agent-1-plan.md': plan('agent-1', ['T-1']),
    '.squad/parallel-plans/agent-2-plan.md': plan('agent-2', ['T-2']),
  });
  return {
    root,
    run: (bin, args, agent) =>
      runBin(bin, args, { cwd: root, env: agent === undefined ? {} : { AGENT_ID: agent } }),
  };
}

test('a reassignment saves uncommitted work, fences the old holder, moves ownership and plan, and says so', async () => {
  const { root, run } = squad();
  const tree = join(testdir(), 'agent-1');
  gitIn(root, 'worktree', 'add', '--quiet', '-b', 'squad/agent-1', tree);
  writeFileSync(join(tree, 'src/T-1.ts'), 'export const half = 1;\n');
  await run('squad-lock', ['acquire', 'src/T-1.ts'], 'agent-1');
  await run('squad-comms', ['status', 'ACTIVE', '--task', 'T-1', '--next', 'the other half'], 'agent-1');
  await run('squad-comms', ['status', 'ACTIVE', '--task', 'T-2'], 'agent-2');
  const before = gitIn(tree, 'status', '--porcelain');

  const moved = await run('squad-sync', [
    'reassign',
    'T-1',
    '--to',
    'agent-2',
    '--reason',
    'agent-1 is gone',
    '--json',
  ]);
  expect([moved.code, JSON.parse(moved.stdout)]).toEqual([
    0,
    {
      kind: 'reassigned',
      task: 'T-1',
      from: 'agent-1',
      to: 'agent-2',
      undo: 'squad-sync reassign T-1 --to agent-1',
    },
  ]);

  expect(gitIn(tree, 'status', '--porcelain')).toBe(before);
  const notice = readFileSync(join(root, '.squad/comms/coordinator-comm.md'), 'utf8');
  expect(notice).toMatch(
    /^## Task Reassignment Notice \S+\nID: P-T-1-1\nTask: T-1\nFrom: agent-1\nTo: agent-2\nReason: agent-1 is gone\nGoal: Task T-1\nFiles: src\/T-1\.ts\n/u,
  );
  expect(notice).toContain('Leases Moved: src/T-1.ts\n');
  expect(notice).toContain('Next Step: the other half\n');
  const ref = /^Diff Ref: (refs\/squad\/\S+)$/mu.exec(notice)?.[1] ?? '';
  expect(gitIn(root, 'show', `${ref}:src/T-1.ts`)).toBe('export const half = 1;');
  const fenced = await run('squad-lock', ['verify', 'src/T-1.ts', '--token', '1'], 'agent-1');
  expect(fenced.code).not.toBe(0);
  expect(readFileSync(join(root, '.squad/ownership.yaml'), 'utf8')).toBe(
    '# by people\n/src/T-2.ts: { owner: agent-2, access: EXCLUSIVE }\n"/src/T-1.ts": { owner: "agent-2", access: EXCLUSIVE, why: "T-1 from agent-1" }\n',
  );
  expect(readFileSync(join(root, '.squad/parallel-plans/agent-2-plan.md'), 'utf8')).toContain(
    '## Reassigned: T-1 Task T-1',
  );
  const inbox = await run('squad-comms', ['inbox', '--json'], 'agent-2');
  expect(JSON.parse(inbox.stdout)).toMatchObject({ items: [{ kind: 'reassignment', id: 'P-T-1-1' }] });

  const back = await run('squad-sync', ['reassign', 'T-1', '--to', 'agent-1', '--json']);
  expect(JSON.parse(back.stdout)).toMatchObject({ kind: 'reassigned', from: 'agent-2', to: 'agent-1' });
});

test('pause reaches the agents, waits for their word, and resume takes it back', async () => {
  const { root, run } = squad();
  await run('squad-comms', ['status', 'ACTIVE'], 'agent-1');
  const pausing = run('squad-sync', ['pause', '--wait', '--reason', 'release', '--json']);
  const inbox = await run('squad-comms', ['inbox', '--wait', '50s', '--json'], 'agent-1');
  const { items } = JSON.parse(inbox.stdout) as { items: readonly { id: string; summary: string }[] };
  expect(items[0]?.summary).toBe('pause: release');
  await run('squad-comms', ['ack', items[0]?.id ?? ''], 'agent-1');
  const paused = await pausing;
  expect([paused.code, JSON.parse(paused.stdout)]).toMatchObject([
    0,
    { kind: 'pause', to: 'all', missing: [] },
  ]);
  expect(existsSync(join(root, '.squad/control/pause.flag'))).toBe(true);
  await run('squad-sync', ['resume']);
  expect(existsSync(join(root, '.squad/control/pause.flag'))).toBe(false);
});

test('metrics, replay and report tell what the journal holds', async () => {
  const { root, run } = squad();
  await run('squad-comms', ['status', 'ACTIVE', '--task', 'T-1'], 'agent-1');
  await run('squad-sync', ['--once']);
  await run('squad-comms', ['done', 'T-1', '--evidence', 'true'], 'agent-1');
  await run('squad-sync', ['--once']);
  const metrics = await run('squad-sync', ['metrics', '--json']);
  expect(JSON.parse(metrics.stdout)).toMatchObject({
    agents: 1,
    tasksStarted: 1,
    tasksDone: 1,
    completionRate: 0.5,
    parallelEfficiency: 1,
    speedUp: 1,
    criticalPathPlannedMs: 600_000,
    unreadable: 0,
  });
  const prometheus = await run('squad-sync', ['metrics', '--format', 'prometheus']);
  expect(prometheus.stdout).toContain('# TYPE squad_tasks_done gauge\nsquad_tasks_done 1\n');
  const events = readFileSync(join(root, '.squad/logs/events.ndjson'), 'utf8').trim().split('\n');
  const first = JSON.parse(events[0] ?? '{}') as { at: string };
  const past = await run('squad-sync', ['replay', '--at', first.at, '--json']);
  expect(JSON.parse(past.stdout)).toMatchObject({
    agents: [{ id: 'agent-1', status: 'ACTIVE', task: 'T-1' }],
    tasks: [{ id: 'T-1', doneAt: null }],
  });
  const now = await run('squad-sync', ['replay']);
  expect(now.stdout).toContain('task T-1 done by agent-1\n');
  const report = await run('squad-sync', ['report']);
  expect(report.stdout).toContain('1 of 2 tasks are proven complete');
  for (const heading of [
    'Executive summary',
    'Agents',
    'File changes',
    'Blockers and resolutions',
    'Opportunities',
    'Next actions',
  ])
    expect(report.stdout).toContain(`\n## ${heading}\n`);
});

test('a person is notified by the command of the settings, once', async () => {
  const { root, run } = squad();
  writeFileSync(
    join(root, '.squad/config.yaml'),
    `sync: { notify: 'printf "%s\\n" "$SQUAD_MESSAGE" >> told.txt' }\n`,
  );
  await run('squad-comms', ['status', 'WAITING', '--waiting-for', 'agent-2'], 'agent-1');
  await run('squad-comms', ['status', 'WAITING', '--waiting-for', 'agent-1'], 'agent-2');
  expect((await run('squad-sync', ['--once'])).code).toBe(1);
  await run('squad-sync', ['--once']);
  expect(readFileSync(join(root, 'told.txt'), 'utf8')).toBe(
    'agent-1, agent-2 wait for one another and no lease is part of it: tell one of them to go on\n',
  );
});

test('a simulation says how long a PRD takes with how many agents, the same each time', async () => {
  const { root, run } = squad();
  writeFileSync(
    join(root, 'feature-prd.md'),
    '# Feature: F\n## Tasks\n- Build the API (1h) `src/api.ts`\n- Build the page (1h) `src/page.ts`\n',
  );
  const args = ['simulate', '--prd', 'feature-prd.md', '--seeds', '3', '--json'];
  const first = await run('squad-sync', args);
  const { rows } = JSON.parse(first.stdout) as {
    rows: readonly { agents: number; makespanMinutes: number; finished: number }[];
  };
  expect(rows.map(({ agents, finished }) => [agents, finished])).toEqual([
    [1, 3],
    [2, 3],
  ]);
  expect(rows[1]?.makespanMinutes).toBeLessThan(rows[0]?.makespanMinutes ?? 0);
  expect((await run('squad-sync', args)).stdout).toBe(first.stdout);
});

test('an agent whose client session died after its last word is dead, with the evidence beside it', async () => {
  const { root, run } = squad();
  const store = createNodeStore();
  const squadDir = join(root, '.squad');
  const client = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  onTestFinished(() => void client.kill('SIGKILL'));
  const identity = identifyProcess(client.pid ?? 0);
  if (identity === undefined) throw new Error('the process is not there');
  const base = { version: 1, client: 'claude', named: 'environment', worktreeRoot: root } as const;
  writeSession(store, squadDir, {
    ...base,
    session: 's-1',
    agent: 'agent-1',
    startedAt: '2026-01-01T00:00:00Z',
    process: identity,
  });
  utimesSync(join(squadDir, '.run/sessions/s-1.json'), 1000, 1000);
  const env = { AGENT_ID: 'agent-1', CLAUDE_CODE_SESSION_ID: 's-1' };
  await runBin('squad-comms', ['status', 'ACTIVE', '--task', 'T-1'], { cwd: root, env });
  const life = async (): Promise<unknown> => {
    const { stdout } = await run('squad-sync', ['--once', '--json']);
    const { agents } = JSON.parse(stdout) as { agents: readonly { id: string; life: string }[] };
    return agents.find(({ id }) => id === 'agent-1')?.life;
  };
  expect(await life()).toBe('alive');
  const gone = new Promise((resolve) => client.once('exit', resolve));
  client.kill('SIGKILL');
  await gone;
  expect(await life()).toBe('dead');
});
