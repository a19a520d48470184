import picomatch from 'picomatch';
import { expect, test } from 'vitest';
import { matches } from '#glob';
import { allPaths, randomPattern, seededRandom } from '../support/pattern-oracle.ts';

// What both read alike. Left out, because picomatch has its own view of them: patterns that end in a plain name or `/`
// (ours cover what lies below), braces around slashes, stars or nothing, stars beside stars, and a last `/**` after a
// segment with a wildcard (picomatch: at least one more name; after a plain segment: any number).
const LEFT_OUT = [
  /[^*/]\*\*|\*\*[^*/]|\*{3}/u,
  /\{[^}]*[*/{]|[{,][,}]/u,
  /[^*?\]]$/u,
  /(?:[*?\]}]|\][^/]*|[*?\]}][^/]*)\/\*\*$/u,
];

test('matches agrees with picomatch on the common syntax', () => {
  const random = seededRandom(20);
  const paths = allPaths('ab.', 5);
  const wrong: string[] = [];
  let patterns = 0;
  while (patterns < 400) {
    const pattern = randomPattern(random).replaceAll('[!', '[^');
    if (LEFT_OUT.some((form) => form.test(pattern))) continue;
    patterns += 1;
    const theirs = picomatch(pattern, { dot: true });
    for (const path of paths) {
      if (matches(pattern, path) !== theirs(path))
        wrong.push(`${pattern} ${path}: picomatch says ${theirs(path)}`);
    }
  }
  expect(wrong).toEqual([]);
});
