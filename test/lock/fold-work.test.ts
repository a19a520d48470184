import { apply, emptyState, type LockRecord, type LockState } from '#lock/engine';
import { expect, test, vi } from 'vitest';

const at = { wallMs: 1000, bootMs: 1000, boot: 'boot', host: 'host' };

function taking(round: number, count: number): Extract<LockRecord, { op: 'acquire' }> {
  const names = Array.from({ length: count }, (_, index) => `src/${round}/${index}.ts`);
  return {
    v: 1,
    id: `r${round}`,
    agent: `agent-${round}`,
    at,
    op: 'acquire',
    items: names.map((name) => ({ name, mode: 'exclusive' as const })),
    ttlMs: 1000,
    maxHoldMs: 1000,
  };
}

function fold(state: LockState, record: LockRecord): LockState {
  return apply(state, record).state;
}

test('a record over many resources copies the table once, not once for each', () => {
  let state = emptyState();
  for (let round = 0; round < 4; round += 1) state = fold(state, taking(round, 500));
  const entries = vi.spyOn(Map.prototype, 'set');
  const next = fold(state, taking(4, 500));
  const written = entries.mock.calls.filter(([key]) => String(key).startsWith('src/')).length;
  entries.mockRestore();
  // 2,000 to copy the table, 500 to fill it and 500 looked up; a copy for each resource would be more than a million.
  expect(written).toBe(3000);
  expect([...next.leases]).toHaveLength(2500);
});

test('a record leaves the state that it was folded onto as it was', () => {
  const pattern = [{ name: 'docs/**/*.md', mode: 'exclusive' as const }];
  const before = fold(fold(emptyState(), taking(0, 2)), { ...taking(1, 0), items: pattern });
  const held = [...before.leases];
  const { patterns } = before.leases;
  const release: LockRecord = { v: 1, id: 'x', agent: 'agent-1', at, op: 'release', all: true };
  expect(fold(before, taking(2, 3)).leases.patterns).toEqual(patterns);
  expect(fold(before, release).leases.patterns).toEqual([]);
  expect([...before.leases]).toEqual(held);
  expect(before.leases.patterns).toEqual(patterns);
});
