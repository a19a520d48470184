import { appendBlock, commPath, foldHandoffs, foldLastStatus, readComms, type UnplacedBlock } from '#comms';
import { createCommLedger, createMemoryStore, followComms } from '#coordinator';
import type { CommBlock } from '#protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyBlock } from '../comms/arbitrary-block.ts';

const SQUAD = '/r/.squad';
const RANGE = { start: { line: 1, column: 1 }, end: { line: 1, column: 2 } };

function place(block: UnplacedBlock): CommBlock {
  return { ...block, range: RANGE };
}

test('the ledger says what folding all blocks says', () => {
  fc.assert(
    fc.property(fc.array(anyBlock, { maxLength: 25 }), (unplaced) => {
      const blocks = unplaced.map(place);
      const ledger = createCommLedger();
      for (const block of blocks) ledger.add(block);
      const last = foldLastStatus(blocks);
      expect([...ledger.said].map(([id, { status }]) => [id, status])).toEqual(
        [...last].map(([id, { status }]) => [id, status]),
      );
      const open = foldHandoffs(blocks).handoffs.filter(
        ({ state }) => state === 'requested' || state === 'accepted',
      );
      const seen = ledger.handoffs().filter(({ state }) => state === 'requested' || state === 'accepted');
      expect(new Set(seen.map(({ id }) => id))).toEqual(new Set(open.map(({ id }) => id)));
    }),
    { numRuns: 500 },
  );
});

function saidIn({ said }: ReturnType<typeof createCommLedger>): Readonly<Record<string, string>> {
  return Object.fromEntries([...said].map(([id, { status, next }]) => [id, `${status} ${next ?? ''}`]));
}

interface Followed {
  readonly append: (agent: string, block: Partial<UnplacedBlock>) => void;
  readonly edit: (agent: string, text: string) => void;
  readonly look: ReturnType<typeof followComms>;
  readonly statuses: () => unknown;
  readonly truth: () => unknown;
}

function followed(): Followed {
  let now = 1000;
  const store = createMemoryStore({ now: () => (now += 1) });
  const look = followComms(store, SQUAD);
  const base = { kind: 'status', status: 'ACTIVE', at: undefined, filesModified: [], extra: {} };
  return {
    append: (author, block) =>
      appendBlock(store, SQUAD, { ...base, author, ...block } as UnplacedBlock) as unknown as void,
    edit: (author, text) => store.writeAtomic(commPath(SQUAD, author), text),
    look,
    statuses: () => saidIn(look().ledger),
    truth: () => {
      const ledger = createCommLedger();
      for (const block of readComms(store, SQUAD).blocks) ledger.add(block);
      return saidIn(ledger);
    },
  };
}

test('reads only what was appended', () => {
  const { append, look } = followed();
  append('a', { next: 'x'.repeat(5000) });
  const first = look().bytesRead;
  append('a', { next: 'y' });
  expect([first > 5000, look().bytesRead < 100, look().bytesRead]).toEqual([true, true, 0]);
});

test('an editor that rewrote, shortened, prolonged or removed a file is noticed', () => {
  const { append, edit, statuses, truth } = followed();
  append('a', { next: 'one' });
  append('b', { status: 'BLOCKED' });
  statuses();
  for (const text of [
    '## Status Update\nStatus: REVIEW\nNext: rewritten\n',
    '## Status Update\nStatus: ACTIVE\n',
    '## Status Update\nStatus: ACTIVE\nNext: a line added by hand to the last block\n',
    '## Status Update\nStatus: ACTIVE\nNext: another text of the very same len\n',
    'Status: DONE',
    'Status: DONE\nStatus: ACTIVE\n',
    '',
  ]) {
    edit('a', text);
    expect(statuses()).toEqual(truth());
  }
});

test('however files change, following them ends where reading them anew does', () => {
  const change = fc.oneof(
    fc.record({
      kind: fc.constant('append'),
      agent: fc.constantFrom('a', 'b'),
      next: fc.string({ maxLength: 8 }),
    }),
    fc.record({
      kind: fc.constant('edit'),
      agent: fc.constantFrom('a', 'b'),
      next: fc.constantFrom('', 'Status: READY\n', 'Status: ACTIVE\nNext: q', '## Ack\nID: x\n'),
    }),
  );
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
      const { append, edit, statuses, truth } = followed();
      for (const { kind, agent, next } of changes) {
        if (kind === 'append') append(agent, next.trim() === '' ? {} : { next });
        else edit(agent, next);
        expect(statuses()).toEqual(truth());
      }
    }),
    { numRuns: 300 },
  );
});
