import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseMarkdown } from '#markdown/document';
import { readDocument } from '#plan';
import { expect, test } from 'vitest';
import { readOutline } from '../../../packages/plan/src/read/outline.ts';

const titlesOf = (text: string): readonly string[] =>
  readDocument({ path: 'prd.md', content: text }).tasks.map(({ title }) => title);

test('a list in indented code is no task, and is said to be skipped', () => {
  const document = readDocument({
    path: 'prd.md',
    content: '# F\n\n## Tasks\n- write a\n\nAs in:\n\n    - example task\n',
  });
  expect(document.tasks.map(({ title }) => title)).toEqual(['write a']);
  expect(document.skipped.map(({ text }) => text)).toEqual(['- example task']);
});

test('a list four spaces deep below another item is a list', () => {
  expect(titlesOf('# F\n\n## Tasks\n- [ ] write a\n    - [ ] write b\n')).toContain('write b');
});

test('what stands in <pre> is text', () => {
  expect(titlesOf('# F\n\n## Tasks\n- write a\n\n<pre>\n- not a task\n</pre>\n')).toEqual(['write a']);
});

test('a heading underlined with = is a heading', () => {
  expect(
    readOutline('Plan of\nthe year\n====\n\n- a\n').sections.map(({ level, title }) => [level, title]),
  ).toEqual([
    [0, ''],
    [1, 'Plan of the year'],
  ]);
});

const corpus = fileURLToPath(new URL('../../fixtures/corpus', import.meta.url));
const documents = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.md'),
);

// The converse does not hold: lists inside XML blocks (GSD plans) are HTML to CommonMark and lists to their authors.
test.each(documents)('every list item that remark sees in %s is an item here', (name) => {
  const text = readFileSync(join(corpus, name), 'utf8')
    .replace(/^\uFEFF/u, '')
    .replaceAll('\r\n', '\n');
  if (text.length > 64 * 1024) return;
  const seen: number[] = [];
  const visit = (
    node: ReturnType<typeof parseMarkdown> | ReturnType<typeof parseMarkdown>['children'][number],
  ): void => {
    if (node.type === 'listItem' && node.position !== undefined) seen.push(node.position.start.line);
    if ('children' in node) for (const child of node.children) visit(child);
  };
  visit(parseMarkdown(text));
  const ours = new Set(readOutline(text).items.map(({ line }) => line));
  expect(seen.filter((line) => !ours.has(line))).toEqual([]);
});
