import type { SourceInput } from '../model.ts';
import { bodyStart, readHeader, type Header } from './front-matter-text.ts';
import { readSections } from './heading-task.ts';
import { readOutline, type Outline, type Section } from './outline.ts';
import { readRecord } from './record-task.ts';
import { draftOf, type TaskDraft } from './task-draft.ts';
import { readTitle } from './task-text.ts';

/** A document that is one task: front matter and sections that speak of it. */
export interface SingleTask {
  readonly draft: TaskDraft;
  readonly outline: Outline;
  readonly header: Header | undefined;
}

/** How to name the task of a one-task document. */
export interface SingleTaskNames {
  readonly id: (header: Readonly<Record<string, unknown>>) => string;
  readonly title: (header: Readonly<Record<string, unknown>>, heading: string) => string;
  /** Front matter keys that are not read as fields. */
  readonly skip?: ReadonlySet<string>;
}

/** Reads a document of one task; the whole body is part of the task. */
export function readSingleTask(input: SourceInput, names: SingleTaskNames): SingleTask {
  const header = readHeader(input.text, input.path);
  const outline = readOutline(input.text, bodyStart(input.text));
  const data = header?.data ?? {};
  const heading = (outline.sections.find((section) => section.level > 0)?.title ?? '').replace(
    /^(?:task|issue)\s*[:：#]\s*(?:\d+\s*[:：—–-]\s*)?/iu,
    '',
  );
  const draft = draftOf({
    id: names.id(data),
    title: names.title(data, heading),
    section: [],
    line: 1,
    endLine: outline.lines.length,
  });
  readTitle(draft, draft.title);
  readRecord(draft, data, 1, names.skip);
  readSections(draft, bodySections(outline));
  return { draft, outline, header };
}

/** Sections below the title; the title itself announces no field. */
function bodySections(outline: Outline): readonly Section[] {
  const [root, first, ...rest] = outline.sections;
  if (root === undefined || first === undefined) return outline.sections;
  const isTitle = first.level === 1;
  return isTitle ? [{ ...first, blocks: [...root.blocks, ...first.blocks] }, ...rest] : outline.sections;
}
