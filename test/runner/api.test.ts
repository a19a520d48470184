import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSdkClient, runPlans, type AgentEvent } from '#runner';
import { expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { squadRepository } from '../support/squad-repository.ts';

test('runPlans from a program, with the Agent SDK in place of a process', async () => {
  const repo = await squadRepository({
    'task-graph.yml': 'T-1: {title: a}\nT-2: {title: b, depends_on: [T-1]}\n',
  });
  const calls: unknown[] = [];
  const client = await createSdkClient(async function* query({ options }) {
    const { cwd, permissionMode, settingSources, maxBudgetUsd } = options;
    calls.push({ permissionMode, settingSources, maxBudgetUsd });
    writeFileSync(join(String(cwd), `${calls.length}.txt`), 'work\n');
    yield { type: 'system', subtype: 'init', session_id: `s-${calls.length}` };
    yield await Promise.resolve({
      type: 'result',
      subtype: 'success',
      is_error: false,
      total_cost_usd: 0.25,
      result: 'done',
    });
  });
  const events: AgentEvent[] = [];
  const report = await runPlans({
    cwd: repo.root,
    with: client,
    perTaskUsd: 2,
    onEvent: (_, event) => events.push(event),
  });
  expect(report.items.map(({ key, state }) => [key, state])).toEqual([
    ['T-1', 'done'],
    ['T-2', 'done'],
  ]);
  expect([report.spentUsd, events.filter(({ kind }) => kind === 'started')]).toEqual([
    0.5,
    [
      { kind: 'started', session: 's-1' },
      { kind: 'started', session: 's-2' },
    ],
  ]);
  expect(calls[0]).toEqual({
    permissionMode: 'acceptEdits',
    settingSources: ['user', 'project', 'local'],
    maxBudgetUsd: 2,
  });
  expect(repo.git('ls-tree', '--name-only', report.integration ?? '')).toBe('1.txt\n2.txt\ntask-graph.yml');
});

test('an SDK that throws fails the task with its words; stopping it is stopping', async () => {
  const repo = await squadRepository({ 'task-graph.yml': 'T-1: {title: a}\n' });
  // oxlint-disable-next-line require-yield
  const failing = await createSdkClient(async function* query() {
    await Promise.resolve();
    throw new Error('no such model');
  });
  const report = await runPlans({ cwd: repo.root, with: failing });
  expect(report.items[0]?.reason).toBe('exit 1: no such model');
  const stop = new AbortController();
  const waiting = await createSdkClient(async function* query({ options }) {
    yield { type: 'system', subtype: 'init', session_id: 's' };
    stop.abort();
    const { signal } = options['abortController'] as AbortController;
    if (signal.aborted) throw new Error('aborted');
  });
  const stopped = await runPlans({ cwd: repo.root, with: waiting, signal: stop.signal });
  expect([stopped.stopped, stopped.items[0]?.state]).toEqual(['stopped on request', 'pending']);
});

test('without the SDK installed, one is told how to get it', async () => {
  await expect(createSdkClient()).rejects.toMatchObject({
    code: 'COMMAND_FAILED',
    hint: 'run: npm install @anthropic-ai/claude-agent-sdk, or use --with claude',
  });
});

test('the planner’s own plans run as they are', async () => {
  const repo = await squadRepository({
    'prd.md':
      '# Feature: User Dashboard\n\n## Requirements\n\n1. Frontend: React dashboard with charts\n2. Backend: REST API for metrics\n3. ML: Anomaly detection service\n\n## Tasks\n\n- Create dashboard component\n- Build metrics API\n- Implement ML model\n- Add WebSocket updates\n',
  });
  expect((await runBin('squad-allocate', ['prd.md'], { cwd: repo.root })).code).toBe(0);
  const agent = repo.script(
    'agent',
    'echo "$AGENT_ID" > "$SQUAD_TASK.txt"; test -e "$(dirname "$AGENT_COMM")"',
  );
  const { code, stdout } = await repo.run(['--plans', '--with', `${agent} {prompt}`, '--json']);
  const { items } = JSON.parse(stdout) as { items: { state: string; log: string }[] };
  expect([code, items.length >= 4, new Set(items.map(({ state }) => state))]).toEqual([
    0,
    true,
    new Set(['done']),
  ]);
  expect(items.every(({ log }) => existsSync(log))).toBe(true);
  const prompts = readdirSync(join(repo.root, '.squad', 'runs')).flatMap((run) => {
    const folder = join(repo.root, '.squad', 'runs', run, 'prompts');
    return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  });
  expect(prompts.filter((prompt) => prompt.includes('agent-1-frontend')).length).toBeGreaterThan(0);
});
