import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FORMATS, inferFiles, readDocument, type SourceDocument } from '#plan';
import { DOCUMENTS, planningDocument } from './planning-document.ts';

// `npm run fuzz:readers` raises the number for the nightly run.
const numRuns = Number(process.env['DOTSQUAD_FUZZ_RUNS'] ?? 2000);

/** Lines that are list items by their look, with where the header of the document ends. */
function itemLines(content: string): number[] {
  const lines = content.split('\n');
  const close =
    lines[0]?.trimEnd() === '---'
      ? lines.findIndex((line, index) => index > 0 && /^---\s*$/u.test(line))
      : -1;
  return lines.flatMap((line, index) =>
    index > close && /^\s*[-*+]\s+\[[ xX]\]\s+\S/u.test(line) ? [index + 1] : [],
  );
}

function unaccounted(document: SourceDocument, content: string): number[] {
  const taken = new Set(document.skipped.map(({ range }) => range.start.line));
  for (const { range } of document.tasks)
    for (let line = range.start.line; line < range.end.line; line += 1) taken.add(line);
  return itemLines(content).filter((line) => !taken.has(line));
}

test(
  'a generated document is read without a crash, with ids of its own and edges between them',
  { timeout: 3_600_000 },
  () => {
    fc.assert(
      fc.property(
        planningDocument,
        fc.constantFrom(undefined, undefined, undefined, ...FORMATS),
        (raw, format) => {
          const document = readDocument(raw, format === undefined ? {} : { format });
          const ids = new Set(document.tasks.map(({ id }) => id));
          expect(ids.size).toBe(document.tasks.length);
          if (document.tasks.length === 0)
            expect(document.diagnostics.map(({ severity }) => severity)).toContain('error');
          if (document.tasks.length > 1) {
            for (const task of document.tasks)
              for (const { id } of task.dependencies) expect(ids).toContain(id);
          }
          for (const task of document.tasks) {
            expect(task.range.start.line).toBeGreaterThanOrEqual(1);
            expect(task.title).not.toBe('');
            for (const { path, why } of task.writes)
              expect([path.startsWith('/'), path === '', why === '']).toEqual([false, false, false]);
          }
          inferFiles(document, { trackedFiles: ['src/a.ts', 'src/models/user.py', 'package.json'] });
        },
      ),
      { numRuns },
    );
  },
);

test('no task box of a markdown document goes unmentioned', { timeout: 3_600_000 }, () => {
  const markdown = new Set([
    'prd',
    'spec-kit',
    'kiro',
    'openspec',
    'ai-dev-tasks',
    'exec-plan',
    'ccpm',
    'cursor',
    'claude-task',
    'backlog',
    'task-graph-md',
  ]);
  fc.assert(
    fc.property(planningDocument, (raw) => {
      const document = readDocument(raw);
      if (markdown.has(document.format)) expect(unaccounted(document, raw.content)).toEqual([]);
    }),
    { numRuns: Math.ceil(numRuns / 4) },
  );
});

test('CRLF and a byte-order mark read as LF', () => {
  for (const { path, text } of DOCUMENTS) {
    const lf = readDocument({ path, content: text.replaceAll('\r\n', '\n') });
    const crlf = readDocument({
      path,
      content: `\uFEFF${text.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n')}`,
    });
    expect({ ...crlf, hash: '' }).toEqual({ ...lf, hash: '' });
  }
});

test('the order of independent tasks changes nothing but the order of what is read', () => {
  const lines = [
    '- Build x in `src/x.ts` (2h)',
    '- Write docs/a.md',
    '- Add z to `src/z.ts`',
    '- Polish the page',
  ];
  const read = (order: readonly string[]): readonly unknown[] =>
    readDocument({ path: 'prd.md', content: `# Feature: A\n\n## Tasks\n${order.join('\n')}\n` }).tasks.map(
      ({ range: _range, ...task }) => task,
    );
  fc.assert(
    fc.property(fc.shuffledSubarray(lines, { minLength: lines.length }), (order) => {
      const [a, b] = [read(order), read(lines)].map((tasks) =>
        tasks.map((task) => JSON.stringify(task).replace(/line \d+/gu, '')).sort(),
      );
      expect(a).toEqual(b);
    }),
    { numRuns: 30 },
  );
});
