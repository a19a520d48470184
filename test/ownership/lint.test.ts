import { compileMatrix, lintMatrix, parseOwnership } from '#ownership';
import { expect, test } from 'vitest';

test('lint tells what disagrees, decides nothing, matches nothing, or does not mean what it says', async () => {
  const text = `/src: { owner: a, access: EXCLUSIVE }
/s*/*.css: { owner: b, access: EXCLUSIVE }
/lib/*: { owner: a, access: EXCLUSIVE }
/lib/[!b]*: { owner: a, access: EXCLUSIVE, mode: warn }
/lib/b*: { owner: b, access: EXCLUSIVE }
/lib/: { owner: a, access: EXCLUSIVE }
/gone/**: { owner: a, access: EXCLUSIVE }
/app/[id]/page.tsx: { owner: a, access: EXCLUSIVE }
/vendor/chart.js: { owner: NONE, access: READ-ONLY }
`;
  const parsed = await parseOwnership(text, 'ownership.yaml');
  if (!parsed.ok) throw new Error('the matrix is wrong');
  const files = ['src/a.ts', 'sx/a.css', 'lib/a', 'lib/b', 'app/[id]/page.tsx', 'vendor/chart.js/dist/x.js'];
  const found = lintMatrix(compileMatrix(parsed.value, text), files, 'ownership.yaml');
  expect(
    found.map(({ severity, code, message, range, hint }) => [
      range?.start.line,
      severity,
      code,
      message,
      hint,
    ]),
  ).toEqual([
    [
      2,
      'error',
      'OWNERSHIP_AMBIGUOUS',
      '/s*/*.css (b, EXCLUSIVE) and /src (a, EXCLUSIVE), line 1, both cover src/a.css and neither is more specific',
      'add a rule for what they share, or take it from one: /s*/*.css: { …, except: ["/src"] }',
    ],
    [3, 'warning', 'RULE_SHADOWED', '/lib/* never decides: /lib/[!b]*, /lib/b* cover all of it', undefined],
    [
      7,
      'info',
      'RULE_MATCHES_NOTHING',
      '/gone/** matches no file of the repository',
      'fine if its files are still to be made; else correct or remove it',
    ],
    [
      8,
      'warning',
      'RULE_IS_LITERAL',
      '/app/[id]/page.tsx is the name of a file, but its brackets read as a pattern',
      'write: /app/\\[id\\]/page.tsx',
    ],
    [
      9,
      'warning',
      'RULE_NAMES_FOLDER',
      "/vendor/chart.js is a folder, but its name reads as a file's",
      'write: /vendor/chart.js/',
    ],
  ]);
});
