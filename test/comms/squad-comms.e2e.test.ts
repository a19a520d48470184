import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBin, type BinResult } from '../support/bins.ts';
import { testRepository } from '../support/repository.ts';

function squad(): { root: string; as: (agent: string, ...args: readonly string[]) => Promise<BinResult> } {
  const root = testRepository({ '.squad/README.md': 'squad\n', 'shared/types.ts': 'export {};\n' });
  return {
    root,
    as: (agent, ...args) => runBin('squad-comms', args, { cwd: root, env: { AGENT_ID: agent } }),
  };
}

function commFile(root: string, agent: string): string {
  const text = readFileSync(join(root, '.squad', 'comms', `${agent}-comm.md`), 'utf8');
  return text.replaceAll(/\d{4}-\d{2}-\d{2}T[\d:]+Z/gu, '<time>').replaceAll(/[HQ]-[0-9A-Z]{26}/gu, '<id>');
}

test('a status is one readable block in the agent’s own file', async () => {
  const { root, as } = squad();
  const args = [
    '--task',
    'T-03',
    '--title',
    'Dashboard',
    '--files',
    'shared/types.ts,a b.ts',
    '--progress',
    '3/5',
  ];
  const { code } = await as('agent-1', 'status', 'ACTIVE', ...args, '--next', 'API integration');
  expect(code).toBe(0);
  expect(commFile(root, 'agent-1')).toBe(
    [
      '## Status Update <time>',
      'Status: ACTIVE',
      'Current Task: T-03 Dashboard',
      'Files Modified:',
      '  - /shared/types.ts',
      '  - "/a b.ts"',
      'Progress: 3/5 tasks complete',
      'Next: API integration',
      '',
    ].join('\n'),
  );
});

test('a handoff is offered, seen, accepted and completed, and nobody else can move it', async () => {
  const { root, as } = squad();
  await as('agent-2', 'status', 'READY');
  const offered = await as(
    'agent-1',
    'handoff',
    'agent-2',
    '--file',
    'shared/types.ts',
    '--notes',
    'done',
    '--json',
  );
  const { id } = JSON.parse(offered.stdout) as { id: string };
  const inbox = await as('agent-2', 'inbox', '--json');
  expect(JSON.parse(inbox.stdout)).toMatchObject({
    items: [
      {
        kind: 'handoff-request',
        id,
        from: 'agent-1',
        files: ['shared/types.ts'],
        answer: `squad-comms accept ${id}`,
      },
    ],
  });
  const thief = await as('agent-3', 'accept', id, '--json');
  expect([thief.code, JSON.parse(thief.stdout)]).toEqual([
    1,
    {
      kind: 'refused',
      id,
      state: 'requested',
      why: 'agent-3 may not do that: it is from agent-1 to agent-2',
    },
  ]);
  expect((await as('agent-2', 'accept')).code).toBe(0);
  expect((await as('agent-2', 'accept', id)).code).toBe(0);
  expect((await as('agent-2', 'complete', id)).code).toBe(0);
  expect((await as('agent-2', 'inbox')).stdout).toBe('nothing waits for you\n');
  expect(commFile(root, 'agent-2')).toBe(
    '## Status Update <time>\nStatus: READY\n\n## Handoff Accepted <time>\nID: <id>\n\n## Handoff Completed <time>\nID: <id>\n',
  );
});

test('inbox --wait ends as soon as something arrives', async () => {
  const { as } = squad();
  const waiting = as('agent-2', 'inbox', '--wait', '50s', '--json');
  const asked = await as('agent-1', 'ask', 'agent-2', 'Is count a number?', '--respond-by', '10m', '--json');
  const { id } = JSON.parse(asked.stdout) as { id: string };
  const inbox = await waiting;
  expect(inbox.code).toBe(0);
  expect(JSON.parse(inbox.stdout)).toMatchObject({
    items: [{ kind: 'question', id, summary: 'Is count a number?' }],
  });
  expect((await as('agent-2', 'answer', id, 'yes, an integer')).code).toBe(0);
  expect((await as('agent-2', 'inbox', '--wait', '0')).code).toBe(3);
});

test('done proves by running: a failing command makes no completion', async () => {
  const { root, as } = squad();
  const failed = await as('agent-1', 'done', '--task', 'T-1', '--evidence', 'exit 7', '--json');
  expect([failed.code, JSON.parse(failed.stdout)]).toMatchObject([
    1,
    { kind: 'evidence-failed', task: 'T-1', failed: { command: 'exit 7', exitCode: 7 } },
  ]);
  const failure =
    /^## Gate Result <time>\nTask: T-1\nEvidence:\n {2}- exit 7, commit [0-9a-f]{40}: exit 7\n$/u;
  expect(commFile(root, 'agent-1')).toMatch(failure);
  const passed = await as('agent-1', 'done', '--task', 'T-1', '--evidence', 'echo fine', '--json');
  expect(passed.code).toBe(0);
  expect(passed.stderr).toBe('fine\n');
  expect(commFile(root, 'agent-1')).toMatch(
    /\n## Completion Report <time>\nTask: T-1\nEvidence:\n {2}- exit 0, commit [0-9a-f]{40}: echo fine\n$/u,
  );
});

test('wrong use is told in one line, with what to do', async () => {
  const { root, as } = squad();
  const nobody = await runBin('squad-comms', ['status', 'ACTIVE'], { cwd: root });
  expect([nobody.code, nobody.stderr]).toEqual([
    1,
    'error AGENT_ID_MISSING: it is not known which agent you are\n  set AGENT_ID (export AGENT_ID=agent-1-frontend) or pass --agent ID\n',
  ]);
  const unknown = await as('agent-1', 'status', 'FROBNICATING');
  expect([unknown.code, unknown.stderr]).toEqual([
    2,
    'error USAGE: "FROBNICATING" is no status\n  one of: READY ACTIVE WAITING BLOCKED REVIEW COMPLETE FAILED PAUSED STALE\n',
  ]);
  const outside = await as('agent-1', 'status', 'ACTIVE', '--files', '../x');
  expect(outside.code).toBe(1);
  expect(outside.stderr).toContain('error PATH_REFUSED');
});
