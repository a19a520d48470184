import { describe, expect, test } from 'vitest';
import { contains, escapePattern, matches, overlaps, problemOf } from '#glob';

describe('a pattern that cannot be read says where and why', () => {
  test.each([
    ['', 'the pattern names no path', 0],
    ['/', 'the pattern names no path', 0],
    ['.', 'the pattern names no path', 0],
    ['src/{a,b', '"{" is not closed', 4],
    ['src/[ab', '"[" is not closed', 4],
    ['a/../b', '".." leaves the folder', 1],
    ['src/[z-a]', 'a range in "[…]" runs backwards', 4],
    ['!src', 'a single pattern is not negated', 0],
    ['a\0b', 'the pattern holds a control character', 1],
    ['src/[[:alpha:]]', '[:classes:] are not read', 4],
    ['a\\', '"\\" escapes nothing', 1],
  ])('%j: %s', (text, message, at) => {
    expect(problemOf(text)).toMatchObject({ code: 'PATTERN_INVALID', message, at });
  });
});

describe('a monster is refused, not run', () => {
  test.each([
    'a'.repeat(5000),
    '{1..5000}',
    `${'{a,'.repeat(40)}b${'}'.repeat(40)}`,
    '{a,b}'.repeat(12),
    '{1..1000}{1..1000}',
  ])('%.20s', (text) => {
    expect(problemOf(text)).toMatchObject({ code: 'PATTERN_TOO_COMPLEX' });
  });

  test('a comparison beyond the bound ends with a refusal', () => {
    expect(() => contains(`**/*a${'?'.repeat(20)}`, `/**/*a${'?'.repeat(20)}`)).toThrow(
      'the patterns need more than 100000 states to compare',
    );
  });

  test('large sets are compared, or refused at once', () => {
    const any = Array.from({ length: 2000 }, (_, index) => `src/p${index}/**/*.ts`);
    expect(overlaps({ any }, 'src/p77/**')).toEqual({ overlap: true, witness: 'src/p77/a.ts' });
    expect(contains({ any }, 'src/p5/x/a.ts')).toBe(true);
    expect(() => overlaps({ any }, { any })).toThrow('the patterns need more than 100000 states to compare');
  });

  test('wildcards alone do not explode', () => {
    expect(overlaps('**/*a*b*c*d*e*f*/**/a*b*c*d*e*', '**/*f*e*d*c*b*a*/**/x*')).toEqual({ overlap: false });
  });
});

test('an escaped path is a pattern for exactly that path', () => {
  const path = 'app/[id]/{x}/a*b?.tsx';
  expect(escapePattern(path)).toBe('app/\\[id\\]/\\{x\\}/a\\*b\\?.tsx');
  expect(matches(escapePattern(path), path)).toBe(true);
  expect(matches(escapePattern(path), 'app/i/x/aab1.tsx')).toBe(false);
  expect(matches(escapePattern('!a'), '!a')).toBe(true);
});
