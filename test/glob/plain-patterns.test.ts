import { matches } from '#glob';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const name = fc
  .tuple(
    fc.constantFrom('', '.'),
    fc.constantFrom('a', 'b', '-', '_', 'Makefile', 'conf'),
    fc.constantFrom('', '.', '.d', '.ts', 'a', '..'),
  )
  .map((parts) => parts.join(''));
const names = fc.array(name, { minLength: 1, maxLength: 3 });
const path = names.map((parts) => parts.join('/'));

test('a pattern without wildcards covers what it covers when it is read as a pattern', () => {
  let covered = 0;
  fc.assert(
    fc.property(
      fc.constantFrom('', '/'),
      path,
      fc.constantFrom('', '/'),
      names,
      (before, text, after, more) => {
        const pattern = before + text + after;
        // A choice of the same twice keeps the meaning, but is not read the short way.
        const asPattern = `${before}{${text},${text}}${after}`;
        for (const asked of [text, `${text}/${more.join('/')}`, more.join('/'), `${text}x`]) {
          covered += matches(pattern, asked) ? 1 : 0;
          expect({ pattern, asked, covers: matches(pattern, asked) }).toEqual({
            pattern,
            asked,
            covers: matches(asPattern, asked),
          });
        }
      },
    ),
    { numRuns: 2000 },
  );
  expect(covered).toBeGreaterThan(1000);
});
