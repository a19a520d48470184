import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { squadRepository, type SquadRepository } from '../support/squad-repository.ts';

const GRAPH = `T-1: {title: API, acceptance: test -e api.txt}
T-2: {title: UI, depends_on: [T-1], agent: agent-2-ui}
T-3: {title: Release, depends_on: [T-2], checkpoint: true}
T-4: {title: Announce, depends_on: [T-3]}
`;

const repository = (): Promise<SquadRepository> => squadRepository({ 'task-graph.yml': GRAPH });

async function as(repo: SquadRepository, agent: string, ...args: string[]) {
  const { code, stdout } = await repo.task([...args, '--json', '--agent', agent]);
  return { code, answer: JSON.parse(stdout) as Record<string, unknown> };
}

test('a task goes from ready to done, proven by its acceptance command', async () => {
  const repo = await repository();
  expect(await as(repo, 'a', 'next')).toMatchObject({
    code: 0,
    answer: {
      kind: 'task',
      task: { id: 'T-1', state: 'ready' },
      why: 'open to all, medium priority, 1 waiting for it',
    },
  });
  expect(await as(repo, 'a', 'start', 'T-1')).toMatchObject({ code: 0, answer: { kind: 'active' } });
  expect(await as(repo, 'a', 'done', 'T-1')).toMatchObject({
    code: 1,
    answer: { kind: 'evidence-failed', failed: { command: 'test -e api.txt', exitCode: 1 } },
  });
  expect(await as(repo, 'b', 'next')).toMatchObject({
    code: 3,
    answer: { kind: 'wait', waitingFor: ['T-1'] },
  });
  writeFileSync(join(repo.root, 'api.txt'), 'api');
  expect(await as(repo, 'a', 'done', 'T-1')).toMatchObject({
    code: 0,
    answer: { kind: 'done', task: { isProven: true } },
  });
  expect(await as(repo, 'b', 'next')).toMatchObject({ code: 3, answer: { waitingFor: ['T-2'] } });
  expect(await as(repo, 'agent-2-ui', 'next')).toMatchObject({ code: 0, answer: { task: { id: 'T-2' } } });
});

test('of eight agents that claim one task at once, one gets it', async () => {
  const repo = await repository();
  const agents = Array.from({ length: 8 }, (_, index) => `agent-${index}`);
  const claims = await Promise.all(agents.map((agent) => as(repo, agent, 'claim', 'T-1')));
  expect(claims.map(({ code }) => code).filter((code) => code === 0)).toEqual([0]);
  const refusals = claims.filter(({ code }) => code !== 0);
  for (const { code, answer } of refusals)
    expect([code, JSON.stringify(answer)]).toEqual([code === 3 ? 3 : 1, expect.stringMatching(/agent-\d/u)]);
});

test('agents that ask for the next task at once get different ones', async () => {
  const repo = await squadRepository({
    'task-graph.yml': 'A-1: {title: a}\nA-2: {title: b}\nA-3: {title: c}\n',
  });
  const agents = ['x', 'y', 'z'];
  const answers = await Promise.all(agents.map((agent) => as(repo, agent, 'next', '--claim')));
  const ids = answers.map(({ answer }) => (answer['task'] as { id: string }).id);
  expect(ids.toSorted()).toEqual(['A-1', 'A-2', 'A-3']);
});

test('a move that the state does not allow is refused with the command that leads on', async () => {
  const repo = await repository();
  const said = async (...args: string[]): Promise<string> =>
    (await repo.task([...args, '--agent', 'a'])).stderr;
  expect(await said('start', 'T-2')).toBe(
    'error TASK_TRANSITION_REFUSED: cannot start T-2: T-2 is waiting for T-1\n  run: squad-task next\n',
  );
  expect(await said('done', 'T-1')).toBe(
    'error TASK_TRANSITION_REFUSED: cannot done T-1: T-1 is ready\n  run: squad-task claim T-1\n',
  );
  expect(await said('claim', 'T-11')).toBe(
    'error TASK_UNKNOWN: there is no task "T-11"\n  did you mean T-1?\n',
  );
  expect(await said('clam', 'T-1')).toBe(
    'error USAGE: squad-task has no command "clam"\n  did you mean: squad-task claim\n',
  );
  await as(repo, 'b', 'start', 'T-1');
  expect(await said('fail', 'T-1')).toBe(
    'error TASK_TRANSITION_REFUSED: cannot fail T-1: T-1 is active with b\n  run: squad-task next\n',
  );
});

test('a failed task stops its dependents, and retry and skip lead on', async () => {
  const repo = await repository();
  await as(repo, 'a', 'start', 'T-1');
  expect(await as(repo, 'a', 'fail', 'T-1', '--reason', 'no database')).toMatchObject({
    code: 0,
    answer: { kind: 'failed', task: { reason: 'no database', failures: 1 } },
  });
  expect(await as(repo, 'b', 'next')).toMatchObject({ code: 1, answer: { kind: 'stuck', failed: ['T-1'] } });
  expect(await as(repo, 'b', 'retry', 'T-1')).toMatchObject({ code: 0, answer: { kind: 'ready' } });
  expect(await as(repo, 'b', 'skip', 'T-1')).toMatchObject({ code: 0, answer: { kind: 'skipped' } });
  expect(await as(repo, 'agent-2-ui', 'next')).toMatchObject({ code: 0, answer: { task: { id: 'T-2' } } });
});

test('a checkpoint waits for a person before its dependents start', async () => {
  const repo = await repository();
  for (const id of ['T-1', 'T-2']) await as(repo, 'a', 'skip', id);
  await as(repo, 'a', 'start', 'T-3');
  expect(await as(repo, 'a', 'done', 'T-3')).toMatchObject({ answer: { kind: 'review' } });
  expect(await as(repo, 'a', 'claim', 'T-4')).toMatchObject({
    code: 1,
    answer: { error: { hint: 'run: squad-task next' } },
  });
  expect(await as(repo, 'a', 'approve', 'T-3')).toMatchObject({
    code: 1,
    answer: { error: { message: 'cannot approve T-3: a is no person, and T-3 waits for one' } },
  });
  expect(await as(repo, 'human-ada', 'reject', 'T-3', '--reason', 'no notes')).toMatchObject({
    answer: { kind: 'review', task: { reason: 'rejected by human-ada: no notes' } },
  });
  expect(await as(repo, 'a', 'claim', 'T-4')).toMatchObject({ code: 1 });
  expect(await as(repo, 'human-ada', 'approve', 'T-3')).toMatchObject({ answer: { kind: 'done' } });
  expect(await as(repo, 'a', 'next')).toMatchObject({ answer: { task: { id: 'T-4' } } });
});

test('what agents say in their comm files by hand counts as well', async () => {
  const repo = await repository();
  const comms = (...args: string[]) =>
    runBin('squad-comms', args, { cwd: repo.root, env: { AGENT_ID: 'a' } });
  await comms('status', 'ACTIVE', '--task', 'T-1');
  expect(await as(repo, 'b', 'claim', 'T-1')).toMatchObject({
    code: 1,
    answer: { error: { message: 'cannot claim T-1: T-1 is active with a' } },
  });
  expect((await comms('done', '--task', 'T-1')).code).toBe(1);
  writeFileSync(join(repo.root, 'api.txt'), 'api');
  await comms('done', '--task', 'T-1');
  const { stdout } = await repo.task(['graph', '--json']);
  const { tasks } = JSON.parse(stdout) as { tasks: { id: string; state: string }[] };
  expect(tasks.map(({ id, state }) => [id, state])).toEqual([
    ['T-1', 'done'],
    ['T-2', 'ready'],
    ['T-3', 'waiting'],
    ['T-4', 'waiting'],
  ]);
});

test('both ways to do the work are told, as what a person types in each terminal', async () => {
  const repo = await repository();
  const { stdout } = await repo.task(['graph']);
  expect(stdout).toBe(readFileSync(join(import.meta.dirname, 'expected-graph.txt'), 'utf8'));
});

test('a graph with problems is refused with all of them, and nothing else happens', async () => {
  const repo = await squadRepository({
    'task-graph.yml': 'T-1: {title: a, depends_on: [T-2]}\nT-2: {title: b, depends_on: [T-1]}\n',
  });
  const { code, stderr } = await repo.task(['graph']);
  expect([code, stderr]).toEqual([
    1,
    `error INPUT_INVALID: the task graph is not sound
task-graph.yml:1:1 error TASK_CYCLE these tasks wait for one another: T-1 → T-2 → T-1
  hint: remove one of the depends_on entries
  correct the documents named above, then run: squad-task graph
`,
  ]);
});
