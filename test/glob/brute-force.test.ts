import { expect, test } from 'vitest';
import { comparePool } from '../support/pattern-pools.ts';

test('the algebra agrees with enumeration on more than 20,000 random pairs', () => {
  const reports = Array.from({ length: 9 }, (_, seed) => comparePool(seed + 1, 67));
  expect(reports.flatMap(({ wrong }) => wrong)).toEqual([]);
  expect(reports.reduce((sum, { pairs }) => sum + pairs, 0)).toBe(20_502);
  expect(reports.reduce((sum, { refused }) => sum + refused, 0)).toBe(0);
});
