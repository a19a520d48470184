import { itemTask, splitTaskLine } from './item-task.ts';
import { headingTasks } from './heading-task.ts';
import type { Item, Outline } from './outline.ts';
import type { RungResult } from './prd.ts';
import { tableTasks } from './table-task.ts';
import { isImperative } from './verbs.ts';

const CODE = /^(?:\*\*|\[|`)*(?:FR|REQ|F|R)-?[A-Z]{0,4}-?\d+(?:\.\d+)*\b/u;
const MUST = /\b(?:must|shall|should|will|can|needs? to|has to)\b/iu;

/** Rung 3: requirements with a code (`FR-001`, `REQ-2`) that demand an action; statements of fact are none. */
export function requirementTasks(outline: Outline): RungResult {
  const headed = headingTasks(outline, /^(?:FR|REQ)[ -]?[A-Z]{0,4}-?\d+/u);
  if (headed.length > 0) return { drafts: headed, stages: [] };
  const drafts = outline.items.filter(isDemand).map((item) => itemTask(item));
  if (drafts.length > 0) return { drafts, stages: [] };
  const rows = outline.sections.flatMap((section) =>
    section.blocks.flatMap((block) => {
      if (block.kind !== 'table') return [];
      const coded = {
        ...block,
        rows: block.rows.filter((row, index) => index === 0 || CODE.test(row.cells[0] ?? '')),
      };
      return tableTasks(coded, section);
    }),
  );
  return { drafts: rows, stages: [] };
}

function isDemand(item: Item): boolean {
  if (!CODE.test(item.text)) return false;
  const { text } = splitTaskLine(item.text);
  return isImperative(text.replace(/^[^:：]{1,60}[:：]\s*/u, '')) || isImperative(text) || MUST.test(text);
}
