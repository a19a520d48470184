import { fieldName, labelledLine, type FieldName } from './field-name.ts';
import { numberOf, shortTitle, splitTaskLine } from './item-task.ts';
import type { Block, Outline, Section } from './outline.ts';
import { kindOfTitle, type SectionKind } from './section-kind.ts';
import { boxStatus, draftOf, type TaskDraft } from './task-draft.ts';
import { flatten, readChildren, readDetail, readField, readNotes, readTitle } from './task-text.ts';

/** Tasks that are headings with a body: `### Task 3: …`, `### US-001: …`, `### T800 [US30] …`. */
export function headingTasks(outline: Outline, begins: RegExp): TaskDraft[] {
  const { sections } = outline;
  const drafts: TaskDraft[] = [];
  for (let index = 0; index < sections.length; index += 1) {
    const section = sections[index];
    if (section === undefined || section.level === 0 || !isTaskHeading(section.title, begins)) continue;
    const end = nextAtLevel(sections, index, begins);
    drafts.push(
      headingTask(sections.slice(index, end), (sections[end]?.line ?? outline.lines.length + 1) - 1),
    );
    index = end - 1;
  }
  return drafts;
}

function isTaskHeading(title: string, begins: RegExp): boolean {
  const plain = title.replace(/^[^\p{L}\p{N}[]+/u, '').replace(/^\[[ xX]\]\s*/u, '');
  return begins.test(plain) && /\d/u.test(plain.slice(0, 24));
}

/** First section after `start` that is no part of it: a heading as high, or another task below it. */
function nextAtLevel(sections: readonly Section[], start: number, begins: RegExp): number {
  const level = sections[start]?.level ?? 0;
  let index = start + 1;
  for (; index < sections.length; index += 1) {
    const section = sections[index];
    if (section === undefined || section.level <= level || isTaskHeading(section.title, begins)) break;
  }
  return index;
}

/** The task of a heading and the sections below it. */
export function headingTask(sections: readonly Section[], endLine: number): TaskDraft {
  const [head] = sections;
  const raw = (head?.title ?? '').replace(/^[^\p{L}\p{N}[]+/u, '');
  const box = /^\[([ xX])\]\s*/u.exec(raw);
  const { id, text, flags } = splitTaskLine(raw.slice(box?.[0].length ?? 0));
  const isNumber = id !== undefined && /^\d+$/u.test(id);
  const draft = draftOf({
    id: isNumber ? undefined : id,
    aliases: isNumber ? [id] : numberOf(id),
    title: shortTitle(text),
    section: head?.path.slice(0, -1) ?? [],
    line: head?.line ?? 1,
    endLine,
  });
  draft.status = /✅|\bDONE\b/u.test(raw) ? 'done' : boxStatus(box?.[1]);
  if (flags.includes('P')) draft.parallel = true;
  readTitle(draft, text);
  readSections(draft, sections);
  return draft;
}

/** Adds everything that sections say of the one task they describe; the first is its head, the others speak of what their titles name. */
export function readSections(draft: TaskDraft, sections: readonly Section[]): void {
  sections.forEach((section, index) => readBody(draft, section, index > 0));
}

function readBody(draft: TaskDraft, section: Section, isBelow: boolean): void {
  let caption: { name: FieldName; label: string } | undefined = isBelow
    ? announced(section.title)
    : undefined;
  for (const block of section.blocks) {
    if (block.kind === 'paragraph') {
      const label = labelledLine(block.text);
      if (label !== undefined && label.value === '') {
        caption = { name: label.name, label: label.label };
        continue;
      }
      // A field of its own ends the list before it.
      if (label !== undefined && !isBelow) caption = undefined;
    }
    readBlock(draft, block, caption);
    if (block.kind === 'paragraph' && !isBelow) caption = undefined;
  }
}

const KIND_FIELDS: Partial<Record<SectionKind, FieldName>> = {
  criteria: 'acceptance',
  files: 'files',
  dependencies: 'depends',
  risks: 'note',
  examples: 'note',
};
// Sections of prose, tables or fields, not a list of one field's values.
const PROSE_FIELDS: ReadonlySet<FieldName> = new Set([
  'title',
  'description',
  'estimate',
  'size',
  'agent',
  'phase',
  'id',
  'parallel',
  'status',
  'skills',
]);

function announced(title: string): { name: FieldName; label: string } | undefined {
  const plain = title.replace(/^[^\p{L}]+/u, '');
  const name = fieldName(plain) ?? KIND_FIELDS[kindOfTitle(plain)];
  return name === undefined || PROSE_FIELDS.has(name) ? undefined : { name, label: plain };
}

function readBlock(
  draft: TaskDraft,
  block: Block,
  caption: { name: FieldName; label: string } | undefined,
): void {
  if (block.kind === 'item') {
    if (caption === undefined || labelledLine(block.text) !== undefined) readChildren(draft, [block]);
    else {
      const list = flatten(block.children).map((item) => item.text);
      readField(draft, { ...caption, value: block.text, list, line: block.line });
    }
  } else if (block.kind === 'paragraph') {
    if (caption !== undefined)
      readField(draft, { ...caption, value: block.text, list: [], line: block.line });
    else readNotes(draft, [block.text], block.line);
  } else if (block.kind === 'table')
    for (const row of block.rows) readDetail(draft, row.cells.join(' | '), row.line);
}
