import { rangeAt } from '#protocol';
import type { Skipped } from '../model.ts';
import type { Item, Outline } from './outline.ts';
import { sectionKindOf, type SectionKind } from './section-kind.ts';
import type { TaskDraft } from './task-draft.ts';

const WHERE = {
  code: 'it stands in a block of code',
  comment: 'it stands in a comment',
  quotation: 'it stands in a quotation',
} as const;

const GROUP = 'it is a group of the tasks below it';

const KIND: Readonly<Record<SectionKind, string>> = {
  tasks: 'it stands among tasks without a box or an id of one',
  criteria: 'it is a criterion',
  risks: 'it is a risk or an open question',
  requirements: 'it is a requirement',
  roadmap: 'it describes a phase; tasks were found elsewhere',
  dependencies: 'it describes an order of tasks',
  files: 'it names files',
  examples: 'it is an example or an overview of tasks listed elsewhere',
  shared: 'it names a shared path',
  notes: 'it is a note',
  other: 'it is not in a list of tasks',
};

/** Every list item that is neither a task nor part of one, with the reason. */
export function accountForItems(
  outline: Outline,
  drafts: readonly TaskDraft[],
  reasons: ReadonlyMap<number, string> = new Map(),
): Skipped[] {
  const isTaken = new Uint8Array(outline.lines.length + 2);
  for (const draft of drafts) {
    for (let line = draft.line; line <= Math.min(draft.endLine, outline.lines.length); line += 1)
      isTaken[line] = 1;
  }
  const isGroup = (item: Item): boolean => isTaken.subarray(item.line, item.endLine + 1).includes(1);
  const items = outline.items
    .filter((item) => isTaken[item.line] !== 1)
    .map((item) => ({
      text: item.text,
      line: item.line,
      column: item.column,
      reason: isGroup(item) ? GROUP : reasonOf(item, reasons),
    }));
  const hidden = outline.hidden
    .filter((item) => isTaken[item.line] !== 1)
    .map(({ text, line, where }) => ({ text, line, column: 1, reason: WHERE[where] }));
  return [...items, ...hidden]
    .sort((a, b) => a.line - b.line)
    .map(({ text, line, column, reason }) => ({
      text: text.slice(0, 200),
      range: rangeAt(line, column),
      reason,
    }));
}

function reasonOf(item: Item, reasons: ReadonlyMap<number, string>): string {
  let at: Item | undefined = item;
  for (; at !== undefined; at = at.parent) {
    const reason = reasons.get(at.line);
    if (reason !== undefined) return reason;
  }
  return KIND[sectionKindOf(item.section)];
}
