import { labelledLine } from './field-name.ts';
import type { Item } from './outline.ts';
import { boxStatus, draftOf, type TaskDraft } from './task-draft.ts';
import { readChildren, readNotes, readTitle } from './task-text.ts';

const ID_PREFIX =
  /^(?:\*\*|~~|\[|`)*((?:[A-Z]{1,10}-?\d{1,6}(?:\.\d+)*[a-z]?|[A-Z]{2,6}-[A-Z]{1,4}-?\d{1,4})|(?:Task|Story|Step|Phase|Stage|Tâche|Issue|Ticket)\s+#?\d+(?:\.\d+)*)(?:\*\*|~~|\]|`)*\s*(?:[:：.)—–-]\s*|(?<=\s))(?=\S)(.+)$/u;
const NUMBER_PREFIX = /^(?:\*\*)?(\d{1,4}(?:\.\d{1,4}){1,4}|\d{1,4}(?=[.)]))\*?[.)]?(?:\*\*)?[.:)]?\s+(.+)$/u;
const FLAG =
  /^\[(P|US\d+|[A-Z]{1,4}-?\d+|[A-Z]{2,12}|Story:? ?US\d+|Risk: ?\w+|PRD: ?[^\]]+|§[^\]]+|P\d)\]\s*|^\((P)\)\s*/u;

// Signs before a task that are no part of its name.
const MARKS = /^(?:(?:✅|☑|✔|✓|⬜|🔲|☐|⏳|🚧|🔄|🔴|🟡|🟢|⭐|🎯|🔥|⚠)\uFE0F?\s*)+/u;

/** The written parts of a task line. */
export interface TaskLine {
  readonly id: string | undefined;
  /** Without id and flags. */
  readonly text: string;
  readonly flags: readonly string[];
}

/** Splits `T012 [P] [US1] Create …`, `**T-01**: …`, `1.2 (P) …` into id, flags and text. */
export function splitTaskLine(line: string): TaskLine {
  const plain = line.replace(MARKS, '');
  const prefixed = ID_PREFIX.exec(plain) ?? NUMBER_PREFIX.exec(plain);
  let [id, text] = [prefixed?.[1], prefixed?.[2] ?? plain];
  if (id !== undefined) id = id.replace(/\s+/gu, '-');
  text = text.replace(/^\*\*\s+/u, '');
  const flags: string[] = [];
  for (let flag = FLAG.exec(text); flag !== null && flags.length < 12; flag = FLAG.exec(text)) {
    flags.push(flag[1] ?? flag[2] ?? '');
    text = text.slice(flag[0].length);
  }
  if (/\s\((?:P)\)\s*$|\s\[P\]\s*$/u.test(text)) flags.push('P');
  return { id, text: text.trim(), flags };
}

/** How an item becomes a task. */
export interface ItemTaskOptions {
  /** Children that are tasks of their own and so no part of this one. */
  readonly withChildren?: boolean;
  readonly section?: readonly string[];
  readonly qualifier?: string;
  /** True where the format has a mark for parallel work, so that its absence means something. */
  readonly hasParallelMark?: boolean;
}

/** The task of a list item: id and flags, box, paths and references of its line, fields and details below. */
export function itemTask(item: Item, options: ItemTaskOptions = {}): TaskDraft {
  const { id, text, flags } = splitTaskLine(item.text);
  const section = options.section ?? [...item.section.path, ...groupsOf(item)];
  const draft = draftOf({
    id,
    title: shortTitle(text),
    section,
    line: item.line,
    column: item.column,
    endLine: options.withChildren === false ? ownEnd(item) : item.endLine,
    ...(options.qualifier === undefined ? {} : { qualifier: options.qualifier }),
  });
  draft.status = statusOf(item);
  draft.optional =
    item.isStarred || /^\d[\d.]*\*/u.test(item.text) || /^\*\s|\(optional\)|\[optional\]/iu.test(item.text);
  draft.parallel = flags.includes('P') ? true : options.hasParallelMark === true ? false : undefined;
  draft.priority = flags.find((flag) => /^P\d$/u.test(flag));
  draft.aliases.push(
    ...numberOf(id),
    ...flags.filter((flag) => /^US\d+$/u.test(flag)),
    ...groupNames(section),
  );
  readTitle(draft, text);
  readNotes(draft, item.notes, item.line);
  const isOwn = (child: Item): boolean => options.withChildren !== false || child.box === undefined;
  readChildren(draft, item.children.filter(isOwn));
  return draft;
}

/** The box, unless a check mark beside it says done or the whole line is struck out. */
function statusOf({ text, box }: Item): TaskDraft['status'] {
  if (/^(?:✅|☑|✔)|✅\s*$/u.test(text)) return 'done';
  const status = boxStatus(box);
  return status === 'todo' && /^~~.*~~\W*$/u.test(text) ? 'cancelled' : status;
}

function ownEnd(item: Item): number {
  const inner = item.children.find((child) => child.box !== undefined);
  return Math.max(item.line, (inner?.line ?? item.endLine + 1) - 1);
}

/** The number by which others mean `Task-1.2`. */
export function numberOf(id: string | undefined): string[] {
  const number = /^(?:Task|Story|Step|Phase|Stage|Issue|Ticket)-(\d+(?:\.\d+)*)$/u.exec(id ?? '')?.[1];
  return number === undefined ? [] : [number];
}

/** Names by which others may mean the headings that a task stands under: `phase-2`, `US1`. */
export function groupNames(section: readonly string[]): string[] {
  return section.flatMap((title) => {
    const phase = /^[^\p{L}\p{N}]*(?:phase|フェーズ|阶段)\s*(\d{1,3})\b/iu.exec(title)?.[1];
    const story = /\b(?:user story|US)\s?(\d{1,3})\b/iu.exec(title)?.[1];
    return [
      ...(phase === undefined ? [] : [`phase-${phase}`]),
      ...(story === undefined ? [] : [`US${story}`]),
    ];
  });
}

function groupsOf(item: Item): string[] {
  const groups: string[] = [];
  for (let at = item.parent; at !== undefined; at = at.parent) groups.unshift(splitTaskLine(at.text).text);
  return groups;
}

const ANNOTATION =
  /\s*[([（](?:(?:est(?:imate)?[.:]?|effort:|size:)?\s*~?\d[\d.]*(?:\s*[-–]\s*\d[\d.]*)?\s*(?:h|hrs?|hours?|d|days?|m|mins?|minutes?|pts?|points?|sp|weeks?)|(?:depends? on|blocked by|after|deps?:|依存|依赖)[^()[\]]*|P|parallel)[)\]）]/giu;

/** The title without annotations that became fields, and without the description after a bold head. */
export function shortTitle(text: string): string {
  const plain = text
    .replace(ANNOTATION, '')
    .replace(/\s*✅\s*$/u, '')
    .trim();
  const bold = /^\*\*([^*]{3,200})\*\*\s*[:：—–-]/u.exec(plain);
  const title = bold?.[1] ?? plain;
  return title.replace(/[:：]\s*$/u, '').trim() || text.trim();
}

/** True for an item that is a field of what stands above it and not work. */
export function isFieldItem(item: Item): boolean {
  return item.box === undefined && labelledLine(item.text) !== undefined;
}
