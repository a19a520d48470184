import { cleanPath, isFileName, type CleanPath, type Markup } from './path-text.ts';

/** What a text says a path is for. */
export type PathRole = 'write' | 'read' | 'forbidden';

/** A path in running text. */
export interface PathMention extends CleanPath {
  readonly role: PathRole;
  readonly mode: 'create' | 'modify' | 'delete' | 'unknown';
  /** Offsets in the text. */
  readonly start: number;
  readonly end: number;
  readonly markup: Markup;
}

const LINK = /\[([^\][]*)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+"[^"]*")?\)/gu;
const CODE = /(`{1,2})((?:(?!\1).){1,400})\1/gu;
const BARE = /[^\s`"'“”‘’«»|,;、，。；：（）「」『』【】！？→←↔⇒]+/gu;

/** Words before a path by which it is not written but looked at. */
const READ_BEFORE =
  /(?:\brather than|\binstead of|\bunlike|\bmirror(?:s|ing)?|\b(?:just )?like|\bsimilar to|\bfollow(?:s|ing)?|\bsee(?: also)?|\bcf\.?|\bper|\bfrom|\bbased on|\baccording to|\bread(?:s|ing)?|\breference(?:s|d)?|\brefer(?:s|ring)? to|\bas in|\bdefined in|\bdescribed in|\bimport(?:s|ed|ing)?(?: [`\w{},* ]{1,40})? from|\bagainst|\bvia|\bmatch(?:es|ing)?|\bcoverage (?:of|in|from)|\bpattern (?:of|in|from)|\balready (?:in|exists in)|\bexisting|\bthan|\bvs\.?|\bdetect(?:s|ing)?|\bpars(?:e|es|ing)|\binspect(?:s|ing)?|\bscan(?:s|ning)?|\blisted in|\bcompare(?:d)? (?:to|with)|\busing|\buses?|\bconsume[sd]?|\bcited? (?:in|by)|\bsubsumed by|\bcit(?:e|ing)|\bsource:|\bspec:|参照|参考|に従[いっ]て|根据|参照：?|遵循|而不是)[\s:：*_~(]*(?:the |a |an |its |our )?(?:existing |same |new |old |other |shared |current )?[\s`*_[(]*$/iu;
const FORBIDDEN_BEFORE =
  /(?:\b(?:do(?:es)? not|don['’]t|never|must not|should not|shouldn['’]t|without|no need to|not) (?:touch|edit|chang|modif|updat|alter|writ|creat|rewrit|remov|delet|us)\w*|\bnot(?: in)?|\bexcept(?: for)?|\bexcluding)[\s:：*_]*(?:the |any )?[\s`*_[(]*$/iu;
const BOUNDARY_BEFORE = /\b(?:BOUNDAR(?:Y|IES)|OFF[- ]LIMITS)\b[\s:：|*_`[(→-]*$/u;
// "Remove the flag from a.ts" writes a.ts.
const FROM_WRITTEN =
  /\b(?:remove|delete|drop|strip|clean|extract|move|export|re-export|eliminate|purge|unexport|call(?:ed|s|ing)?|invoke[ds]?|rename)\b[^.;]{0,70}\bfrom[\s`*_[]*$/iu;
// "Update the API reference docs/api.md" writes it.
const REFERENCE_NOUN =
  /\b(?:updat(?:e|ing)|writ(?:e|ing)|add|creat(?:e|ing)|extend|refresh|generate|document)\b[^.;]{0,40}\breferences?[\s`*_[(]*$/iu;
const MIRROR_NOUN = /\b(?:the|a|an|its|add)\s+(?:\w+\s+){0,2}mirror[\s`*_[]*$/iu;
const READ_AFTER =
  /^\S*[\s,(—–-]*(?:reused|already (?:exists?|in place|there|has|have)|unchanged|untouched|for reference|as (?:a )?reference|read-only)\b/iu;
const JOINT = /^[\s`*_,/&+、，]*(?:(?:and|or|und|et|y|と|和|및)(?:\s+(?:in|to|into))?[\s`*_[]*)?$/u;
const DOCUMENT_WRITTEN =
  /\b(?:updat(?:e|ing)|writ(?:e|ing)|creat(?:e|ing)|edit|amend|append|extend|fix|refresh|sync|document(?: \w+){0,4} in|(?:record|implement)\b[^.;(]{0,50}?\bin|add(?: \w+){0,6} to|fill(?: in)?|revise|generate)\b(?![^.;(]*\b(?:per|from|in|of|see|with|by|against|to match|listed|described|defined)\b)[^.;(]{0,40}$/iu;
const DELETE_BEFORE = /\b(?:delete|remove|drop|retire)[sd]?(?: the)?(?: old| legacy| unused)?[\s`*_[(]*$/iu;
const CREATE_BEFORE =
  /\b(?:create[sd]?|creating|add(?:s|ed)?(?: a)? new|new(?: file| module| component)?|scaffold|generate|initiali[sz]e|introduce)\b[^.;]{0,60}$/iu;
const MODIFY_BEFORE =
  /\b(?:update[sd]?|modif(?:y|ies)|edit|extend|refactor|fix|change|wire|rename|move|migrate|replace|extract|register|adjust|patch)\b[^.;]{0,60}$/iu;
const DESIGN_DOCUMENT =
  /(?:^|\/)(?:data-model|research|plan|spec|quickstart|tasks|requirements|design|prd|constitution)\.md$|(?:^|\/)contracts?\/(?:[^/]+\.(?:md|ya?ml|json))?$|(?:^|\/)specs?\/[^/]+\/[^/]+\.(?:md|ya?ml)$/iu;

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
  return joined(
    mentions.sort((a, b) => a.start - b.start),
    text,
  );
}

const MAX_TEXT = 20_000;

/** Paths in a row share the role of the first; names beside one folder lie in it. */
function joined(mentions: readonly PathMention[], text: string): PathMention[] {
  const shared: PathMention[] = [];
  for (const mention of mentions) {
    const last = shared.at(-1);
    const between = last === undefined ? ' x ' : text.slice(last.end, mention.start);
    const isRow = last !== undefined && between.length < 24 && JOINT.test(between);
    const isSame =
      isRow && (mention.role === 'write' || (last.role === 'write' && isDesignDocument(mention.path)));
    shared.push(isSame ? { ...mention, role: last.role } : mention);
  }
  return inFolder(shared, text);
}

function isDesignDocument(path: string): boolean {
  return DESIGN_DOCUMENT.test(path) && !/(?:^|\/)(?:tests?|__tests__)\//u.test(path);
}

/** `Create \`a.ts\` and \`b.ts\` in \`src/x/\`` names src/x/a.ts and src/x/b.ts. */
function inFolder(mentions: readonly PathMention[], text: string): PathMention[] {
  const folders = mentions.filter((mention) => mention.path.endsWith('/') && mention.role === 'write');
  const [folder] = folders;
  const names = mentions.filter(
    (mention) => !mention.path.includes('/') && mention.role === 'write' && mention.symbol === undefined,
  );
  if (folder === undefined || folders.length > 1 || names.length === 0) return [...mentions];
  const before = text.slice(Math.max(0, folder.start - 24), folder.start);
  const after = text.slice(folder.end, folder.end + 12);
  const holds =
    /\b(?:in|under|inside|into|within|at|beneath)[\s`*_[]*(?:the )?[`*_[\s]*$/iu.test(before) ||
    /^[`*_\s]*(?:目录|下|配下|に|フォルダ|내|에)/u.test(after);
  if (!holds) return [...mentions];
  return mentions
    .filter((mention) => mention !== folder)
    .map((mention) => (names.includes(mention) ? { ...mention, path: folder.path + mention.path } : mention));
}

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
  if (clean !== undefined)
    mentions.push(mention(text, { clean, start: match.index, length: match[0].length, markup: 'link' }));
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
        mentions.push(
          mention(text, {
            clean,
            start: token.start + piece.start,
            length: piece.inner.length + 1,
            markup: 'code',
          }),
        );
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
  for (const piece of latinRuns(token).flatMap((run) => slashPieces(balanced(run)))) {
    for (const path of expandBraces(piece.inner)) {
      const clean = cleanPath(path, 'bare');
      if (clean !== undefined)
        mentions.push(
          mention(text, { clean, start: piece.start, length: piece.inner.length, markup: 'bare' }),
        );
    }
  }
}

/** In scripts that write no spaces a path ends where its letters do: `src/a.tsに追加` holds `src/a.ts`. */
function latinRuns(token: Token): Token[] {
  if (!/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(token.inner))
    return [token];
  const runs = [...token.inner.matchAll(/[!-~]+/gu)].map((run) => ({
    start: token.start + run.index,
    inner: run[0],
  }));
  return runs.some((run) => cleanPath(run.inner, 'bare') !== undefined) ? runs : [token];
}

/** Without brackets that open before or close after the token: `(src/a.ts)` and `src/a.ts)`. */
function balanced(token: Token): Token {
  let { start, inner } = token;
  const before = inner;
  inner = inner.replace(/^[([{<*~]+(?![\w.-]+[)\]}]\/)/u, '');
  if (inner.endsWith('_') || /_[.,;:!?]+$/u.test(inner)) inner = inner.replace(/^_+/u, '');
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
  readonly length: number;
  readonly markup: Markup;
}

function mention(text: string, { clean, start, length, markup }: Found): PathMention {
  const before = text.slice(Math.max(0, start - 80), start);
  const near = before.slice(-56);
  const context = {
    before: text.slice(Math.max(0, start - 300), start),
    after: text.slice(start, start + 160),
  };
  return {
    ...clean,
    start,
    end: start + length,
    markup,
    role: roleOf(clean.path, near, context),
    mode: modeOf(before),
  };
}

function roleOf(path: string, near: string, { before, after }: { before: string; after: string }): PathRole {
  if (/^[^.;]{0,60}\(read[- ]only\)/iu.test(after) || READ_AFTER.test(after)) return 'read';
  if (
    /\b(?:leave|keep)[\s`*_[(]*$/iu.test(near) &&
    /^\S*\s+(?:unchanged|untouched|as[- ]is|intact|alone)\b/iu.test(after)
  )
    return 'forbidden';
  if (FORBIDDEN_BEFORE.test(near) || BOUNDARY_BEFORE.test(near)) return 'forbidden';
  if (
    /\btests? (?:for|of|against|covering)[\s`*_[]*$/iu.test(near) &&
    !/(?:^|\/)(?:tests?|__tests__|e2e|spec)\/|[._-](?:test|spec)s?\.|(?:^|\/)test_/iu.test(path)
  )
    return 'read';
  if (READ_BEFORE.test(near) && !MIRROR_NOUN.test(near) && !REFERENCE_NOUN.test(near))
    return FROM_WRITTEN.test(before) ? 'write' : 'read';
  const isInParentheses = before.lastIndexOf('(') > before.lastIndexOf(')');
  if (isDesignDocument(path) && (isInParentheses || !DOCUMENT_WRITTEN.test(before))) return 'read';
  return 'write';
}

function modeOf(before: string): PathMention['mode'] {
  if (DELETE_BEFORE.test(before)) return 'delete';
  const [create, modify] = [before.search(CREATE_BEFORE), before.search(MODIFY_BEFORE)];
  if (create === -1 && modify === -1) return 'unknown';
  return create > modify ? 'create' : 'modify';
}
