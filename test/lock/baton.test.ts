import { apply, emptyState, passBaton, takeBaton, type LogView, type ProtocolStep } from '#lock/engine';
import { expect, test } from 'vitest';

const at = { wallMs: 1000, bootMs: 1000, boot: 'boot', host: 'host' };
const stamp = { v: 1, agent: 'a', at, ttlMs: 1000, maxHoldMs: 1000 } as const;
const { state } = apply(emptyState(), {
  ...stamp,
  id: 'r1',
  op: 'acquire',
  items: [{ name: 'src/ü.ts', mode: 'exclusive' }],
});
const VIEW: LogView = {
  epoch: 2,
  slot: 5,
  lastText: '{"v":1}\n',
  sealed: false,
  state,
  anchor: { epoch: 2, slot: 5, text: '{"v":1}\n' },
};

function passed(view: LogView): ProtocolStep[] {
  const steps: ProtocolStep[] = [];
  const protocol = passBaton(['/wake'], view);
  for (let turn = protocol.next(); turn.done !== true; turn = protocol.next({ code: '' }))
    steps.push(turn.value);
  return steps;
}

function taken(text: string, known?: LogView): LogView | undefined {
  const protocol = takeBaton('/wake', known);
  protocol.next();
  const turn = protocol.next({ code: '', text });
  return turn.done === true ? turn.value.view : undefined;
}

// That its server began with the base of the epoch is nothing that the waiter can go on.
const [step] = passed({ ...VIEW, isOnBase: true });
const text = step?.kind === 'overwrite' ? step.text : '';

test('what a waiter is left is what its server saw', () => {
  const view = taken(text);
  expect({ ...view, state: [...(view?.state.leases ?? [])] }).toEqual({ ...VIEW, state: [...state.leases] });
  expect(taken(`${text}the longer end of an older one`)).toEqual(view);
});

test('what is not whole, or older than what is known, is not taken', () => {
  for (let length = 0; length < text.length; length += 7)
    expect(taken(text.slice(0, length), VIEW)).toBe(VIEW);
  expect(taken(text.replace('src', 'scr'), VIEW)).toBe(VIEW);
  const newer = { ...VIEW, slot: 6 };
  expect(taken(text, newer)).toBe(newer);
  expect(taken(text, { ...VIEW, slot: 4 })?.slot).toBe(5);
});

test('a table too large to write down at every turn only wakes', () => {
  let large = state;
  for (let count = 0; count < 300; count += 1)
    large = apply(large, {
      ...stamp,
      id: `r${count}`,
      op: 'acquire',
      items: [{ name: `${count}.ts`, mode: 'exclusive' }],
    }).state;
  expect(passed({ ...VIEW, state: large })).toEqual([{ kind: 'touch', path: '/wake' }]);
});
