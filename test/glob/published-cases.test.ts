import { expect, test } from 'vitest';
import { matches, overlaps } from '#glob';
import { overlapPairs } from '../support/overlap-pairs.ts';

test('schemas/pattern-overlap-cases.json holds at least 300 pairs with verdict and witness (npm run schemas)', async () => {
  const cases = overlapPairs().map(([a, b]) => {
    const verdict = overlaps(a, b);
    expect(overlaps(b, a).overlap).toBe(verdict.overlap);
    if (verdict.overlap) {
      expect([matches(a, verdict.witness), matches(b, verdict.witness)]).toEqual([true, true]);
    }
    return { a, b, ...verdict };
  });
  expect(cases.length).toBeGreaterThanOrEqual(300);
  const document = {
    title: 'Pairs of path patterns: whether some path is in both, and the shortest readable one',
    license: 'MIT',
    version: 1,
    cases: [],
  };
  const lines = cases.map((each) => `    ${JSON.stringify(each)}`);
  const text = JSON.stringify(document, undefined, 2).replace(
    '"cases": []',
    `"cases": [\n${lines.join(',\n')}\n  ]`,
  );
  await expect(`${text}\n`).toMatchFileSnapshot('../../schemas/pattern-overlap-cases.json');
});
