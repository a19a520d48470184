import { expect, test } from 'vitest';
import { contains, matches, overlaps, type PatternSet } from '#glob';
import { seededRandom } from '../support/pattern-oracle.ts';

const SEGMENTS = [
  'a',
  'b',
  'c',
  '*',
  '**',
  '?',
  '[ab]',
  '[!a]',
  '{a,b/c}',
  'a*',
  '*b',
  '\\*',
  '{1..2}',
  '.a',
  'a.b',
  '[]a]',
];

test('sets with exceptions: a witness lies in both, either way round, and to contain is to leave nothing over', () => {
  const random = seededRandom(11);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pattern = (): string =>
    Array.from({ length: 1 + below(4) }, () => SEGMENTS[below(SEGMENTS.length)]).join('/');
  const patterns = (most: number): string[] => Array.from({ length: below(most + 1) }, pattern);
  const set = (): PatternSet => ({ any: [pattern(), ...patterns(2)], not: patterns(3) });
  const wrong: string[] = [];
  for (let round = 0; round < 3000; round += 1) {
    const [a, b] = [set(), set()];
    const shared = overlaps(a, b);
    const isInBoth = !shared.overlap || (matches(a, shared.witness) && matches(b, shared.witness));
    const isContained = contains({ any: a.any }, b);
    const rest = overlaps(b, { any: ['**'], not: a.any });
    if (!isInBoth || overlaps(b, a).overlap !== shared.overlap || isContained === rest.overlap)
      wrong.push(JSON.stringify([a, b, shared, isContained]));
  }
  expect(wrong).toEqual([]);
});
