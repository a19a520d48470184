import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { binPath, runBin } from '../support/bins.ts';
import { testdir } from '../support/testdir.ts';

const templates = fileURLToPath(new URL('../../templates', import.meta.url));
const files = readdirSync(templates, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));

interface Mention {
  readonly file: string;
  readonly bin: string;
  readonly words: string;
}

// `{{squad-lock}} acquire <paths> --wait 2m` in a template, and `Bash({{squad-lock}}:*)` in its header.
const mentions: readonly Mention[] = files.flatMap((file) =>
  Array.from(readFileSync(join(templates, file), 'utf8').matchAll(/\{\{(squad-[a-z]+)\}\}([^`\n]*)/gu), ([, bin = '', words = '']) => ({
    file,
    bin,
    words: words.startsWith(':') ? '' : words.trim(),
  })),
);

test('templates name commands at all', () => {
  expect(mentions.length).toBeGreaterThan(10);
});

const distinct = [...new Map(mentions.map((mention) => [`${mention.bin} ${mention.words}`, mention])).values()];

test.each(distinct)('$file: "$bin $words" exists, with its options', async ({ bin, words }) => {
  const name = bin as Parameters<typeof binPath>[0];
  const verb = /^([a-z][a-z-]*)/u.exec(words)?.[1];
  const plain = await runBin(name, ['--help'], { cwd: testdir() });
  const isVerb = verb !== undefined && new RegExp(`^  ${verb}(?: |$)`, 'mu').test(plain.stdout);
  const { code, stdout, stderr } = await runBin(name, [...(isVerb ? [verb] : []), '--help'], { cwd: testdir() });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  if (verb !== undefined) expect(isVerb || plain.stdout.includes('<') || plain.stdout.includes('[')).toBe(true);
  for (const option of words.split(' -- ')[0]?.match(/--[a-z-]+/gu) ?? []) expect(stdout).toContain(option);
});
