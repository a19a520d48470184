import { describe, expect, test } from 'vitest';
import { contains, matches, overlaps, uncovered } from '#glob';

describe('the fourteen pairs that text comparison gets wrong', () => {
  test.each([
    ['src/**/*.ts', 'src/api/**', 'src/api/a.ts'],
    ['src/*.ts', 'src/a*', 'src/a.ts'],
    ['**/*.ts', 'src/**', 'src/a.ts'],
    ['src/a?.ts', 'src/*b.ts', 'src/ab.ts'],
    ['src/[ab].ts', 'src/b.*', 'src/b.ts'],
    ['src/a/**/x.ts', 'src/**/y/x.ts', 'src/a/y/x.ts'],
    ['src/**', 'src/a.ts', 'src/a.ts'],
    ['src/{a,b}.ts', 'src/b.ts', 'src/b.ts'],
    ['src/**', 'src/api/**', 'src/api'],
  ])('%s and %s meet in %s', (a, b, witness) => {
    expect(overlaps(a, b)).toEqual({ overlap: true, witness });
    expect(overlaps(b, a)).toEqual({ overlap: true, witness });
  });

  test.each([
    ['src/**/*.ts', 'src/**/*.css'],
    ['src/a.ts', 'src/a.tsx'],
    ['src/api/**', 'src/api-client/**'],
    ['src/user.ts', 'src/users.ts'],
    ['src/*.ts', 'src/api/x.ts'],
  ])('%s and %s never meet', (a, b) => {
    expect(overlaps(a, b)).toEqual({ overlap: false });
    expect(overlaps(b, a)).toEqual({ overlap: false });
  });
});

describe('folders', () => {
  test.each([
    ['/frontend', 'frontend', true],
    ['/frontend', 'frontend/a/b.ts', true],
    ['frontend/', 'frontend/a.ts', true],
    ['/frontend', 'frontend-old/a.ts', false],
    ['src/*', 'src/api/x.ts', false],
    ['src/*/', 'src/api/x.ts', true],
    ['**/node_modules', 'a/node_modules/b/c.js', true],
    ['.github', '.github/workflows/ci.yml', true],
    ['CHANGELOG.d', 'CHANGELOG.d/agent-1-fix.md', true],
    ['src/app.ts', 'src/app.ts/x', false],
    ['vendor/chart.js/', 'vendor/chart.js/dist/x.js', true],
    ['Dockerfile', 'Dockerfile/x', false],
    ['src/**', 'src', true],
    ['{docs,src/*.ts}', 'docs/a/b.md', true],
    ['{docs,src/*.ts}', 'src/a.ts/b', false],
  ])('%s and %s: %s', (pattern, path, expected) => {
    expect(matches(pattern, path)).toBe(expected);
  });

  test('a file and a pattern for other files do not meet inside the file', () => {
    expect(overlaps('src/app.ts', '**/*.test.ts')).toEqual({ overlap: false });
  });
});

describe('containment', () => {
  test.each([
    ['src', 'src/**', true],
    ['src/**', 'src', true],
    ['src/**', 'src/{a,b}/*.ts', true],
    ['src/*.ts', 'src/[a-z].ts', true],
    ['src/[a-z].ts', 'src/*.ts', false],
    ['{a,b,c}.ts', '{a,c}.ts', true],
    ['**', '{a,b/**}/c', true],
    ['a/**/b', 'a/b', true],
  ])('%s contains %s: %s', (outer, inner, expected) => {
    expect(contains(outer, inner)).toBe(expected);
  });

  test('says which path is missed', () => {
    expect(uncovered('src/[a-z].ts', 'src/*.ts')).toBe('src/0.ts');
  });
});

describe('sets', () => {
  const handWritten = { any: ['src/**'], not: ['src/gen/**'] };

  test('hold what the first names and the second does not', () => {
    expect(matches(handWritten, 'src/a.ts')).toBe(true);
    expect(matches(handWritten, 'src/gen/a.ts')).toBe(false);
  });

  test('meet only outside what they exclude', () => {
    expect(overlaps(handWritten, 'src/gen/*.ts')).toEqual({ overlap: false });
    expect(overlaps(handWritten, 'src/g*/*.ts')).toEqual({ overlap: true, witness: 'src/g/a.ts' });
  });

  test('contain one another exactly', () => {
    expect(contains('src/**', handWritten)).toBe(true);
    expect(uncovered(handWritten, 'src/**')).toBe('src/gen');
    expect(contains(handWritten, { any: ['src/*.ts'], not: ['src/gen'] })).toBe(true);
  });
});

describe('case folding', () => {
  test('joins names that a folding file system joins', () => {
    expect(matches('SRC/[A-C]*.ts', 'src/Button.TS', { foldCase: true })).toBe(true);
    expect(overlaps('README.md', 'readme.MD')).toEqual({ overlap: false });
    expect(overlaps('README.md', 'readme.MD', { foldCase: true })).toEqual({
      overlap: true,
      witness: 'readme.md',
    });
    expect(matches('[!a]', 'A', { foldCase: true })).toBe(false);
    expect(matches('straße/Ä', 'STRAßE/ä', { foldCase: true })).toBe(true);
  });
});

test('composed and decomposed Unicode name the same file', () => {
  expect(matches('caf\u00e9/*', 'cafe\u0301/a.ts')).toBe(true);
});

describe('sets with a thousand exceptions', () => {
  const not = ['**/OWNERS', ...Array.from({ length: 1000 }, (_, index) => `packages/p${index}/`)];

  test('are decided by the few that matter', () => {
    expect(overlaps({ any: ['**/*.md'], not }, { any: ['**/OWNERS'], not: not.slice(1) })).toEqual({
      overlap: false,
    });
    expect(overlaps({ any: ['packages/**'], not }, '**/*.md')).toEqual({
      overlap: true,
      witness: 'packages/a.md',
    });
    expect(contains({ any: not }, 'packages/p7/**/*.md')).toBe(true);
    expect(contains({ any: not }, 'packages/p*/*.md')).toBe(false);
    expect(contains({ any: ['**'], not }, 'packages/p1000/a.md')).toBe(true);
    expect(contains({ any: ['**'], not }, 'packages/p1*/')).toBe(false);
  });
});

test('a pattern that ends in /. is that folder', () => {
  expect(['src', 'src/a'].map((path) => matches('src/.', path))).toEqual([true, true]);
});
