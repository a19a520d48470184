import { fieldName } from './field-name.ts';
import type { Outline, Table } from './outline.ts';
import { FIRST_ID, sentenceOrders, type Order, type Target } from './order-sentence.ts';
import { isGroupName, readIdList } from './reference.ts';
import { kindOfTitle } from './section-kind.ts';
import type { TaskDraft } from './task-draft.ts';
import { flatten } from './task-text.ts';

const ARROW = /\s*(?:-{1,2}>|→|⟶|➜|➔|⇒|=>)\s*/u;

/** Adds what a section on dependencies says of single tasks: arrows, "T009 before T010", "T010 depends on T009". */
export function readSectionOrder(outline: Outline, drafts: readonly TaskDraft[]): void {
  const byId = bearersOf(drafts);
  if (byId.size === 0) return;
  for (const { text, line, orders } of orderLines(outline)) {
    for (const { before, after } of orders ?? ordersIn(text)) {
      for (const target of after.flatMap((one) => expand(one, byId))) {
        for (const draft of byId.get(target.toLowerCase()) ?? [])
          draft.references.push({
            targets: before,
            reason: before.every(isGroupName) ? 'group' : 'section',
            why: `line ${line}: ${text.slice(0, 100)}`,
            line,
            isCertain: false,
          });
      }
    }
  }
}

/** Tasks by id, and by the numbers of the groups they are in. */
function bearersOf(drafts: readonly TaskDraft[]): ReadonlyMap<string, readonly TaskDraft[]> {
  const byId = new Map<string, TaskDraft[]>();
  for (const draft of drafts) {
    for (const name of new Set(draft.aliases.filter((alias) => /^\d+$/u.test(alias)))) {
      const list = byId.get(name);
      if (list === undefined) byId.set(name, [draft]);
      else list.push(draft);
    }
  }
  for (const draft of drafts) if (draft.id !== undefined) byId.set(draft.id.toLowerCase(), [draft]);
  return byId;
}

function expand(target: Target, byId: ReadonlyMap<string, unknown>): string[] {
  if (typeof target === 'string') return [target];
  const [low, high] = [/(\d+)\D*$/u.exec(target.from), /(\d+)\D*$/u.exec(target.to)];
  if (low === null || high === null) return [];
  const prefix = target.from.slice(0, low.index);
  const width = (low[1] ?? '').length;
  const count = Math.min(Number(high[1]) - Number(low[1]), 1000);
  return Array.from(
    { length: Math.max(0, count + 1) },
    (_, step) => prefix + String(Number(low[1]) + step).padStart(width, '0'),
  ).filter((id) => byId.has(id.toLowerCase()));
}

interface OrderLine {
  readonly text: string;
  readonly line: number;
  /** What the line says, where its place in a table tells. */
  readonly orders?: readonly Order[];
}

function orderLines(outline: Outline): OrderLine[] {
  const lines: OrderLine[] = [];
  for (const section of outline.sections) {
    const isPlan = section.path.some((title) => /\bexecution plan\b/iu.test(title));
    const isOrder = section.path.some((title) => kindOfTitle(title) === 'dependencies');
    if (!isOrder && !isPlan) continue;
    for (const block of section.blocks) {
      // Elsewhere than in a section on dependencies only what is drawn is an order.
      if (!isOrder && block.kind !== 'fence') continue;
      if (block.kind === 'item')
        lines.push(
          ...[block, ...flatten(block.children)].flatMap((item) =>
            [item.text, ...item.notes].map((text) => ({ text, line: item.line })),
          ),
        );
      else if (block.kind === 'paragraph') lines.push({ text: block.text, line: block.line });
      else if (block.kind === 'fence')
        block.lines.forEach((text, index) => lines.push({ text, line: block.line + index + 1 }));
      else lines.push(...tableLines(block));
    }
  }
  return lines.map((line) => ({ ...line, text: line.text.slice(0, 4000) }));
}

/** Rows of a table; where a column is called "Depends on" or "Blocks" its ids stand before or after the row's own. */
function tableLines({ rows }: Table): OrderLine[] {
  const names = (rows[0]?.cells ?? []).map((cell) => fieldName(cell.replace(/[*_`]/gu, '')));
  const own = Math.max(
    0,
    names.findIndex((name) => name === 'id' || name === 'title'),
  );
  const isOrder = names.includes('depends') || names.includes('blocks');
  return rows.map(({ cells, line }, index) => {
    const text = cells.join(' | ');
    if (!isOrder) return { text, line };
    const self = index === 0 ? [] : cellIds(cells[own]).slice(0, 1);
    const orders = cells.flatMap((cell, column): Order[] => {
      const ids = column === own ? [] : cellIds(cell);
      if (ids.length === 0 || self.length === 0) return [];
      if (names[column] === 'depends') return [{ before: ids, after: self }];
      return names[column] === 'blocks' ? [{ before: self, after: ids }] : [];
    });
    return { text, line, orders };
  });
}

function cellIds(cell: string | undefined): readonly Target[] {
  return readIdList((cell ?? '').replace(/[*`]/gu, '').trim()).targets;
}

function ordersIn(text: string): Order[] {
  if (!/\d/u.test(text)) return [];
  const plain = text.replace(/[*`]/gu, '');
  if (ARROW.test(plain)) return NUMBERS_ONLY.test(plain) ? numberArrows(plain) : arrows(plain);
  const numbered = NUMBER_ORDER.exec(plain);
  if (numbered !== null) {
    const before = readIdList(numbered[2] ?? '').targets;
    return before.length === 0 ? [] : [{ before, after: [numbered[1] ?? ''] }];
  }
  return text.split(/(?<=[.。])\s/u).flatMap((sentence) => sentenceOrders(sentence.replace(/[*`]/gu, '')));
}

// Where ids are numbers (`1 --> 2.1`, `3.1 depends on 1.2`) nothing else may stand on the line.
const NUMBERS_ONLY =
  /^[\s(]*(?:tasks?\s+)?\d+(?:\.\d+)*(?:\s*[,&]\s*\d+(?:\.\d+)*)*(?:\s*(?:-{1,2}>|→|⟶|➜|➔|⇒|=>)\s*(?:tasks?\s+)?\d+(?:\.\d+)*(?:\s*[,&]\s*\d+(?:\.\d+)*)*)+[\s).;]*$/iu;
const NUMBER_ORDER =
  /^\s*(?:(?:tasks?|groups?|sections?)\s+)?#?(\d+(?:\.\d+)*)[:.)]?\s+(?:depends? (?:up)?on|requires?|is blocked by|blocked by|after|waits? for|needs)\s*:?\s+(?:(?:tasks?|groups?|sections?)\s+)?(#?\d.*)$/iu;

function numberArrows(text: string): Order[] {
  const steps = text.split(new RegExp(ARROW, 'u')).map((step) => readIdList(step.trim()).targets);
  return steps.slice(1).map((after, index) => ({ before: steps[index] ?? [], after }));
}

/** `T002 → T003, T004 (same file) → T005`: each step before the next. */
function arrows(text: string): Order[] {
  return text
    .split(/;|\.\s|。/u)
    .flatMap(pairs)
    .flatMap((clause) => {
      const steps = clause.split(new RegExp(ARROW, 'u')).map((step, index) => stepIds(step, index === 0));
      const orders: Order[] = [];
      for (let index = 1; index < steps.length; index += 1) {
        const [before, after] = [steps[index - 1] ?? [], steps[index] ?? []];
        if (before.length > 0 && after.length > 0) orders.push({ before, after });
      }
      return orders;
    });
}

/** `T006→T010 and T007→T011, T024→T025` are three statements; `T002 → T003, T004 → T005` is one, through both in the middle. */
function pairs(clause: string): readonly string[] {
  const parts = clause
    .replace(/\([^()]{0,200}\)/gu, ' ')
    .split(/,\s+(?:and\s+)?|\s+and\s+/u)
    .filter((part) => FIRST_ID.test(part));
  const isList = /\s+and\s+/u.test(clause) || parts.some((part) => part.split(ARROW).length > 2);
  return isList && parts.length > 1 && parts.every((part) => ARROW.test(part)) ? parts : [clause];
}

/** The ids of a step; in the first step of a chain the ids at its end, after whatever introduces it. */
function stepIds(step: string, isFirst: boolean): readonly Target[] {
  const text = isFirst ? step.slice(Math.max(step.lastIndexOf(':'), step.lastIndexOf('：')) + 1) : step;
  const start = FIRST_ID.exec(text);
  if (start === null) return readIdList(text.trim().replace(/^[[({\s]+/u, '')).targets.filter(isTaskLike);
  return readIdList(text.slice(start.index)).targets;
}

function isTaskLike(target: Target): boolean {
  return typeof target === 'string' && /[A-Za-z]|\./u.test(target);
}
