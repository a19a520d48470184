import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { callGuard } from '../support/guarded.ts';
import { squadRepository } from '../support/squad-repository.ts';

test('an agent finds the commands that its prompt names, also where the PATH has none of them', async () => {
  const repo = await squadRepository({ 'task-graph.yml': 'T-1: {title: One, files: [a.txt]}\n' });
  const agent = repo.script('agent', 'squad-lock acquire a.txt > a.txt && squad-comms inbox >> a.txt');
  const result = await repo.run(['--json', '--with', `${agent} {prompt}`]);
  expect([result.code, result.stderr]).toEqual([0, '']);
  const { integration } = JSON.parse(result.stdout) as { integration: string };
  expect(repo.git('show', `${integration}:a.txt`)).toMatch(/^acquired a\.txt until .*\n.*nothing/u);
});

test("a client that a runner started is not told of the runner's own leases, nor reminded of its task", async () => {
  const repo = await squadRepository({ 'task-graph.yml': 'T-1: {title: One, files: [a.txt]}\n' });
  const told = join(repo.outside, 'told');
  const agent = repo.script('agent', `env > '${told}'; squad-lock list > '${told}.leases'`);
  await repo.run(['--json', '--with', `${agent} {prompt}`]);
  expect(readFileSync(`${told}.leases`, 'utf8')).toContain('attempt:T-1');
  const run = /^SQUAD_RUN=(.+)$/mu.exec(readFileSync(told, 'utf8'))?.[1] ?? '';
  const status = ['status', 'ACTIVE', '--task', 'T-1', '--agent', 'agent-t-1'];
  await runBin('squad-comms', status, { cwd: repo.root });
  const hold = ['acquire', 'attempt:T-1', 'b.txt', '--agent', 'runner-1'];
  await runBin('squad-lock', hold, { cwd: repo.root });
  const call = { root: repo.root, as: 'agent-t-1', input: { session_id: 's1', hook_event_name: 'Stop' } };
  const free = await callGuard({ ...call, event: 'stop' });
  const supervised = { SQUAD_RUN: run, SQUAD_TASK: 'T-1' };
  const held = await callGuard({
    ...call,
    event: 'stop',
    env: supervised,
    input: { session_id: 's2', hook_event_name: 'Stop' },
  });
  expect(free.stdout).toContain('T-1 is ACTIVE');
  expect(held.stdout).toBe('');
  const begun = await callGuard({
    ...call,
    event: 'session-start',
    env: supervised,
    input: { session_id: 's2', hook_event_name: 'SessionStart', source: 'startup' },
  });
  expect(begun.stdout).toContain('held by others: b.txt (runner-1)');
});
