import { expect, test } from 'vitest';
import fc from 'fast-check';
import { mergeJsonc, parseJsonc, removeOurs, valueOf } from '#cli';

const isOurs = (value: unknown): boolean =>
  JSON.stringify(value) === '"OURS"' || JSON.stringify(value) === '{"ours":1}';

function merge(text: string, wanted: unknown): string {
  const merged = mergeJsonc(text, wanted, isOurs);
  return merged.ok ? merged.value : `problem at ${merged.error.offset}`;
}

test.each([
  ['', { a: 1 }, '{\n  "a": 1\n}\n'],
  ['{}', { a: 1 }, '{\n  "a": 1\n}'],
  ['{ // empty\n}', { a: 1 }, '{ // empty\n  "a": 1\n}'],
  ['{"a":1}', { b: [2] }, '{"a":1, "b": [2]}'],
  ['{\n\t"a": 1\n}', { b: 2 }, '{\n\t"a": 1,\n\t"b": 2\n}'],
  ['{\n  "a": 1, // one\n}', { b: 2 }, '{\n  "a": 1, // one\n  "b": 2,\n}'],
  ['{\n  "a": 1 // one\n}', { b: 2 }, '{\n  "a": 1, // one\n  "b": 2\n}'],
  ['{\n  "a": [\n    1\n  ]\n}', { a: [2] }, '{\n  "a": [\n    1,\n    2\n  ]\n}'],
  ['{\n  "a": "theirs"\n}', { a: 'mine' }, '{\n  "a": "theirs"\n}'],
  ['{ "a": "OURS" }', { a: 'new' }, '{ "a": "new" }'],
  ['{ "a": ["OURS", 1] }', { a: ['new'] }, '{ "a": ["new", 1] }'],
])('merging into %j', (text, wanted, expected) => {
  expect(merge(text, wanted)).toBe(expected);
});

test.each(['{', '{"a"}', '{"a":}', '[1 2]', '{"a":1} x', '{a:1}'])('%j is not JSON', (text) => {
  expect(mergeJsonc(text, { a: 1 }, isOurs).ok).toBe(false);
});

test('a hundred thousand brackets are refused, not crashed on', () => {
  expect(parseJsonc('['.repeat(100_000))).toEqual({
    ok: false,
    error: { offset: 201, expected: 'at most 200 levels' },
  });
});

test('what was merged in is there, and what stood there is unchanged', () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
  fc.assert(
    fc.property(json, fc.constantFrom(0, 2, '\t'), (settings, indent) => {
      const text = JSON.stringify(settings, undefined, indent);
      const merged = mergeJsonc(text, { zzNew: { list: [{ ours: 1 }] } }, isOurs);
      if (!merged.ok) throw new Error('not merged');
      const tree = parseJsonc(merged.value);
      if (!tree.ok) throw new Error(`unreadable: ${merged.value}`);
      expect(valueOf(tree.value)).toEqual({ ...JSON.parse(text), zzNew: { list: [{ ours: 1 }] } });
      const removed = removeOurs(merged.value, isOurs, (path) => path.startsWith('/zzNew'));
      const back = removed.ok ? parseJsonc(removed.value) : removed;
      expect(back.ok && valueOf(back.value)).toEqual(JSON.parse(text));
    }),
    { numRuns: 300 },
  );
});
