import { parseComm } from '#comms';
import { expect, test } from 'vitest';
import { MANGLED } from './mangled-blocks.ts';

test.each(MANGLED)('reads %s', (_, text, expected) => {
  const { blocks } = parseComm(text, { author: 'agent-1', path: 'comms/agent-1-comm.md' });
  expect(blocks).toHaveLength(expected.length);
  for (const [index, part] of expected.entries()) {
    const block: Readonly<Record<string, unknown>> = { ...blocks[index] };
    for (const [key, value] of Object.entries(part)) expect([key, block[key]]).toEqual([key, value]);
  }
});

function problems(text: string): readonly string[] {
  const { diagnostics } = parseComm(text, { author: 'a', path: 'a-comm.md' });
  return diagnostics.map(
    ({ severity, code, message, range }) => `${range?.start.line}:${severity} ${code} ${message}`,
  );
}

test('says what it could not read, and where', () => {
  expect(problems('## Status Update\nStatus: frobnicating\n')).toEqual([
    '1:error COMM_BLOCK_INVALID this is no status',
  ]);
  expect(problems('\n## Handoff Request\nTO: b\n')).toEqual([
    '2:error COMM_BLOCK_INVALID a handoff request without FILE',
  ]);
  expect(problems('Status: ACTIVE\nFiles: ../x\n')).toEqual([
    '1:warning PATH_INVALID "../x" is outside the repository',
  ]);
  expect(problems('```\nStatus: ACTIVE\n')).toEqual([
    '1:warning COMM_BLOCK_INVALID this code fence is never closed; what follows is read as blocks',
  ]);
  expect(problems('Status: ACTIVE\n\n## Handoff Request\nTO: b')).toEqual([
    '3:warning COMM_BLOCK_TORN the file ends within a line: this block may be incomplete',
    '3:error COMM_BLOCK_TORN a handoff request without FILE',
  ]);
  expect(problems('## Standup 2026-11-20\ntext\n')).toEqual([
    '1:info COMM_BLOCK_INVALID a heading with a time that names no kind of block; its text is not read',
  ]);
});

test('a block without an id gets the same one at every reading', () => {
  const read = (before: string): unknown => {
    const text = `${before}## Question\nTo: b\nText: why?\n`;
    const { blocks } = parseComm(text, { author: 'a', path: 'x' });
    return blocks.flatMap((block) => ('id' in block ? [block.id] : []))[0];
  };
  expect(read('')).toMatch(/^Q-[0-9a-f]{8}$/u);
  expect(read('Status: ACTIVE\n\n')).toBe(read(''));
});
