import {
  pressKey,
  readPolicy,
  reconcile,
  renderBoard,
  statusRecord,
  type BoardView,
  type Snapshot,
  type StatusRecord,
} from '#coordinator';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agent, ago, lease, NOON, said, snapshot, task } from './sample-snapshot.ts';

function record(agents: number): StatusRecord {
  const names = Array.from({ length: agents }, (_, index) => `agent-${index + 1}-role`);
  const state = snapshot({
    agents: names.map((name, index) =>
      agent(name, {
        said: said(
          index === 1
            ? { status: 'BLOCKED', waitingFor: '/shared/types.ts', waitingSince: ago(20) }
            : { taskId: `T-${index}` },
        ),
      }),
    ),
    tasks: names.map((name, index) => task(`T-${index}`, name)),
    leases: [lease('shared/types.ts', 'agent-1-role', { token: 7 })],
  });
  return statusRecord(state, reconcile(state, NOON, readPolicy({})), NOON);
}

const VIEW: BoardView = { columns: 80, rows: 24, selected: 0, isDetail: false, message: '' };

test('fits 80×24 and says who blocks whom', () => {
  const lines = renderBoard(record(3), VIEW).map(({ text }) => text.trimEnd());
  expect(lines).toHaveLength(24);
  expect(lines.slice(0, 13)).toEqual([
    'squad 12:00:00  3 agents  0/3 tasks  0 conflicts',
    '',
    'AGENT              IS      SAYS     TASK               DONE  SEEN WAITS FOR',
    'agent-1-role       alive   ACTIVE   T-0 Task T-0       0/1   1m',
    'agent-2-role       waiting BLOCKED                     0/1   1m   agent-1-role:…',
    'agent-3-role       alive   ACTIVE   T-2 Task T-2       0/1   1m',
    '',
    'Findings',
    'LONG_BLOCK agent-2-role is BLOCKED for 20m, waiting for /shared/types.ts',
    '',
    'Leases',
    'shared/types.ts  agent-1-role (unknown) for 5m',
    '',
  ]);
  expect(lines[23]).toBe('↑↓ choose  enter detail  p pause  r resume  b break  q quit');
});

test('whatever its size, it is exactly as high as asked and never wider', () => {
  fc.assert(
    fc.property(
      fc.nat(60),
      fc.integer({ min: 20, max: 200 }),
      fc.integer({ min: 4, max: 60 }),
      fc.boolean(),
      (agents, columns, rows, isDetail) => {
        const lines = renderBoard(record(agents), { ...VIEW, columns, rows, isDetail });
        expect(lines).toHaveLength(rows);
        for (const { text } of lines) expect(text.length).toBeLessThanOrEqual(columns);
      },
    ),
    { numRuns: 200 },
  );
});

test('keys choose, look, pause, break, approve and quit', () => {
  const now = record(3);
  const start = { selected: 0, isDetail: false, message: '' };
  expect(pressKey('\u001b[B', start, now).state.selected).toBe(1);
  expect(pressKey('\u001b[A', start, now).state.selected).toBe(0);
  expect(pressKey('\r', start, now).state.isDetail).toBe(true);
  expect(pressKey('p', start, now).request).toEqual({
    kind: 'control',
    command: 'pause',
    agent: 'agent-1-role',
  });
  expect(pressKey('b', start, now).request).toEqual({
    kind: 'break',
    path: 'shared/types.ts',
    token: 7,
    agent: 'agent-1-role',
  });
  expect(pressKey('b', { ...start, selected: 2 }, now).state.message).toBe('agent-3-role holds no lease');
  expect(pressKey('a', start, now).state.message).toBe('nothing waits for approval');
  expect(pressKey('q', start, now).request).toEqual({ kind: 'quit' });
  expect(pressKey('x', start, now)).toEqual({ state: start });
});

test('an order in force shows who has not acknowledged it and what is pending; a lifted one holds nothing', () => {
  const control = {
    id: 'C-1',
    command: 'pause',
    to: 'all',
    at: ago(3),
    deadline: ago(1),
    acks: ['a'],
  } as const;
  const orders = (controls: Snapshot['controls']): unknown => {
    const seen = snapshot({ controls, agents: [agent('a'), agent('b')], tasks: [task('T-1', 'a')] });
    return statusRecord(seen, reconcile(seen, NOON, readPolicy({})), NOON).controls;
  };
  expect(orders([control])).toMatchObject([{ command: 'pause', missing: ['b'], pending: ['T-1'] }]);
  const lifted = { ...control, id: 'C-2', command: 'resume', at: ago(1) } as const;
  expect(orders([lifted, control])).toMatchObject([{ command: 'resume', pending: [] }]);
});

test('who stands in a lock’s queue waits for it, whatever it says, and no end is predicted while a person decides', () => {
  const completion = {
    agent: 'a',
    at: ago(1),
    evidence: [{ command: 'x', exitCode: 0 }],
    commit: undefined,
    hasUncommitted: false,
  };
  const seen = snapshot({
    agents: [agent('b')],
    waits: [{ agent: 'b', paths: ['x.ts'], since: ago(2) }],
    tasks: [task('T-1', 'a', { completion, startedAt: ago(9), isCheckpoint: true }), task('T-2', 'b')],
  });
  const record = statusRecord(seen, reconcile(seen, NOON, readPolicy({})), NOON);
  expect(record.agents[0]).toMatchObject({ status: 'ACTIVE', waitingFor: 'x.ts' });
  expect(record.eta).toBe(null);
});

test('one quick task does not promise a quick end while another has run far longer', () => {
  const completion = {
    agent: 'a',
    at: ago(59),
    evidence: [{ command: 'x', exitCode: 0 }],
    commit: undefined,
    hasUncommitted: false,
  };
  const seen = snapshot({
    agents: [agent('a'), agent('b', { said: said({ taskId: 'T-2' }) })],
    tasks: [
      task('T-1', 'a', { estimateMinutes: 60, startedAt: ago(60), completion }),
      task('T-2', 'b', { estimateMinutes: 60, startedAt: ago(59) }),
    ],
  });
  // One minute and 59 so far, of two hours planned: half as long as planned, for 60 minutes more.
  expect(statusRecord(seen, reconcile(seen, NOON, readPolicy({})), NOON).eta).toBe('2026-11-20T12:30:00Z');
});
