import { isWithin, parseRepoPath } from '#protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test.each([
  ['/frontend/a.ts', 'frontend/a.ts'],
  ['./a//b/./c.ts', 'a/b/c.ts'],
  ['a\\b.ts', 'a/b.ts'],
  ['a/../b', 'b'],
  ['dir/', 'dir'],
  ['cafe\u0301.ts', 'caf\u00e9.ts'],
  ['with space/x.ts', 'with space/x.ts'],
  ['.github/x.yml', '.github/x.yml'],
])('%j is %j', (text, path) => {
  expect(parseRepoPath(text)).toEqual({ ok: true, value: path });
});

test.each([
  '',
  ' ',
  '.',
  '/',
  '..',
  'a/../..',
  '../a',
  '.git/config',
  'a/.GIT/x',
  'a\0b',
  'a\nb',
  'C:\\x',
  'x'.repeat(5000),
])('refuses %j', (text) => {
  expect(parseRepoPath(text).ok).toBe(false);
});

test('a path that was read is read the same again, and never leaves the repository', () => {
  const segment = fc.constantFrom('a', 'b', '..', '.', '', ' ', 'é', '.git', 'c.ts');
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 8 }), (segments) => {
      const first = parseRepoPath(segments.join('/'));
      if (!first.ok) return;
      expect(parseRepoPath(first.value)).toEqual(first);
      expect(first.value.split('/')).not.toContain('..');
      expect(first.value.startsWith('/')).toBe(false);
    }),
  );
});

test('a folder holds what is under it, not what begins like it', () => {
  const of = (text: string) => {
    const parsed = parseRepoPath(text);
    if (!parsed.ok) throw new Error(parsed.error);
    return parsed.value;
  };
  expect(isWithin(of('src/api'), of('src/api/x.ts'))).toBe(true);
  expect(isWithin(of('src/api'), of('src/api'))).toBe(true);
  expect(isWithin(of('src/api'), of('src/api-client/x.ts'))).toBe(false);
});
