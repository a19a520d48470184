import { apply, emptyState, type LockRecord, type LockState, type Moment, type Ticket } from '#lock/engine';
import { expect, test } from 'vitest';

const NOW: Moment = { wallMs: 1000, bootMs: 1000, boot: 'b', host: 'h' };
const AGENTS = ['a', 'b', 'c', 'd', 'e', 'f'];
const NAMES = ['v', 'w', 'x', 'y', 'z'];

/** A generated world: each agent holds something and then waits for something, as the table lets it. */
interface World {
  readonly state: LockState;
  readonly refused: number;
}

let ids = 0;
const stamp = (agent: string): Pick<LockRecord, 'v' | 'id' | 'agent' | 'at'> => {
  ids += 1;
  return { v: 1, id: `r${ids}`, agent, at: NOW };
};
const terms = { ttlMs: 60_000, maxHoldMs: 600_000 };

function grow(random: (below: number) => number): World {
  let state = emptyState();
  let refused = 0;
  for (let count = 0; count < 8; count += 1) {
    const agent = AGENTS[random(AGENTS.length)] ?? 'a';
    if (state.tickets.some((ticket) => ticket.agent === agent)) continue;
    const items = pickItems(random);
    state = apply(state, { ...stamp(agent), ...terms, op: 'acquire', items }).state;
  }
  for (let count = 0; count < 10; count += 1) {
    const agent = AGENTS[random(AGENTS.length)] ?? 'a';
    if (state.tickets.some((ticket) => ticket.agent === agent)) continue;
    const record: LockRecord = {
      ...stamp(agent),
      ...terms,
      op: 'wait',
      items: pickItems(random),
      patienceMs: 60_000,
    };
    const before = state;
    const { verdict, state: after } = apply(state, record);
    if (verdict.kind === 'deadlock') {
      refused += 1;
      expect(drains(withTicket(before, record)), 'a refused ticket would have waited for ever').toBe(false);
      expect(after.tickets).toEqual(before.tickets);
    } else {
      expect(drains(after), 'whoever may wait is served some day').toBe(true);
    }
    state = after;
  }
  return { state, refused };
}

function pickItems(random: (below: number) => number): { name: string; mode: 'exclusive' | 'shared' }[] {
  const names = NAMES.filter(() => random(4) === 0);
  const chosen = names.length > 0 ? names : [NAMES[random(NAMES.length)] ?? 'v'];
  return chosen.map((name) => ({ name, mode: random(3) === 0 ? 'shared' : 'exclusive' }));
}

// What the table refused, forced in: only to see that it would never have been served.
function withTicket(state: LockState, record: LockRecord & { op: 'wait' }): LockState {
  const { id, agent, items } = record;
  const ends = { ...NOW, bootMs: 1e9, wallMs: 1e9 };
  const ticket: Ticket = { id, agent, session: '', items, since: NOW, ends, ...terms };
  return { ...state, tickets: [...state.tickets, ticket] };
}

/** Whether everybody is served if each who does not wait finishes and lets go. Knows nothing of graphs. */
function drains(start: LockState): boolean {
  let state = start;
  for (let round = 0; round < 50 && state.tickets.length > 0; round += 1) {
    const waiting = new Set(state.tickets.map(({ agent }) => agent));
    const idle = [...state.leases].find(({ agent }) => !waiting.has(agent));
    // A holder of nothing may also finish: its leaving serves whoever it stood before.
    const agent = idle?.agent ?? 'nobody';
    const next = apply(state, { ...stamp(agent), op: 'release', all: true }).state;
    if (idle === undefined && next.tickets.length === state.tickets.length) return false;
    state = next;
  }
  return state.tickets.length === 0;
}

function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

test('1,000 wait graphs: every cycle is refused, nothing else is', () => {
  let refused = 0;
  for (let seed = 1; seed <= 1000; seed += 1) refused += grow(seeded(seed * 7919)).refused;
  expect(refused).toBeGreaterThan(100);
});

test('first come, first served; readers together; nobody overtakes', () => {
  let state = emptyState();
  const order: string[] = [];
  const submit = (record: LockRecord): void => {
    const applied = apply(state, record);
    order.push(...applied.effects.served.map(({ agent }) => agent));
    state = applied.state;
  };
  const wait = (agent: string, mode: 'exclusive' | 'shared'): void =>
    submit({ ...stamp(agent), ...terms, op: 'wait', items: [{ name: 'x', mode }], patienceMs: 60_000 });
  wait('a', 'exclusive');
  for (const [agent, mode] of [
    ['b', 'shared'],
    ['c', 'shared'],
    ['d', 'exclusive'],
    ['e', 'shared'],
  ] as const)
    wait(agent, mode);
  const newcomer = apply(state, {
    ...stamp('f'),
    ...terms,
    op: 'acquire',
    items: [{ name: 'x', mode: 'shared' }],
  });
  expect(newcomer.verdict.kind).toBe('held');
  for (const agent of ['a', 'b', 'c', 'd', 'e']) submit({ ...stamp(agent), op: 'release', all: true });
  expect(order).toEqual(['b', 'c', 'd', 'e']);
});

test('whoever waits is overtaken by nobody: only who was before it when it asked is served before it', () => {
  let overtaking = 0;
  let waits = 0;
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = seeded(seed * 104_729);
    const before = new Map<string, ReadonlySet<string>>();
    let state = emptyState();
    for (let step = 0; step < 60; step += 1) {
      const agent = AGENTS[random(AGENTS.length)] ?? 'a';
      if (state.tickets.some((ticket) => ticket.agent === agent)) continue;
      const holds = [...state.leases.ofAgent(agent)].length > 0;
      const record: LockRecord = holds
        ? { ...stamp(agent), op: 'release', all: true }
        : { ...stamp(agent), ...terms, op: 'wait', items: pickItems(random), patienceMs: 60_000 };
      const waiting = state.tickets;
      const { state: after, verdict, effects } = apply(state, record);
      if (verdict.kind === 'queued') before.set(record.id, new Set(waiting.map(({ id }) => id)));
      waits += Number(verdict.kind === 'queued');
      const granted = effects.served.map(({ id, items }) => ({ id, items }));
      if (verdict.kind === 'granted' && record.op === 'wait')
        granted.push({ id: record.id, items: record.items });
      for (const { id, items } of granted)
        overtaking += after.tickets.filter(
          (ticket) => meet(items, ticket.items) && before.get(ticket.id)?.has(id) !== true,
        ).length;
      state = after;
    }
    expect(drains(state)).toBe(true);
  }
  expect({ overtaking, isEnough: waits > 3000 }).toEqual({ overtaking: 0, isEnough: true });
});

function meet(some: Ticket['items'], others: Ticket['items']): boolean {
  return some.some(({ name, mode }) =>
    others.some((other) => other.name === name && (mode === 'exclusive' || other.mode === 'exclusive')),
  );
}

test('the cycle is spelled out by the one who closes it', () => {
  let state = emptyState();
  const submit = (record: LockRecord): unknown => {
    const applied = apply(state, record);
    state = applied.state;
    return applied.verdict;
  };
  const items = (name: string): { items: { name: string; mode: 'exclusive' }[] } => ({
    items: [{ name, mode: 'exclusive' }],
  });
  for (const [agent, name] of [
    ['a', 'x'],
    ['b', 'y'],
    ['c', 'z'],
  ] as const)
    submit({ ...stamp(agent), ...terms, ...items(name), op: 'acquire' });
  submit({ ...stamp('a'), ...terms, ...items('y'), op: 'wait', patienceMs: 60_000 });
  submit({ ...stamp('b'), ...terms, ...items('z'), op: 'wait', patienceMs: 60_000 });
  expect(submit({ ...stamp('c'), ...terms, ...items('x'), op: 'wait', patienceMs: 60_000 })).toEqual({
    kind: 'deadlock',
    cycle: [
      { agent: 'c', session: '', holds: 'z', waitsFor: 'x' },
      { agent: 'a', session: '', holds: 'x', waitsFor: 'y' },
      { agent: 'b', session: '', holds: 'y', waitsFor: 'z' },
    ],
  });
});
