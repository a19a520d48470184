import { appendBlock, commPath, parseComm, renderBlock } from '#comms';
import type { CommBlock } from '#protocol';
import { createNodeStore } from '#store';
import fc from 'fast-check';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { testdir } from '../support/testdir.ts';
import { anyBlock } from './arbitrary-block.ts';

const file = (author: string): { author: string; path: string } => ({ author, path: 'x-comm.md' });

function unplaced(block: CommBlock): object {
  const { range, ...rest } = block;
  expect(range.end.line).toBeGreaterThanOrEqual(range.start.line);
  return rest;
}

test('every block survives being written and read', () => {
  fc.assert(
    fc.property(anyBlock, (block) => {
      const { blocks, diagnostics } = parseComm(renderBlock(block), file(block.author));
      expect({ blocks: blocks.map(unplaced), diagnostics }).toEqual({
        blocks: [block],
        diagnostics: [],
      });
    }),
    { numRuns: 2000 },
  );
});

test('a file of blocks is its blocks, with LF or CRLF', () => {
  fc.assert(
    fc.property(fc.array(anyBlock, { maxLength: 6 }), fc.boolean(), (blocks, crlf) => {
      const text = `# Log of agent-1\n\n${blocks.map(renderBlock).join('\n')}`;
      const read = parseComm(crlf ? text.replaceAll('\n', '\r\n') : text, file('a'));
      expect(read.blocks.map(unplaced)).toEqual(blocks.map((block) => ({ ...block, author: 'a' })));
    }),
    { numRuns: 300 },
  );
});

test('no text makes the reader throw, and every range lies in the text', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.array(anyBlock, { maxLength: 2 }),
      (noise, blocks) => {
        const text = noise + blocks.map(renderBlock).join(noise);
        const { blocks: read } = parseComm(text, file('a'));
        const lineCount = text.split(/\r\n?|\n/u).length;
        for (const { range } of read) expect(range.end.line).toBeLessThanOrEqual(lineCount);
      },
    ),
    { numRuns: 500 },
  );
});

test('appending after a file without a final line break starts a line of its own', () => {
  const squadDir = testdir();
  const path = commPath(squadDir, 'agent-1');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'Status: ACTIVE\nNext: tests');
  appendBlock(createNodeStore(), squadDir, {
    kind: 'handoff-move',
    author: 'agent-1',
    at: Date.UTC(2026, 10, 20, 11, 32),
    id: 'H-01',
    move: 'accepted',
    extra: {},
  });
  expect(readFileSync(path, 'utf8')).toBe(
    'Status: ACTIVE\nNext: tests\n\n## Handoff Accepted 2026-11-20T11:32:00Z\nID: H-01\n',
  );
});
