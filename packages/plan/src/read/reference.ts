import type { RawReference } from './task-draft.ts';

type Target = RawReference['targets'][number];

const ID = String.raw`(?:phases?|user\s+story)\s+\d{1,3}(?![\d.]*\d)|(?:WP\d{1,4}\/)?(?:[A-Za-z]{1,12}[-_]?\d{1,6}(?:\.\d{1,4})*[a-z]?|#?\d{1,6}(?:\.\d{1,4}){0,3})(?:\.md)?`;
const ONE = new RegExp(
  String.raw`^(?:\*\*|[[(<"'“\x60]|task\s+|tasks\s+|step\s+|story\s+|the\s+|both\s+|all\s+(?:tasks\s+)?(?:of|in|from)\s+|all\s+(?=phase|US\d)|completion of\s+|issue\s+)*(${ID})(?:\*\*|[\])>"'”\x60])*(?:\([^()\s]{1,120}\))?`,
  'iu',
);
const TO = /^\s*(?:[–—~～]|-(?=\s*[A-Za-z#]*\d)|\.{2,3}|\bto\b|\bthrough\b|\bthru\b)\s*/u;
const AND = /^\s*(?:\((?:[^()]{1,60})\)\s*)?(?:,?\s*(?:and|und|et|y|plus)\b|[,+&;/、，和と及∥‖])\s*/u;

/** A list of task ids at the beginning of a text, as far as it reaches: `T001, T003–T005 and WP02`. */
export interface IdList {
  readonly targets: readonly Target[];
  /** Characters read. */
  readonly length: number;
}

/** Reads ids from the start of `text` until something is no id; `24-28h` and `3.5 days` are none. */
export function readIdList(text: string): IdList {
  const targets: Target[] = [];
  let [rest, length] = [text, 0];
  const take = (count: number): void => {
    rest = rest.slice(count);
    length += count;
  };
  for (let count = 0; count < 400; count += 1) {
    const one = ONE.exec(rest);
    if (one === null || isAmount(rest.slice(one[0].length), one[1] ?? '')) break;
    take(one[0].length);
    const from = bare(one[1] ?? '');
    const to = TO.exec(rest);
    const end = to === null ? null : ONE.exec(rest.slice(to[0].length));
    const isRemark = to !== null && /^(?:story|step|issue|phase)\s/iu.test(rest.slice(to[0].length));
    if (to !== null && end !== null && !isRemark && isRange(from, bare(end[1] ?? ''))) {
      if (isAmount(rest.slice(to[0].length + end[0].length), end[1] ?? '')) {
        break;
      }
      targets.push({ from, to: withPrefix(from, bare(end[1] ?? '')) });
      take(to[0].length + end[0].length);
    } else targets.push(afterPhase(targets.at(-1), from));
    const and = AND.exec(rest);
    if (and === null || ONE.exec(rest.slice(and[0].length)) === null) break;
    take(and[0].length);
  }
  return { targets, length };
}

function bare(id: string): string {
  const group = /^(phase|user)\D*(\d+)$/iu.exec(id);
  if (group !== null) return `${/^p/iu.test(id) ? 'phase-' : 'US'}${group[2] ?? ''}`;
  return id.replace(/^#/u, '').replace(/\.md$/u, '');
}

/** True for a phase or a story: what it names is a group of tasks. */
export function isGroupName(target: Target): boolean {
  return /^(?:phase-|US\d)/u.test(typeof target === 'string' ? target : target.from);
}

/** In `Phases 1 and 2` the second number is a phase too. */
function afterPhase(last: Target | undefined, name: string): string {
  return typeof last === 'string' && last.startsWith('phase-') && /^\d+$/u.test(name)
    ? `phase-${name}`
    : name;
}

function isRange(from: string, to: string): boolean {
  return /\d/u.test(to) && (/^\d+$/u.test(to) || prefixOf(from).toLowerCase() === prefixOf(to).toLowerCase());
}

function prefixOf(id: string): string {
  return /^\D*/u.exec(id)?.[0] ?? '';
}

function withPrefix(from: string, to: string): string {
  return /^\d+$/u.test(to) && !/^\d/u.test(from) ? prefixOf(from) + to : to;
}

/** True when a number is followed by a unit or is part of a word, so that it is an amount. */
function isAmount(after: string, id: string): boolean {
  if (!/^#?\d/u.test(id)) return /^[\w]/u.test(after);
  return /^(?:\s*[-–]\s*\d+(?:\.\d+)?)?\s*(?:h|hrs?|hours?|d|days?|m|mins?|minutes?|weeks?|w|s|ms|kb|mb|gb|%|pts?|points?|x)\b|^[A-Za-z_]/iu.test(
    after,
  );
}

const STRONG =
  /(?:\b(?:depend(?:s|ing|ent)? (?:up)?on|depend(?:s|encies|ency)?(?=\s*[:=])|deps?(?=\s*[:=])|blocked[ -]by|prerequisites?|prereqs?|requires? (?:task )?|wait(?:s|ing)? (?:for|on)|builds? (?:up)?on|once|until|follows)\b|depende(?:n)? de|dépend(?:ent|s)? de|abhängig von|hängt (?:ab )?von|зависит от|phụ thuộc(?: vào)?|依存(?:関係)?|依赖(?:于)?|의존(?:성)?|前提)\s*[:：=]?\*{0,2}\s*(?:on\s+)?/giu;
// "Disabled until US2" says when something will be seen, not what the task waits for.
const TEMPORAL = /^(?:once|until|follows)/iu;
const WEAK = /\b(?:requires?|needs?|after|following|once|then)\s+/giu;

/** Every dependency that running text states in words: `(depends on T012, T013)`, `blocked by #4`, `after T003`. */
export function findReferences(text: string, line: number): RawReference[] {
  const found: RawReference[] = [];
  if (!/\d|\ball\b/u.test(text)) return found;
  const seen = new Set<number>();
  for (const [pattern, isCertain] of [
    [STRONG, true],
    [WEAK, false],
  ] as const) {
    for (const match of text.matchAll(pattern)) {
      const start = match.index + match[0].length;
      if (seen.has(start) || isDenied(text.slice(0, match.index), match[0])) continue;
      seen.add(start);
      const reference = referenceAt(text.slice(start, start + 1500), line, isCertain);
      if (reference !== undefined && (reference.reason !== 'group' || !TEMPORAL.test(match[0])))
        found.push({ ...reference, why: quoted(text, match.index, start) + reference.why });
    }
  }
  return [...found, ...goesFirst(text, line), ...postponed(text, line)];
}

// Japanese, Korean and Chinese put the tasks before the word: `T001、T002に依存`.
const POSTFIX = /(?:に依存|(?:の|が)?完了(?:した)?後|에 의존|(?:의 )?완료 후|完成后|之后(?:执行|开始))/gu;
const ONE_ID = String.raw`(?:[A-Z]{1,6}-?\d{1,5}[a-z]?|\d+\.\d+)`;
const IDS = String.raw`${ONE_ID}(?:\s*(?:[,、，・と及和&/]|,?\s+and\s)\s*${ONE_ID})*`;
const IDS_AT_END = new RegExp(String.raw`${IDS}\s*$`, 'u');

function postponed(text: string, line: number): RawReference[] {
  return [...text.matchAll(POSTFIX)].flatMap((match) => {
    const ids = IDS_AT_END.exec(text.slice(Math.max(0, match.index - 160), match.index))?.[0].trim();
    const targets = ids === undefined ? [] : readIdList(ids.replace(/[・と및和]/gu, ',')).targets;
    const why = `${ids ?? ''}${match[0]}`.slice(0, 80);
    return targets.length === 0 ? [] : [{ targets, reason: 'line', why, line, isCertain: true }];
  });
}

/** Between ids and "first": "T001 must be done first". */
export const TO_BE: string = String.raw`(?:(?:must|should|has to|have to|needs? to|is|are|be|go(?:es)?|comes?|runs?|lands?|done|completed?|finished|merged)\s+){0,4}`;
const GOES_FIRST = new RegExp(String.raw`(${IDS})\s+${TO_BE}first(?![\w-])`, 'u');

/** `(T001 first)`, `T001 and T002 must be done first`. */
function goesFirst(text: string, line: number): RawReference[] {
  const match = GOES_FIRST.exec(text);
  const targets = readIdList((match?.[1] ?? '').replace(/[・と及和]/gu, ',')).targets;
  const why = (match?.[0] ?? '').slice(0, 80);
  return targets.length === 0 ? [] : [{ targets, reason: 'line', why, line, isCertain: false }];
}

const FOLLOWED = /\b(?:blocks|unblocks|(?:must|has to) [^.;]{0,30}before|before)\s+(?=[A-Z]{1,6}-?\d)/gu;
const NOT_BEFORE = /\b(?:not|never|cannot|no|n['’]t)\b[^.;,()]{0,40}$|n['’]t\b[^.;,()]{0,40}$/iu;
const MAY = /\b(?:can|may|could|might)\s+(?:\w+\s+){0,3}$/iu;

/** What a task says of those that wait for it: `(blocks T014)`, `must finish before T009`; "not before T003" it waits for itself. */
export function readFollowers(
  text: string,
  line: number,
): { readonly references: readonly RawReference[]; readonly blocks: readonly RawReference[] } {
  const [references, blocks]: [RawReference[], RawReference[]] = [[], []];
  for (const match of text.matchAll(FOLLOWED)) {
    const before = text.slice(0, match.index);
    const { targets, length } = readIdList(text.slice(match.index + match[0].length));
    if (targets.length === 0 || isOfOthers(before)) continue;
    const why = text.slice(match.index, match.index + match[0].length + length);
    const found: RawReference = { targets, reason: 'line', why, line, isCertain: false };
    if (NOT_BEFORE.test(before)) {
      if (match[0].startsWith('before')) references.push({ ...found, why: `not ${why}` });
    } else if (!MAY.test(before)) blocks.push(found);
  }
  return { references, blocks };
}

/** True where a word for an order has other tasks before it: "T003-T006 after T002" says nothing of the task it stands in. */
function isOfOthers(before: string): boolean {
  const clause = /(?:^|[.;(—]\s*)([^.;(—]{0,200})$/u.exec(before)?.[1] ?? '';
  const { targets, length } = readIdList(clause);
  return (
    targets.length > 0 &&
    /^\s*(?:(?:can|may|must|should|only|run|runs|start|starts|come|comes|is|are|be|done)\s+)*$/iu.test(
      clause.slice(length),
    )
  );
}

/** True where the text before a word for an order denies it or names other tasks; "not until T001" denies nothing. */
function isDenied(before: string, word: string): boolean {
  return isOfOthers(before) || (!/^until/iu.test(word) && isNegated(before.slice(-24)));
}

function isNegated(before: string): boolean {
  return /\b(?:not|no longer|never|n['’]t|without)\s+(?:\w+\s+)?$/iu.test(before);
}

function quoted(text: string, start: number, end: number): string {
  return `${text.slice(start, end).replace(/[*:：\s]+$/u, '')} `;
}

/** In prose a lone number counts things, unless nothing but a bracket or a comma follows it: "after 5 failures", "(depends on 3)". */
function isBareNumber(targets: readonly Target[], after: string, isCertain: boolean): boolean {
  if (!targets.every((target) => typeof target === 'string' && /^\d+$/u.test(target))) return false;
  return !isCertain || !/^\s*(?:$|[),.;\]—–-])/u.test(after);
}

function referenceAt(text: string, line: number, isCertain: boolean): RawReference | undefined {
  if (isCertain && /^(?:on )?(?:all|everything)\b(?!\s+(?:of|the)\s)/iu.test(text))
    return { targets: ['*'], reason: 'line', why: 'all', line, isCertain };
  const { targets, length } = readIdList(text);
  const isNamed = /^(?:tasks?|steps?|story|issue)\s/iu.test(text);
  if (targets.length === 0) return undefined;
  if (!isNamed && isBareNumber(targets, text.slice(length), isCertain)) return undefined;
  const isGroup = targets.every(isGroupName);
  // "After phase 2" is told by the phases themselves.
  if (isGroup && !isCertain) return undefined;
  const isWordy = targets.every((target) => typeof target !== 'string' || /[A-Za-z]/u.test(target));
  return {
    targets,
    reason: isGroup ? 'group' : 'line',
    why: text.slice(0, length).trim().slice(0, 80),
    line,
    isCertain: isCertain && isWordy && !isGroup,
  };
}
