import { readIdList, TO_BE } from './reference.ts';
import type { RawReference } from './task-draft.ts';

/** An id or a range of ids, as written. */
export type Target = RawReference['targets'][number];

/** One statement "this before that" between ids. */
export interface Order {
  readonly before: readonly Target[];
  readonly after: readonly Target[];
}

/** What begins an id in running text; lone numbers are none. */
export const FIRST_ID: RegExp =
  /(?:WP\d+\/)?\b[A-Z]{1,6}-?\d{1,5}(?:\.\d+)*[a-z]?\b|(?<![\w.])\d{1,3}\.\d{1,3}(?:\.\d{1,3})?(?![\w.]*\d)/u;

const ORDER_WORD =
  /\b(?:before|ahead of|precedes?|prerequisites? (?:of|for)|(?:required|needed) (?:by|for)|gates|(?:un)?blocks?|depend(?:s|ing|ent)? (?:up)?on|rel(?:y|ies) on|builds? (?:up)?on|after|once|requires?|needs?|wait(?:s|ing)? (?:for|on)|blocked (?:by|on)|until|follow(?:s|ing)?)\b\s*:?\s*/giu;
const BEFORE = /^(?:before|ahead|precede|prerequisite|required|needed|gates|(?:un)?block)(?!ed)(?! by)/iu;
const REQUIRED_BY = /^(?:required|needed) (?:by|for)/iu;
const NEGATED =
  /\b(?:not|never|cannot|no|no longer|n['’]t|without|rather than|instead of)\s+(?:\w+\s+){0,3}$|n['’]t\s+(?:\w+\s+){0,3}$/iu;
const PERMITTED = /\b(?:can|may|could|might)\s+(?:\w+\s+){0,3}$/iu;
// What stands between a word for an order and the ids it speaks of is short.
const NEAR = 24;

/**
 * Every order that one sentence states between ids: "T003 after T002, T005 before T006", "Once T001 is done, T002 can start",
 * "T003 (T001 first)". What it only allows ("may run before") or denies ("does not depend on") is none.
 */
export function sentenceOrders(sentence: string): Order[] {
  const clauses = sentence.split(/;\s/u);
  return clauses.flatMap((clause, index) => {
    const near = [
      ...clauses.slice(0, index),
      /^\s*[A-Z]+-?\d/u.test(clauses[index + 1] ?? '') ? clauses[index + 1] : '',
    ];
    return clauseOrders(clause, near.join('; '));
  });
}

// "Tests (T004-T005) before implementation (T006, T007)": the ids that words stand for, right beside the word for the order.
const LISTED = String.raw`\(((?:[A-Z]{1,6}-?\d{1,5}[a-z]?(?:\s*(?:[-–—,&/]|to|through|and)\s*)?)+)\)`;
const LISTED_BEFORE = new RegExp(
  String.raw`^[^()\d]{2,60}${LISTED}(?=\s+(?:(?:must|should|be|complete[ds]?|finish(?:ed)?|done)\s+){0,3}(?:before|blocks?|after|depends?|requires?|needs?)\b)`,
  'u',
);
const LISTED_AFTER = new RegExp(
  String.raw`\b(before|blocks?|after|depends? on|requires?|needs?)\s+(?:\p{L}+\s+){1,3}${LISTED}`,
  'gu',
);

function clauseOrders(given: string, near: string): Order[] {
  const clause = given
    .replace(/(\bT\d{2,5}[a-z]?)['’]s\b/gu, '$1')
    .replace(LISTED_BEFORE, '$1')
    .replace(LISTED_AFTER, '$1 $2');
  const inner: Order[] = [];
  const plain = clause.replace(/\(([^()]{0,200})\)/gu, (whole, text: string, start: number) => {
    const before = lastIds(clause.slice(0, start));
    // "Phase 3 (after T012): T013, T014" speaks of what follows.
    const subject = before.length > 0 ? before : (listAt(clause.slice(start + whole.length))?.targets ?? []);
    inner.push(...firstOrders(text, subject), ...statements(text, subject));
    return ' '.repeat(whole.length);
  });
  const colon = plain.indexOf(': ');
  const head = colon === -1 ? [] : lastIds(plain.slice(0, colon));
  return [...firstOrders(plain, head, near), ...statements(plain), ...inner];
}

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Orders by words that stand between what they order; `given` is meant where nobody is named. */
function statements(text: string, given: readonly Target[] = []): Order[] {
  const words = [...text.matchAll(ORDER_WORD)].map((match): Word => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
  const orders: Order[] = [];
  let subject = lastIds(text.slice(0, words[0]?.start ?? 0));
  if (subject.length === 0) subject = given;
  for (const [index, word] of words.entries()) {
    const next = words[index + 1];
    const segment = text.slice(word.end, next?.start);
    const { objects, others } =
      subject.length === 0 ? leading(segment) : between(segment, next === undefined);
    const sense = senseOf(text.slice(0, word.start), word.text);
    const self = subject.length === 0 ? others : subject;
    if (objects.length > 0 && self.length > 0 && sense !== undefined)
      orders.push(sense === 'before' ? { before: self, after: objects } : { before: objects, after: self });
    if (others.length > 0) subject = others;
    else if (next !== undefined && isChained(word, next, segment) && objects.length > 0) subject = objects;
  }
  return orders;
}

/** In "T001 before T002 before T003" the middle is both; in "T003 needs T001 and blocks T004" it is not. */
function isChained(word: Word, next: Word, segment: string): boolean {
  return BEFORE.test(word.text) === BEFORE.test(next.text) && !/(?:,|\band\b)\s*$/iu.test(segment);
}

/** What a word for an order means behind the text before it; `undefined` where that denies it or only allows it. */
function senseOf(before: string, word: string): 'before' | 'after' | undefined {
  const isNegated = NEGATED.test(before);
  if (REQUIRED_BY.test(word)) return isNegated ? undefined : 'before';
  if (BEFORE.test(word)) {
    // "Must not start before T004" waits for T004.
    if (isNegated) return /^before/iu.test(word) ? 'after' : undefined;
    return PERMITTED.test(before) ? undefined : 'before';
  }
  return isNegated && !/^until/iu.test(word) ? undefined : 'after';
}

interface Objects {
  readonly objects: readonly Target[];
  /** Ids that the rest of the sentence is about. */
  readonly others: readonly Target[];
}

/** The ids right behind a word for an order, and those that the next word has before it. */
function between(segment: string, isLast: boolean): Objects {
  const list = listAt(segment);
  if (list === undefined) return { objects: [], others: isLast ? [] : lastIds(segment) };
  if (isLast) return { objects: list.targets, others: [] };
  const others = lastIds(list.rest);
  if (others.length > 0) return { objects: list.targets, others };
  const comma = /^(.*)(?:,\s*(?:and\s+)?|\s+and\s+)(\S.*)$/u.exec(list.text);
  if (comma === null || /(?:,|\band\b)/iu.test(list.rest)) return { objects: list.targets, others: [] };
  return { objects: idsIn(comma[1] ?? ''), others: idsIn(comma[2] ?? '') };
}

/** "After T001, T002 and T003 can start" and "Once T001 lands: T002, T003": first what comes first, then the others. */
function leading(segment: string): Objects {
  const list = listAt(segment);
  if (list === undefined) return { objects: [], others: lastIds(segment) };
  const comma = /^([^,]*),\s*(\S.*)$/u.exec(list.text);
  if (comma !== null && /^\s*(?:can|may|will|should|must|start|begin|run|in parallel)\b/iu.test(list.rest))
    return { objects: idsIn(comma[1] ?? ''), others: idsIn(comma[2] ?? '') };
  const next = /^[^,:]{0,60}[,:](.*)$/su.exec(list.rest)?.[1] ?? '';
  return { objects: list.targets, others: listAt(next, 60)?.targets ?? [] };
}

interface FoundList {
  readonly targets: readonly Target[];
  readonly text: string;
  readonly rest: string;
}

function listAt(text: string, near = NEAR): FoundList | undefined {
  const start = FIRST_ID.exec(text.slice(0, 600));
  if (start === null || start.index >= near) return undefined;
  const { targets, length } = readIdList(text.slice(start.index));
  const end = start.index + length;
  return targets.length === 0
    ? undefined
    : { targets, text: text.slice(start.index, end), rest: text.slice(end) };
}

function idsIn(text: string): readonly Target[] {
  return readIdList(text.trim()).targets;
}

const FIRST = new RegExp(String.raw`^\s*${TO_BE}first(?![\w-])(.*)$`, 'isu');

/**
 * "T001 first, then T002"; "T002, T003 in parallel (T001 first)" for those that the bracket stands behind; "T002 and T003 in
 * parallel; T001 first" for what stands beside it.
 */
function firstOrders(text: string, subject: readonly Target[], near = ''): Order[] {
  if (!/\bfirst\b/iu.test(text)) return [];
  return idLists(text).flatMap((list): Order[] => {
    const tail = FIRST.exec(list.rest)?.[1];
    if (tail === undefined) return [];
    const then = /^[^.;]{0,40}?\b(?:then|followed by)\b(.*)$/isu.exec(tail)?.[1] ?? '';
    const isAlone = text.trimStart().startsWith(list.text);
    const beside = isAlone ? idLists(`${near}; ${tail}`).flatMap(({ targets }) => targets) : [];
    const after = listAt(then)?.targets ?? (subject.length > 0 ? subject : beside);
    return after.length === 0 ? [] : [{ before: list.targets, after }];
  });
}

/** Every list of ids in a text, at most a hundred. */
function idLists(text: string): FoundList[] {
  const lists: FoundList[] = [];
  let list = listAt(text, text.length);
  for (; list !== undefined && lists.length < 100; list = listAt(list.rest, list.rest.length))
    lists.push(list);
  return lists;
}

const BESIDE =
  /^\s*(?:can |may |could )?(?:run |be done |start |go )?(?:in parallel|concurrently|alongside|together)(?: with)?\s*$/iu;

/** The last list of ids in a text, with those that it says go beside them; what stands in brackets explains and is none. */
function lastIds(text: string): readonly Target[] {
  const lists = idLists(text.replace(/\([^()]{0,200}\)/gu, ' '));
  const [last, other] = [lists.at(-1), lists.at(-2)];
  if (last === undefined) return [];
  const between = other?.rest.slice(0, other.rest.length - last.text.length - last.rest.length) ?? '';
  return BESIDE.test(between) ? [...(other?.targets ?? []), ...last.targets] : last.targets;
}
