import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Lease } from '../../packages/lock/src/model/lease.ts';
import { LeaseTable } from '../../packages/lock/src/model/lease-table.ts';
import { emptyState, parseBase, renderBase } from '../../packages/lock/src/model/lock-state.ts';

const agents = ['a', 'b', 'agent-1', 'agent-10', '"', ',', 'x,"a",y'];
const moment = { wallMs: 1, bootMs: 1, boot: 'boot', host: 'host' };

function lease(resource: string, agent: string, token: number): Lease {
  const holds = [{ session: '', count: 1 }];
  return {
    resource,
    mode: 'exclusive',
    token,
    agent,
    since: moment,
    ends: moment,
    ttlMs: 1,
    maxHoldMs: 1,
    request: 'a',
    holds,
  };
}

function tableOf(entries: readonly (readonly [string, string])[], from: LeaseTable): LeaseTable {
  const edit = from.edit();
  for (const [index, [resource, agent]] of entries.entries())
    edit.put(resource, [lease(resource, agent, index)]);
  return edit.table;
}

test('the leases of an agent are those of the whole table that are its own, in base and in tail', () => {
  const entry = fc.tuple(
    fc.constantFrom('a.ts', 'b.ts', 'c/', ',"a",', 'd\n', 'e"'),
    fc.constantFrom(...agents),
  );
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 8 }), fc.array(entry, { maxLength: 4 }), (first, second) => {
      const base = parseBase(renderBase({ ...emptyState(), leases: tableOf(first, LeaseTable.empty) }));
      if (base.kind !== 'state') throw new Error('the base cannot be read');
      const table = tableOf(second, base.state.leases);
      for (const agent of agents)
        expect([...table.ofAgent(agent)]).toEqual([...table].filter((one) => one.agent === agent));
    }),
    { numRuns: 500 },
  );
});
