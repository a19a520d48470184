import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

function textOf(folder: string): string {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const sources = names.filter(
    (name) => name.endsWith('.ts') && !/(?:error|diagnostic)-code\.ts$|codes\.test\.ts$/u.test(name),
  );
  return sources.map((name) => read(join(folder, name))).join('\n');
}

const lists = ['error', 'diagnostic'].map((kind) => read(`packages/protocol/src/${kind}-code.ts`));
const codes = [
  ...new Set(lists.flatMap((text) => Array.from(text.matchAll(/\| '([A-Z_]+)'/gu), ([, code = '']) => code))),
];
const [sources, tests, readme] = [textOf('packages'), textOf('test'), read('README.md')];

test.each(codes)('%s is used, asserted by a test, and listed in the README', (code) => {
  const word = new RegExp(`\\b${code}\\b`, 'u');
  expect({
    used: word.test(sources),
    tested: word.test(tests),
    listed: readme.includes(`\`${code}\``),
  }).toEqual({ used: true, tested: true, listed: true });
});
