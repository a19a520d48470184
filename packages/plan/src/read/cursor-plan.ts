import type { SourceInput } from '../model.ts';
import type { Reader } from './reader.ts';
import type { Findings } from './finish.ts';
import { bodyStart, readHeader } from './front-matter-text.ts';
import { readOutline, type Outline } from './outline.ts';
import { findPaths } from './path-mention.ts';
import { prdReader } from './prd.ts';
import { asList, asRecord, asText, readRecord, type DataRecord } from './record-task.ts';
import { readSectionFiles } from './section-files.ts';
import { draftOf, wordStatus, type TaskDraft } from './task-draft.ts';
import { flatten, readTitle } from './task-text.ts';

/** Cursor's plans: `todos` in the front matter; the body explains, and says what must not change. */
export const cursorReader: Reader = {
  format: 'cursor',
  recognises: (input) => {
    const head = /^---\n([\s\S]{0,60000}?)\n---/u.exec(input.text)?.[1] ?? '';
    return /^todos:/mu.test(head) &&
      (/^(?:overview|isProject|name):/mu.test(head) || input.path.endsWith('.plan.md'))
      ? 'front matter with todos'
      : undefined;
  },
  read: readCursor,
};

function readCursor(input: SourceInput): Findings {
  const header = readHeader(input.text, input.path);
  const data = header?.data ?? {};
  const outline = readOutline(input.text, bodyStart(input.text));
  const todos = asList(data['todos'])
    .map(asRecord)
    .filter((todo) => todo !== undefined);
  if (todos.length === 0) {
    const body = prdReader.read(input);
    return { ...body, format: 'cursor', feature: asText(data['name']) || body.feature };
  }
  const lines = todoLines(outline);
  const forbidden = unchanged(outline);
  const drafts = todos.map((todo, index) => todoTask(todo, lines[index] ?? 1, forbidden));
  readSectionFiles(outline, drafts);
  return {
    input,
    format: 'cursor',
    formatWhy: '',
    feature: asText(data['name']) || asText(data['overview']),
    drafts,
    outline,
    reasons: new Map(
      outline.items.map((item) => [item.line, 'it explains the plan; its tasks are the todos']),
    ),
    diagnostics: header?.diagnostics ?? [],
  };
}

function todoTask(todo: DataRecord, line: number, forbidden: readonly string[]): TaskDraft {
  const text = asText(todo['content']) || asText(todo['title']) || asText(todo['id']);
  const draft = draftOf({ id: asText(todo['id']) || undefined, title: text, section: [], line });
  draft.forbidden.push(...forbidden);
  readTitle(draft, text);
  draft.status = wordStatus(asText(todo['status']));
  readRecord(draft, todo, line, new Set(['id', 'content', 'title', 'status']));
  return draft;
}

/** Lines on which the todos begin, in order. */
function todoLines(outline: Outline): number[] {
  const start = outline.lines.findIndex((line) => line.startsWith('todos:'));
  const found: number[] = [];
  let indent: number | undefined;
  if (start === -1) return found;
  for (let index = start + 1; index < outline.lines.length; index += 1) {
    const line = outline.lines[index] ?? '';
    if (/^(?:---|[A-Za-z])/u.test(line)) break;
    const dash = /^(\s*)- /u.exec(line);
    if (dash === null) continue;
    indent ??= dash[1]?.length ?? 0;
    if ((dash[1]?.length ?? 0) === indent) found.push(index + 1);
  }
  return found;
}

/** Paths below headings such as "NOT changing". */
function unchanged(outline: Outline): string[] {
  const sections = outline.sections.filter((section) =>
    /\bnot (?:chang|touch|modif|edit)|\bunchanged\b|\buntouched\b|\bout of scope\b/iu.test(section.title),
  );
  const texts = sections.flatMap((section) =>
    section.blocks.flatMap((block) => {
      if (block.kind === 'item') return [block, ...flatten(block.children)].map((item) => item.text);
      if (block.kind === 'table') return block.rows.map((row) => row.cells.join(' | '));
      return block.kind === 'paragraph' ? [block.text] : [];
    }),
  );
  return [...new Set(texts.flatMap((text) => findPaths(text).map(({ path }) => path)))];
}
