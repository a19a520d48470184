import type { StatusBlock } from '#protocol';
import { approves, isSameCommit, judgeGates, requiredGates, type GateEvidence } from '#tasks';
import { expect, test } from 'vitest';

const unplaced: GateEvidence = { agent: 'a', at: 0, command: 'npm test', exitCode: 0 };
const ran = (over: Partial<GateEvidence>): GateEvidence => ({
  agent: 'a',
  at: 0,
  command: 'npm test',
  exitCode: 0,
  commit: 'aaaaaaa1',
  ...over,
});

test('a task needs its acceptance command, its own gates and those of every task, each once', () => {
  const task = { acceptance: 'npm  test', gates: ['npm run lint', 'npm test'] };
  expect(requiredGates(task, ['npm run lint', 'tsc'])).toEqual(['npm test', 'npm run lint', 'tsc']);
  expect(requiredGates({ acceptance: undefined, gates: [] })).toEqual([]);
});

test.each([
  ['missing', []],
  ['passed', [ran({})]],
  ['passed', [ran({ exitCode: 1 }), ran({})]],
  ['failed', [ran({}), ran({ exitCode: 1 })]],
  // What was proven at one commit says nothing of a later one.
  ['other-commit', [ran({ commit: 'bbbbbbb2' })]],
  ['other-commit', [unplaced]],
  ['failed', [ran({ exitCode: 1 }), ran({ commit: 'bbbbbbb2' })]],
  ['missing', [ran({ command: 'npm run test' })]],
])('a gate is %s by its runs at the commit', (state, evidence) => {
  expect(judgeGates(['npm test'], evidence, 'aaaaaaa1').map((gate) => gate.state)).toEqual([state]);
});

test('commits are the same when one is the other shortened, or both are unknown', () => {
  expect([
    isSameCommit('abcdef12', 'abcdef1'),
    isSameCommit('abcdef12', 'abcdef13'),
    isSameCommit(undefined, undefined),
    isSameCommit('abcdef1', undefined),
  ]).toEqual([true, false, true, false]);
});

const verdict = (author: string, at: number, commit?: string): StatusBlock => ({
  kind: 'status',
  author,
  at,
  range: { start: { line: 1, column: 1 }, end: { line: 1, column: 2 } },
  status: 'READY',
  filesModified: [],
  extra: { 'Task State': 'APPROVED', ...(commit === undefined ? {} : { Commit: commit }) },
});

test.each([
  [true, verdict('human-ada', 5, 'aaaaaaa1')],
  [true, verdict('human-ada', 5)],
  [false, verdict('human-ada', 5, 'bbbbbbb2')],
  [false, verdict('human-ada', 3)],
  [false, verdict('agent-1', 5, 'aaaaaaa1')],
])('that a verdict is about a completion is %s', (expected, block) => {
  expect(approves(block, { at: 4, commit: 'aaaaaaa1' })).toBe(expected);
});
