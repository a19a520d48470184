import { cleanPath, isFileName, type CleanPath, type Markup } from './path-text.ts';

/** What a text says a path is for. */
export type PathRole = 'write' | 'read' | 'forbidden';

/** A path in running text. */
export interface PathMention extends CleanPath {
  readonly role: PathRole;
  readonly mode: 'create' | 'modify' | 'delete' | 'unknown';
  /** Offset in the text. */
  readonly start: number;
  readonly markup: Markup;
}

const LINK = /\[([^\][]*)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+"[^"]*")?\)/gu;
const CODE = /(`{1,2})((?:(?!\1).){1,400})\1/gu;
const BARE = /[^\s`"'“”‘’«»|,;、，。；：（）「」『』【】！？→←↔⇒]+/gu;

/** Words before a path by which it is not written but looked at. */
const READ_BEFORE =
  /(?:\brather than|\binstead of|\bunlike|\bmirror(?:s|ing)?|\b(?:just )?like|\bsimilar to|\bfollow(?:s|ing)?|\bsee(?: also)?|\bcf\.?|\bper|\bfrom|\bbased on|\baccording to|\bread(?:s|ing)?|\breference(?:s|d)?|\brefer(?:s|ring)? to|\bas in|\bdefined in|\bdescribed in|\bimport(?:s|ed|ing)?(?: [`\w{},* ]{1,40})? from|\bagainst|\bvia|\bmatch(?:es|ing)?|\bcoverage (?:of|in|from)|\bpattern (?:of|in|from)|\balready (?:in|exists in)|\bexisting|\bthan|\bvs\.?|\bcompare(?:d)? (?:to|with)|\busing|\buses?|\bconsume[sd]?|\bcited? (?:in|by)|\bsubsumed by|\bcit(?:e|ing)|\bsource:|\bspec:|参照|参考|に従[いっ]て|根据|参照：?|遵循|而不是)[\s:：*_~(]*(?:the |a |an |its |our )?(?:existing |same )?[\s`*_[(]*$/iu;
const FORBIDDEN_BEFORE =
  /(?:\b(?:do(?:es)? not|don['’]t|never|must not|should not|shouldn['’]t|without|no need to|not) (?:touch|edit|chang|modif|updat|alter|writ|creat|rewrit|remov|delet|us)\w*|\bnot(?: in)?|\bexcept(?: for)?|\bexcluding)[\s:：*_]*(?:the |any )?[\s`*_[(]*$/iu;
const DELETE_BEFORE = /\b(?:delete|remove|drop|retire)[sd]?(?: the)?(?: old| legacy| unused)?[\s`*_[(]*$/iu;
const CREATE_BEFORE =
  /\b(?:create[sd]?|creating|add(?:s|ed)?(?: a)? new|new(?: file| module| component)?|scaffold|generate|initiali[sz]e|introduce)\b[^.;]{0,60}$/iu;
const MODIFY_BEFORE =
  /\b(?:update[sd]?|modif(?:y|ies)|edit|extend|refactor|fix|change|wire|rename|move|migrate|replace|extract|register|adjust|patch)\b[^.;]{0,60}$/iu;
const DESIGN_DOCUMENT =
  /(?:^|\/)(?:data-model|research|plan|spec|quickstart|tasks|requirements|design|prd|constitution)\.md$|(?:^|\/)contracts?\/|(?:^|\/)specs?\/[^/]+\/[^/]+\.(?:md|ya?ml)$/iu;

/** Every path in a text, in order, links first taken as links, code spans as code, the rest as bare words. */
export function findPaths(text: string): PathMention[] {
  if (text.length > MAX_TEXT) return findPaths(text.slice(0, MAX_TEXT));
  if (!/[./]|file\b/iu.test(text)) return [];
  const mentions: PathMention[] = [];
  const blank = (match: string): string => ' '.repeat(match.length);
  for (const match of text.matchAll(LINK)) addLink(mentions, text, match);
  let rest = text.replace(LINK, blank);
  for (const match of rest.matchAll(CODE))
    addSpan(mentions, text, { start: match.index + (match[1]?.length ?? 1), inner: match[2] ?? '' });
  rest = rest.replace(CODE, blank);
  for (const match of rest.matchAll(BARE)) addBare(mentions, text, { start: match.index, inner: match[0] });
  return mentions.sort((a, b) => a.start - b.start);
}

const MAX_TEXT = 20_000;

interface Token {
  readonly start: number;
  readonly inner: string;
}

function addLink(mentions: PathMention[], text: string, match: RegExpExecArray): void {
  const [, label = '', target = ''] = match;
  if (/^[a-z][a-z+.-]*:|^#/iu.test(target)) {
    addSpan(mentions, text, { start: match.index + 1, inner: label.replaceAll('`', '') });
    return;
  }
  const clean = cleanPath(decode(target.replace(/#.*$/u, '')), 'link');
  if (clean !== undefined) mentions.push(mention(text, { clean, start: match.index, markup: 'link' }));
  else addSpan(mentions, text, { start: match.index + 1, inner: label.replaceAll('`', '') });
}

function decode(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}

function addSpan(mentions: PathMention[], text: string, token: Token): void {
  const pieces = splitTogether(token.inner);
  for (const piece of pieces) {
    for (const path of expandBraces(piece.inner)) {
      const clean = cleanPath(path, 'code');
      if (clean !== undefined)
        mentions.push(mention(text, { clean, start: token.start + piece.start, markup: 'code' }));
    }
  }
}

/** `A.tsx / B.tsx` and `a.ts, b.ts` in one span are several paths; a command line is none. */
function splitTogether(inner: string): Token[] {
  if (!/\s/u.test(inner.trim()))
    return inner.includes('{') || !inner.includes(',') ? [{ start: 0, inner }] : pieces(inner, /[^,]+/gu);
  if (!/[,+/&→]/u.test(inner)) return [];
  const parts = pieces(inner, /[^\s,+&→]+/gu).filter((piece) => piece.inner !== '/');
  const arePaths = parts.every((piece) => cleanPath(piece.inner, 'code') !== undefined);
  return arePaths ? parts : [];
}

function pieces(text: string, pattern: RegExp): Token[] {
  return [...text.matchAll(pattern)].map((match) => ({ start: match.index, inner: match[0] }));
}

function addBare(mentions: PathMention[], text: string, token: Token): void {
  if (!/[./]/u.test(token.inner) && !isFileName(token.inner, false)) return;
  const inner = balanced(token);
  for (const piece of slashPieces(inner)) {
    for (const path of expandBraces(piece.inner)) {
      const clean = cleanPath(path, 'bare');
      if (clean !== undefined) mentions.push(mention(text, { clean, start: piece.start, markup: 'bare' }));
    }
  }
}

/** Without brackets that open before or close after the token: `(src/a.ts)` and `src/a.ts)`. */
function balanced(token: Token): Token {
  let { start, inner } = token;
  const before = inner;
  inner = inner.replace(/^[([{<*_~]+(?![\w.-]+[)\]}]\/)/u, '');
  start += before.length - inner.length;
  inner = inner.replace(/[.:,;!?*_~]+$/u, (end) => (/\/\*+$/u.test(inner) ? end.replace(/[^*]+$/u, '') : ''));
  for (const [open, close] of ['()', '[]', '{}'] as const) {
    if (open === undefined || close === undefined) continue;
    while (inner.endsWith(close) && count(inner, close) > count(inner, open)) inner = inner.slice(0, -1);
  }
  const attached = /^([^()]*\.\w{1,10})\(/u.exec(inner);
  return { start, inner: attached?.[1] ?? inner };
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** `A.tsx/B.tsx` names two files when each part is a file's name. */
function slashPieces(token: Token): Token[] {
  const parts = token.inner.split('/');
  if (parts.length < 2 || parts.length > 6 || !parts.every((part) => isFileName(part, false))) return [token];
  let offset = token.start;
  return parts.map((inner) => {
    const start = offset;
    offset += inner.length + 1;
    return { start, inner };
  });
}

/** `{a,b}.ts` → `a.ts`, `b.ts`; at most 64 results, nested choices left as they are. */
export function expandBraces(text: string): string[] {
  const match = /^([^{}]*)\{([^{}]*,[^{}]*)\}(.*)$/u.exec(text);
  if (match === null) return [text];
  const [, before = '', choices = '', after = ''] = match;
  const rest = expandBraces(after);
  const all = choices.split(',').flatMap((choice) => rest.map((tail) => `${before}${choice.trim()}${tail}`));
  return all.length > 64 ? [text] : all;
}

interface Found {
  readonly clean: CleanPath;
  readonly start: number;
  readonly markup: Markup;
}

function mention(text: string, { clean, start, markup }: Found): PathMention {
  const before = text.slice(Math.max(0, start - 80), start);
  const near = before.slice(-56);
  const context = {
    before: text.slice(Math.max(0, start - 300), start),
    after: text.slice(start, start + 160),
  };
  return {
    ...clean,
    start,
    markup,
    role: roleOf(clean.path, near, context),
    mode: modeOf(before),
  };
}

function roleOf(path: string, near: string, { before, after }: { before: string; after: string }): PathRole {
  if (/^[^.;]{0,60}\(read[- ]only\)/iu.test(after)) return 'read';
  if (
    /\b(?:leave|keep)[\s`*_[(]*$/iu.test(near) &&
    /^\S*\s+(?:unchanged|untouched|as[- ]is|intact|alone)\b/iu.test(after)
  )
    return 'forbidden';
  if (FORBIDDEN_BEFORE.test(near)) return 'forbidden';
  if (READ_BEFORE.test(near)) return 'read';
  const isInParentheses = before.lastIndexOf('(') > before.lastIndexOf(')');
  if (DESIGN_DOCUMENT.test(path) && (isInParentheses || /\b(?:per|from|with|by|of)\b[\s`*[]*$/iu.test(near)))
    return 'read';
  return 'write';
}

function modeOf(before: string): PathMention['mode'] {
  if (DELETE_BEFORE.test(before)) return 'delete';
  const [create, modify] = [before.search(CREATE_BEFORE), before.search(MODIFY_BEFORE)];
  if (create === -1 && modify === -1) return 'unknown';
  return create > modify ? 'create' : 'modify';
}
