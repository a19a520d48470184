import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { gitIn, testRepository } from '../support/repository.ts';

type Bin = Parameters<typeof runBin>[0];

interface Need {
  readonly subject: string;
  readonly commands: readonly string[];
}

interface Status {
  readonly tasks: readonly { id: string; state: string; why: string; gates: readonly object[] }[];
  readonly needs: readonly Need[];
}

const plan = (agent: string, task: string): string => `---
version: 1
agent: ${agent}
role: developer
feature: Totals
prd_hash: sha256:${'0'.repeat(64)}
tasks:
${task}
---
# ${agent}
`;

const TASK = 'files: { create: [], modify: [], read: [] }, estimate_minutes: 10, start_minute: 0';

function squad(config = '') {
  const root = testRepository({
    '.gitignore': '.squad/\n',
    '.squad/README.md': 'squad\n',
    '.squad/config.yaml': config,
    'totals.txt': '1\n',
    '.squad/parallel-plans/agent-1-plan.md': plan(
      'agent-1',
      `  - { id: T-1, title: Totals, depends_on: [], ${TASK}, checkpoint: true, acceptance: test -e totals.txt }`,
    ),
    '.squad/parallel-plans/agent-2-plan.md': plan(
      'agent-2',
      `  - { id: T-2, title: Report, depends_on: [T-1], ${TASK} }`,
    ),
  });
  const run = (bin: Bin, args: readonly string[], agent?: string) =>
    runBin(bin, args, {
      cwd: root,
      env: { USER: 'ada', ...(agent === undefined ? {} : { AGENT_ID: agent }) },
    });
  const json = async (bin: Bin, args: readonly string[], agent?: string): Promise<unknown> =>
    JSON.parse((await run(bin, [...args, '--json'], agent)).stdout);
  return {
    root,
    run,
    json,
    // Each look is a coordinator of its own, as after a restart.
    look: async (): Promise<Status> => (await json('squad-sync', ['--once'])) as Status,
    inbox: async (agent: string): Promise<readonly string[]> => {
      const { items } = (await json('squad-comms', ['inbox'], agent)) as { items: { summary: string }[] };
      return items.map(({ summary }) => summary);
    },
    commit: (text: string): string => {
      writeFileSync(join(root, 'totals.txt'), text);
      gitIn(root, 'commit', '--quiet', '--all', '--message', text.trim());
      return gitIn(root, 'rev-parse', 'HEAD').trim();
    },
  };
}

const states = ({ tasks }: Status): readonly string[] => tasks.map(({ id, state }) => `${id} ${state}`);

test('a checkpoint waits for a person and then goes on; every coordinator is a new one, and nothing is said twice', async () => {
  const { run, look, inbox, commit } = squad();
  await run('squad-task', ['start', 'T-1'], 'agent-1');
  await run('squad-task', ['done', 'T-1'], 'agent-1');
  const reached = await look();
  expect(states(reached)).toEqual(['T-1 review', 'T-2 blocked']);
  expect(reached.needs).toMatchObject([
    { subject: 'T-1', commands: ['squad-task approve T-1', 'squad-task reject T-1 --reason "…"'] },
  ]);
  expect(await look()).toMatchObject({ actions: [] });

  expect((await run('squad-task', ['reject', 'T-1', '--reason', 'totals are wrong'])).stdout).toBe(
    'T-1 is review with agent-1, rejected by human-ada: totals are wrong\n',
  );
  expect(states(await look())).toEqual(['T-1 review', 'T-2 blocked']);
  await look();
  expect(await inbox('agent-1')).toEqual([
    'T-1 was rejected by human-ada: totals are wrong. To do it again: squad-task retry T-1, then squad-task start T-1',
  ]);

  for (const verb of ['retry', 'start']) await run('squad-task', [verb, 'T-1'], 'agent-1');
  expect(states(await look())).toEqual(['T-1 active', 'T-2 blocked']);
  commit('2\n');
  await run('squad-task', ['done', 'T-1'], 'agent-1');
  expect(states(await look())).toEqual(['T-1 review', 'T-2 blocked']);

  expect((await run('squad-sync', ['approve', 'T-1'])).stdout).toBe(
    'T-1 was approved by human-ada; the coordinator tells who waits for it\n',
  );
  expect(states(await look())).toEqual(['T-1 complete', 'T-2 ready']);
  await look();
  expect(await inbox('agent-2')).toEqual([
    'T-1 was approved by human-ada. T-2 can begin: squad-task start T-2',
  ]);
  expect((await run('squad-task', ['start', 'T-2'], 'agent-2')).code).toBe(0);
  expect((await run('squad-sync', ['approve', 'T-1'])).stderr).toBe(
    'error USAGE: "T-1" does not wait for approval\n  nothing does\n',
  );
});

test('the gates of the settings must pass at the reported commit, by the agent that has the task', async () => {
  const { root, run, look, commit, json } = squad('task: { gates: ["grep -q 2 totals.txt"] }\n');
  await run('squad-task', ['start', 'T-1'], 'agent-1');
  const failed = await run('squad-task', ['done', 'T-1'], 'agent-1');
  expect([failed.code, failed.stdout]).toEqual([
    1,
    'T-1 is not done: "grep -q 2 totals.txt" exited with 1\n',
  ]);
  expect((await look()).tasks[0]).toMatchObject({
    state: 'active',
    gates: [{ state: 'passed' }, { state: 'failed', exitCode: 1 }],
  });

  const first = commit('2\n');
  expect(await json('squad-task', ['gate', 'T-1'], 'agent-1')).toMatchObject({
    kind: 'passed',
    evidence: [{ commit: first }, { command: 'grep -q 2 totals.txt', exitCode: 0, commit: first }],
  });
  // Proven by another agent, or at another commit, it is not proven.
  const second = commit('22\n');
  await run('squad-task', ['gate', 'T-1'], 'agent-2');
  const report = ['Task: T-1', 'Evidence:', `  - exit 0, commit ${second}: test -e totals.txt`, ''];
  appendFileSync(
    join(root, '.squad/comms/agent-1-comm.md'),
    `\n## Completion Report ${new Date().toISOString()}\n${report.join('\n')}`,
  );
  expect((await look()).tasks[0]).toMatchObject({
    state: 'claimed',
    why: `the gate "grep -q 2 totals.txt" was run at ${first.slice(0, 9)}, not at ${second.slice(0, 9)}`,
  });
  await run('squad-task', ['gate', 'T-1'], 'agent-1');
  expect((await look()).tasks[0]).toMatchObject({
    state: 'review',
    gates: [
      { command: 'test -e totals.txt', state: 'passed', commit: second, agent: 'agent-1' },
      { command: 'grep -q 2 totals.txt', state: 'passed', commit: second, agent: 'agent-1' },
    ],
  });
});
