import fc from 'fast-check';
import { emptyState, type Ticket } from '#lock/engine';
import { expect, test } from 'vitest';
import { parseBase, renderBase } from '../../packages/lock/src/model/lock-state.ts';

const place = { boot: fc.constantFrom('boot-1', 'boot-2', ''), host: fc.constantFrom('host-1', 'host-2') };
const moment = fc.record({ wallMs: fc.nat(), bootMs: fc.nat(), ...place });
const identity = fc.record(
  { ...place, pid: fc.integer({ min: 1, max: 3 }), start: fc.constantFrom('7', '8'), namespace: fc.string() },
  { requiredKeys: ['boot', 'host', 'pid', 'start'] },
);
const item = fc.record({ name: fc.string(), mode: fc.constantFrom('exclusive' as const, 'shared' as const) });
const ticket: fc.Arbitrary<Ticket> = fc.record(
  {
    id: fc.string(),
    agent: fc.string(),
    session: fc.string(),
    items: fc.array(item, { maxLength: 3 }),
    since: moment,
    ends: moment,
    ttlMs: fc.nat(),
    maxHoldMs: fc.nat(),
    purpose: fc.string(),
    handoffTo: fc.string(),
    holder: identity,
    waiter: identity,
    wake: fc.string(),
    bases: fc.dictionary(fc.constantFrom('a.ts', 'b.ts'), fc.string()),
  },
  { requiredKeys: ['id', 'agent', 'session', 'items', 'since', 'ends', 'ttlMs', 'maxHoldMs'] },
);

test('a base gives back the queue that it was made of', () => {
  fc.assert(
    fc.property(fc.array(ticket, { maxLength: 4 }), (tickets) => {
      const base = parseBase(renderBase({ ...emptyState(), tickets }));
      expect(base.kind === 'state' ? base.state.tickets : base).toEqual(tickets);
    }),
  );
});
