import { foldHandoffs, foldInbox, foldLastStatus, parseComm } from '#comms';
import type { CommBlock } from '#protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';

function said(author: string, text: string): readonly CommBlock[] {
  return parseComm(text, { author, path: `${author}-comm.md` }).blocks;
}

const REQUEST = said(
  'agent-1',
  '## Handoff Request 2026-11-20T11:30:00Z\nID: H-1\nTO: agent-2\nFILE: /shared/a.ts\n',
);
const move = (author: string, word: string, minute: number): readonly CommBlock[] =>
  said(author, `## Handoff ${word} 2026-11-20T11:${minute}:00Z\nID: H-1\n`);

function stateAfter(
  ...moves: readonly (readonly CommBlock[])[]
): readonly [string | undefined, readonly string[]] {
  const { handoffs, refused } = foldHandoffs([...REQUEST, ...moves.flat()]);
  return [handoffs[0]?.state, refused.map(({ why }) => why)];
}

test('a handoff goes from request over acceptance to completion', () => {
  expect(stateAfter()).toEqual(['requested', []]);
  expect(stateAfter(move('agent-2', 'Accepted', 32))).toEqual(['accepted', []]);
  expect(stateAfter(move('agent-2', 'Accepted', 32), move('agent-2', 'Completed', 40))).toEqual([
    'completed',
    [],
  ]);
  expect(stateAfter(move('agent-2', 'Declined', 32))).toEqual(['declined', []]);
  expect(stateAfter(move('agent-1', 'Withdrawn', 32))).toEqual(['withdrawn', []]);
  expect(stateAfter(move('coordinator', 'Expired', 32))).toEqual(['expired', []]);
});

test('an expired request can still be accepted', () => {
  expect(stateAfter(move('coordinator', 'Expired', 32), move('agent-2', 'Accepted', 33))).toEqual([
    'accepted',
    [],
  ]);
});

test('nobody but the two parties moves it', () => {
  expect(stateAfter(move('agent-3', 'Accepted', 32))).toEqual([
    'requested',
    ['agent-3 may not do that: it is from agent-1 to agent-2'],
  ]);
  expect(stateAfter(move('agent-1', 'Accepted', 32))).toEqual([
    'requested',
    ['agent-1 may not do that: it is from agent-1 to agent-2'],
  ]);
  expect(stateAfter(move('agent-2', 'Expired', 32))).toEqual([
    'requested',
    ['agent-2 may not do that: it is from agent-1 to agent-2'],
  ]);
});

test('the earlier of two contrary moves counts, and a repeated one is no offence', () => {
  expect(stateAfter(move('agent-1', 'Withdrawn', 33), move('agent-2', 'Accepted', 32))).toEqual([
    'withdrawn',
    [],
  ]);
  expect(stateAfter(move('agent-1', 'Withdrawn', 31), move('agent-2', 'Accepted', 32))).toEqual([
    'withdrawn',
    ['it is withdrawn, so it cannot be accepted'],
  ]);
  expect(stateAfter(move('agent-2', 'Accepted', 32), move('agent-2', 'Accepted', 34))).toEqual([
    'accepted',
    [],
  ]);
});

test('a move of an unknown request is refused', () => {
  const { refused } = foldHandoffs(move('agent-2', 'Accepted', 32));
  expect(refused.map(({ why }) => why)).toEqual(['there is no such request']);
});

test('an acceptance by hand that names the file finds its request', () => {
  const byHand = said('agent-2', '## Handoff Accepted 2026-11-20T11:35:00Z\nFILE: shared/a.ts\n');
  expect(stateAfter(byHand)).toEqual(['accepted', []]);
});

test('the fold does not depend on the order in which the files are read', () => {
  const steps = [
    ...REQUEST,
    ...move('agent-2', 'Accepted', 32),
    ...move('agent-1', 'Withdrawn', 32),
    ...move('agent-3', 'Completed', 33),
    ...move('coordinator', 'Expired', 31),
    ...move('agent-2', 'Completed', 34),
  ];
  const expected = foldHandoffs(steps).handoffs;
  fc.assert(
    fc.property(fc.shuffledSubarray(steps, { minLength: steps.length }), (shuffled) => {
      expect(foldHandoffs(shuffled).handoffs).toEqual(expected);
    }),
  );
});

test('the inbox holds what is addressed to me until I answer', () => {
  const blocks = [
    ...REQUEST,
    ...said('agent-1', '## Question 2026-11-20T11:31:00Z\nID: Q-1\nTo: Agent-2\nText: is it a number?\n'),
    ...said('agent-1', '## Broadcast 2026-11-20T11:32:00Z\nID: B-1\nText: main is red\n'),
    ...said('coordinator', '## Control 2026-11-20T11:33:00Z\nID: C-1\nCommand: pause\nTo: all\n'),
    ...said('agent-3', '## Control 2026-11-20T11:33:00Z\nID: C-2\nCommand: stop\nTo: all\n'),
    ...said('agent-3', '## Question 2026-11-20T11:34:00Z\nID: Q-2\nTo: agent-1\nText: not for agent-2\n'),
  ];
  const ids = (extra: readonly CommBlock[] = []): readonly string[] =>
    foldInbox([...blocks, ...extra], 'agent-2').map(({ id, kind, answer }) => `${id} ${kind}: ${answer}`);
  expect(ids()).toEqual([
    'H-1 handoff-request: squad-comms accept H-1',
    'Q-1 question: squad-comms answer Q-1 "…"',
    'B-1 broadcast: squad-comms ack B-1',
    'C-1 control: squad-comms ack C-1',
  ]);
  const answers = said(
    'agent-2',
    '## Handoff Accepted 2026-11-20T11:40:00Z\nID: H-1\n\n## Answer\nTo: agent-1\nText: yes\n\n## Ack\nID: B-1\n\n## Ack\nID: C-1\n',
  );
  expect(ids(answers)).toEqual(['H-1 handoff-accepted: squad-comms complete H-1']);
  expect(ids(said('agent-3', '## Answer\nID: Q-1\nText: not mine to answer\n'))).toHaveLength(4);
});

test('the last word of an agent on itself counts', () => {
  const last = foldLastStatus([
    ...said('a', 'Status: ACTIVE\n\nStatus: BLOCKED\n'),
    ...said('b', 'Status: ACTIVE\n\n## Completion Report\nTask: T-1\n'),
  ]);
  expect([...last].map(([agent, { status }]) => [agent, status])).toEqual([
    ['a', 'BLOCKED'],
    ['b', 'COMPLETE'],
  ]);
});
