import { expect, test } from 'vitest';
import { namePattern } from '../../packages/guard/src/look/name-pattern.ts';

test.each([
  ['*.ts', 'a.ts', true],
  ['*.ts', 'a.tsx', false],
  ['*', '', true],
  ['a*b*c', 'a/xbb/c', true],
  ['a*b*c', 'acb', false],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['[a-c]x', 'bx', true],
  ['[!a-c]x', 'bx', false],
  ['[^a-c]x', 'dx', true],
  ['[]a]', ']', true],
  ['[a-]', '-', true],
  [String.raw`\*`, '*', true],
  [String.raw`\*`, 'a', false],
  ['.', 'a', false],
  ['a+', 'aa', false],
])('%s on %s', (pattern, name, isMatch) => {
  expect(namePattern(pattern, false)?.(name)).toBe(isMatch);
});

test('case is folded on request, and what is no pattern is said so', () => {
  expect(namePattern('README*', true)?.('readme.md')).toBe(true);
  expect(namePattern('README*', false)?.('readme.md')).toBe(false);
  expect(namePattern('[a', false)).toBe(undefined);
});

test('many stars do not multiply', () => {
  expect(namePattern(`${'*a'.repeat(200)}b`, false)?.('a'.repeat(4000))).toBe(false);
});
