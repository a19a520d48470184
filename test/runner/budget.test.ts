import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backoffMs, createBudget, defaultConcurrency, runPool } from '#runner';
import { expect, test } from 'vitest';
import { squadRepository, type SquadRepository } from '../support/squad-repository.ts';

const END = {
  ok: false,
  reason: 'exit 1',
  isTransient: false,
  isStopped: false,
  tokens: { input: 0, output: 0 },
  durationMs: 1,
  toolCalls: 0,
  denied: [],
  text: '',
};

test('delays double up to the longest, half of each by chance', () => {
  const backoff = { firstMs: 1000, longestMs: 6000 };
  expect([1, 2, 3, 4, 50].map((failures) => backoffMs(backoff, failures, () => 0))).toEqual([
    500, 1000, 2000, 3000, 3000,
  ]);
  expect([1, 2, 3, 4, 50].map((failures) => backoffMs(backoff, failures, () => 1))).toEqual([
    1000, 2000, 4000, 6000, 6000,
  ]);
});

test('the breaker opens when the money is used up, or when many fail alike', () => {
  const money = createBudget({ totalUsd: 1 }, 0.4);
  expect([money.openedBy(), money.leftUsd()]).toEqual([undefined, 0.6]);
  money.note({ ...END, ok: true, costUsd: 0.7 });
  expect([money.openedBy(), money.leftUsd()]).toEqual(['the budget is used up: $1.10 of $1.00', 0]);
  const alike = createBudget({ sameFailures: 3 });
  for (const reason of ['exit 1', 'exit 1', 'exit 2', 'exit 1', 'exit 1']) alike.note({ ...END, reason });
  expect(alike.openedBy()).toBe(undefined);
  alike.note(END);
  expect(alike.openedBy()).toBe('3 agents in a row failed alike: exit 1');
});

test('as many agents as cores and memory allow, from one to ten', () => {
  const gigabyte = 2 ** 30;
  expect([
    defaultConcurrency({ cores: 2, bytes: 8 * gigabyte }),
    defaultConcurrency({ cores: 1, bytes: gigabyte }),
    defaultConcurrency({ cores: 64, bytes: 512 * gigabyte }),
    defaultConcurrency({ cores: 8, bytes: 6 * gigabyte }),
  ]).toEqual([4, 1, 10, 4]);
});

test('a pool of nothing ends at once, and counters of failures do not end a pool', async () => {
  const plan = { maxConcurrent: 3, isClosed: () => false, run: () => Promise.resolve('failed' as const) };
  expect((await runPool({ ...plan, items: [] })).size).toBe(0);
  const items = Array.from({ length: 7 }, (_, index) => ({ key: String(index), after: [] }));
  expect([...(await runPool({ ...plan, items })).values()]).toEqual(
    Array.from({ length: 7 }, () => 'failed'),
  );
});

const GRAPH = 'T-1: {title: a}\nT-2: {title: b, depends_on: [T-1]}\nT-3: {title: c, depends_on: [T-2]}\n';

// Stands in for `claude` on PATH: appends its arguments to a trace, answers with a result of the given fields.
async function withClaude(
  result: string,
): Promise<{ repo: SquadRepository; env: Record<string, string>; trace: () => string }> {
  const repo = await squadRepository({ 'task-graph.yml': GRAPH });
  const trace = join(repo.outside, 'trace');
  writeFileSync(trace, '');
  const path = join(repo.outside, 'claude');
  writeFileSync(
    path,
    `#!/bin/sh\ncat > /dev/null\necho "$SQUAD_TASK $*" >> '${trace}'\necho '{"type":"result",${result}}'\n`,
  );
  chmodSync(path, 0o755);
  return {
    repo,
    env: { PATH: `${repo.outside}:${process.env['PATH'] ?? ''}` },
    trace: () => readFileSync(trace, 'utf8'),
  };
}

test('a budget is handed to each agent as what is left of it, and nothing more starts when it is used up', async () => {
  const { repo, env, trace } = await withClaude('"subtype":"success","is_error":false,"total_cost_usd":0.6');
  const args = ['--with', 'claude', '--max-budget-usd', '1', '--task-budget-usd', '0.9', '--json'];
  const { code, stdout } = await repo.run(args, env);
  const report = JSON.parse(stdout) as { stopped: string; spentUsd: number; items: { state: string }[] };
  expect([code, report.stopped, report.spentUsd, report.items.map(({ state }) => state)]).toEqual([
    1,
    'the budget is used up: $1.20 of $1.00',
    1.2,
    ['done', 'done', 'pending'],
  ]);
  expect([...trace().matchAll(/^(T-\d).*--max-budget-usd (\S+)/gmu)].map(([, id, usd]) => [id, usd])).toEqual(
    [
      ['T-1', '0.9'],
      ['T-2', '0.4'],
    ],
  );
});

test('exit 0 with an error flag is a failure; an overload is tried again with delays, at most so often', async () => {
  const { repo, env, trace } = await withClaude('"subtype":"success","is_error":true,"api_error_status":529');
  const { code, stdout } = await repo.run(
    ['--with', 'claude', '--retry', '2', '--retry-delay', '1ms', '--json'],
    env,
  );
  const report = JSON.parse(stdout) as { items: { state: string; reason: string; attempts: unknown[] }[] };
  expect([code, report.items[0]?.reason, report.items[0]?.attempts.length]).toEqual([
    1,
    'error reported: API error 529',
    3,
  ]);
  expect(trace().split('\n')).toHaveLength(4);
});

// Stands in for `codex` on PATH: each run of it tells a million tokens in and a hundred thousand out.
function asCodex(repo: SquadRepository): Record<string, string> {
  const usage = '{"type":"turn.completed","usage":{"input_tokens":1000000,"output_tokens":100000}}';
  const path = join(repo.outside, 'codex');
  writeFileSync(path, `#!/bin/sh\necho '${usage}'\n`);
  chmodSync(path, 0o755);
  return { PATH: `${repo.outside}:${process.env['PATH'] ?? ''}` };
}

test('a budget that nobody could keep is refused before anything starts', async () => {
  const repo = await squadRepository({ 'task-graph.yml': GRAPH });
  const env = asCodex(repo);
  const total = await repo.run(['--with', 'codex', '--max-budget-usd', '5'], env);
  expect([total.code, total.stderr]).toEqual([
    2,
    'error USAGE: a budget cannot be kept: codex tells tokens and no price\n  give its price per million tokens in and out in .squad/config.yaml, as in run: {prices: {codex: 1.25/10}}\n',
  ]);
  const each = await repo.run(['--with', 'codex', '--task-budget-usd', '5'], env);
  expect([each.code, each.stderr]).toEqual([
    2,
    'error USAGE: a budget for each task cannot be kept: codex does not stop at a price\n  use --max-budget-usd for the whole run, or --timeout for each task\n',
  ]);
  const command = await repo.run(['--with', 'true {prompt}', '--max-budget-usd', '5'], env);
  expect([command.code, command.stderr]).toEqual([
    2,
    'error USAGE: a budget cannot be kept: a command tells no price\n  leave --max-budget-usd out\n',
  ]);
  expect((await repo.run(['status'])).stdout).toBe('there are no runs\n');
});

test('with a price configured, tokens count towards the budget', async () => {
  const repo = await squadRepository({ 'task-graph.yml': GRAPH });
  writeFileSync(join(repo.root, '.squad/config.yaml'), 'run: {prices: {codex: 1.25/10}}\n');
  const args = ['--with', 'codex', '--max-budget-usd', '4', '--json'];
  const { code, stdout } = await repo.run(args, asCodex(repo));
  const report = JSON.parse(stdout) as { stopped: string; spentUsd: number; items: { state: string }[] };
  expect([code, report.stopped, report.spentUsd, report.items.map(({ state }) => state)]).toEqual([
    1,
    'the budget is used up: $4.50 of $4.00',
    4.5,
    ['done', 'done', 'pending'],
  ]);
});
