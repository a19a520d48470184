import { parseResource, resourcesOverlap } from '#lock';
import { expect, test } from 'vitest';

test.each([
  ['/shared/a.ts', 'shared/a.ts'],
  ['shared/', 'shared/'],
  ['src\\api\\', 'src/api/'],
  ['src/*.ts', 'src/*.ts'],
  ['./pages/[slug].tsx', './pages/[slug].tsx'],
  ['op:git', 'op:git'],
  ['port: 3000', 'port:3000'],
])('reads %j as %j', (text, name) => {
  expect(parseResource(text)).toEqual({ ok: true, value: name });
});

test.each(['', '..', '../x', '.git/config', 'op:', 'a\0b', 'src/[a-'])('refuses %j', (text) => {
  expect(parseResource(text).ok).toBe(false);
});

test.each<[string, string, boolean]>([
  ['a.ts', 'a.ts', true],
  ['a.ts', 'b/a.ts', false],
  ['src/', 'src/api/a.ts', true],
  ['src/', 'src/api/', true],
  ['src/', 'srcs/a.ts', false],
  ['src/', 'src', true],
  ['src/*.ts', 'src/a.ts', true],
  ['src/*.ts', 'src/a.js', false],
  ['src/*.ts', 'src/a*', true],
  ['src/*.ts', 'src/*.js', false],
  ['**/*.md', 'docs/', true],
  ['op:git', 'op:git', true],
  ['op:git', 'op:gc', false],
  ['op:git', 'git', false],
  ['./pages/[slug].tsx', 'pages/s.tsx', false],
  ['./pages/[slug].tsx', 'pages/', true],
])('%j and %j overlap: %j', (a, b, expected) => {
  expect([resourcesOverlap(a, b), resourcesOverlap(b, a)]).toEqual([expected, expected]);
});
