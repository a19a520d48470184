import { expect, test } from 'vitest';
import { runBin, type BinResult } from '../support/bins.ts';
import { callGuard, guardedRepository, shellOf } from '../support/guarded.ts';

function install(
  root: string,
  subAgent: string | undefined,
  more: Readonly<Record<string, unknown>> = {},
  event = 'pre-tool',
): Promise<BinResult> {
  const agent = subAgent === undefined ? {} : { agent_id: subAgent };
  return callGuard({
    root,
    as: 'alice',
    event,
    input: { ...shellOf('npm install', 's1'), ...agent, ...more },
  });
}

const finished = { hook_event_name: 'PostToolUse' };

test('an operation that one sub-agent runs is refused to another, and to their session, until it is done', async () => {
  const root = guardedRepository('version: 1\n');
  expect((await install(root, 'a1')).code).toBe(0);
  const refused = await install(root, 'a2');
  expect(refused.code).toBe(2);
  expect(refused.stderr.replace(/since \S+\./u, 'since …')).toBe(
    'squad: op:install (npm install never runs twice at a time) another session or sub-agent of yours runs npm install since …\n  wait until that command is done, then run this one again\n',
  );
  expect((await install(root, undefined)).code).toBe(2);
  // What another did not take, it does not give back.
  await install(root, 'a2', finished, 'post-tool');
  expect((await install(root, 'a2')).code).toBe(2);
  await install(root, 'a1', finished, 'post-tool');
  expect((await install(root, 'a2')).code).toBe(0);
});

test('what a sub-agent that was ended never gave back is free once its session stops', async () => {
  const root = guardedRepository('version: 1\n');
  await install(root, 'a1');
  await callGuard({ root, as: 'alice', event: 'stop', input: { session_id: 's1', hook_event_name: 'Stop' } });
  expect((await install(root, 'a2')).code).toBe(0);
});

test('of sub-agents that ask at the same moment exactly one may', async () => {
  const root = guardedRepository('version: 1\n');
  const asked = await Promise.all(['a1', 'a2', 'a3', 'a4'].map((agent) => install(root, agent)));
  expect(asked.map(({ code }) => String(code)).toSorted()).toEqual(['0', '2', '2', '2']);
});

test('an operation that the agent took itself is open to all of its sub-agents', async () => {
  const root = guardedRepository('version: 1\n');
  await runBin('squad-lock', ['acquire', 'op:install', '--agent', 'alice'], { cwd: root });
  expect((await install(root, 'a1')).code).toBe(0);
  expect((await install(root, 'a2')).code).toBe(0);
});
