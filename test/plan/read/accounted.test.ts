import { expect, test } from 'vitest';
import { readDocument } from '#plan';
import { DOCUMENTS } from './planning-document.ts';

/** Lines of a text that are list items by their look, behind its front matter. */
function itemLines(text: string): readonly number[] {
  const lines = text.split('\n');
  const end =
    lines[0]?.trimEnd() === '---'
      ? lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---')
      : -1;
  return lines.flatMap((line, index) =>
    index > end && /^\s*(?:[-*+]|\d{1,3}[.)])\s+\S/u.test(line) && !/^\s*(?:[-*_]\s*){3,}$/u.test(line)
      ? [index + 1]
      : [],
  );
}

test('the marks of a merge conflict below a list underline nothing', () => {
  const text =
    '---\n<<<<<<< HEAD\n# Tasks\n\n## T001: Check it\n\n- [ ] One\n- [ ] Two\n=======\n- [x] T002 Set up\n>>>>>>> x\n';
  expect(
    readDocument({ path: 'tasks.md', content: text }).tasks.map(({ id, range }) => [
      id,
      range.start.line,
      range.end.line,
    ]),
  ).toEqual([
    ['T001', 5, 13],
    ['T002', 10, 12],
  ]);
});

const MARKDOWN = DOCUMENTS.filter(({ path }) => path.endsWith('.md'));

test.each(MARKDOWN.map(({ path, text }) => [path, text] as const))(
  'every list item of %s is a task, part of one, or skipped with a reason',
  (path, text) => {
    const document = readDocument({ path, content: text });
    const told = new Set(document.skipped.map(({ range }) => range.start.line));
    for (const { range } of document.tasks)
      for (let line = range.start.line; line < range.end.line; line += 1) told.add(line);
    expect(itemLines(text.replaceAll('\r\n', '\n')).filter((line) => !told.has(line))).toEqual([]);
    expect(document.skipped.filter(({ reason }) => reason === '')).toEqual([]);
  },
);
