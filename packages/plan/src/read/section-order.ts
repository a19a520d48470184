import type { Outline } from './outline.ts';
import { readIdList } from './reference.ts';
import { kindOfTitle } from './section-kind.ts';
import type { TaskDraft } from './task-draft.ts';
import { flatten } from './task-text.ts';

const ARROW = /\s*(?:-{1,2}>|→|⟶|➜|➔|⇒|=>)\s*/u;

/** One statement "this before that" between ids. */
interface Order {
  readonly before: readonly Target[];
  readonly after: readonly Target[];
}
type Target = TaskDraft['references'][number]['targets'][number];

/** Adds what a section on dependencies says of single tasks: arrows, "T009 before T010", "T010 depends on T009". */
export function readSectionOrder(outline: Outline, drafts: readonly TaskDraft[]): void {
  const byId = new Map(
    drafts.flatMap((draft) => (draft.id === undefined ? [] : [[draft.id.toLowerCase(), draft] as const])),
  );
  if (byId.size === 0) return;
  for (const { text, line } of orderLines(outline)) {
    for (const { before, after } of ordersIn(text)) {
      for (const target of after.flatMap((one) => expand(one, byId))) {
        byId.get(target.toLowerCase())?.references.push({
          targets: before,
          reason: 'section',
          why: `line ${line}: ${text.slice(0, 100)}`,
          line,
          isCertain: false,
        });
      }
    }
  }
}

function expand(target: Target, byId: ReadonlyMap<string, TaskDraft>): string[] {
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

function orderLines(outline: Outline): { text: string; line: number }[] {
  const lines: { text: string; line: number }[] = [];
  for (const section of outline.sections) {
    if (!section.path.some((title) => kindOfTitle(title) === 'dependencies')) continue;
    for (const block of section.blocks) {
      if (block.kind === 'item')
        lines.push(
          ...[block, ...flatten(block.children)].flatMap((item) =>
            [item.text, ...item.notes].map((text) => ({ text, line: item.line })),
          ),
        );
      else if (block.kind === 'paragraph') lines.push({ text: block.text, line: block.line });
      else if (block.kind === 'fence')
        block.lines.forEach((text, index) => lines.push({ text, line: block.line + index + 1 }));
      else lines.push(...block.rows.map((row) => ({ text: row.cells.join(' | '), line: row.line })));
    }
  }
  return lines.map(({ text, line }) => ({ text: text.slice(0, 4000), line }));
}

function ordersIn(text: string): Order[] {
  if (!/\d/u.test(text)) return [];
  const plain = text.replace(/[*`]/gu, '');
  if (ARROW.test(plain)) return arrows(plain);
  return text
    .split(/;\s|(?<=[.。])\s/u)
    .flatMap((sentence) => sentenceOrders(sentence.replace(/[*`]/gu, '')));
}

/** `T002 → T003, T004 (same file) → T005`: each step before the next. */
function arrows(text: string): Order[] {
  return text.split(/;|\.\s|。/u).flatMap((clause) => {
    const steps = clause.split(new RegExp(ARROW, 'u')).map((step, index) => stepIds(step, index === 0));
    const orders: Order[] = [];
    for (let index = 1; index < steps.length; index += 1) {
      const [before, after] = [steps[index - 1] ?? [], steps[index] ?? []];
      if (before.length > 0 && after.length > 0) orders.push({ before, after });
    }
    return orders;
  });
}

const FIRST_ID = /(?:WP\d+\/)?\b[A-Z]{1,6}-?\d{1,5}(?:\.\d+)*[a-z]?\b/u;

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

const BEFORE =
  /\b(?:must |should |has to |have to |needs? to )?(?:be )?(?:complete[sd]? |finish(?:ed)? |done |run |land |come |go |precede[sd]? |exist )?(?:before|precedes?|blocks?|unblocks?)\s+/iu;
const AFTER =
  /\b(?:must (?:run |come |follow )?|should (?:run |come )?|can (?:only )?(?:start|begin|run) |runs? |starts? |comes? )?(?:only )?(?:depends? (?:up)?on|after|requires?|needs|waits? (?:for|on)|blocked by|follows)\s*:?\s+/iu;

function sentenceOrders(sentence: string): Order[] {
  for (const [pattern, isBefore] of [
    [BEFORE, true],
    [AFTER, false],
  ] as const) {
    const match = pattern.exec(sentence);
    if (match === null) continue;
    const left = idsAtEnd(sentence.slice(0, match.index));
    const right = stepIds(
      sentence.slice(match.index + match[0].length, match.index + match[0].length + 400),
      false,
    );
    if (
      left.length === 0 ||
      right.length === 0 ||
      !startsWithId(sentence.slice(match.index + match[0].length))
    )
      continue;
    return [isBefore ? { before: left, after: right } : { before: right, after: left }];
  }
  return [];
}

function startsWithId(text: string): boolean {
  const match = FIRST_ID.exec(text);
  return match !== null && match.index < 24;
}

/** The last list of ids before a verb; what stands in brackets explains and is none. */
function idsAtEnd(text: string): readonly Target[] {
  let rest = text.replace(/\([^()]{0,200}\)/gu, ' ');
  let last: readonly Target[] = [];
  for (let start = FIRST_ID.exec(rest); start !== null; start = FIRST_ID.exec(rest)) {
    const list = readIdList(rest.slice(start.index));
    if (list.targets.length > 0) last = list.targets;
    rest = rest.slice(start.index + Math.max(1, list.length));
  }
  return last;
}
