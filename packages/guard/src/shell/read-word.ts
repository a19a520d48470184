import { isNext, openCursor, openNested, readBalanced, type Cursor } from './cursor.ts';
import { readTokens } from './read-tokens.ts';
import type { Word, WordPart } from './syntax.ts';

const WORD_END = ' \t\r\n;&|()<>';
// Where something begins that is not itself: within double quotes, and outside of any.
const ACTIVE = '`$\\';
const SPECIAL = `${WORD_END}${ACTIVE}'"`;

/** Reads one word from an unquoted position: quoting, escapes, expansions and substitutions, until a metacharacter. */
export function readWord(cursor: Cursor): Word {
  const parts: WordPart[] = [];
  while (cursor.at < cursor.text.length) {
    const char = cursor.text.charAt(cursor.at);
    if (WORD_END.includes(char)) break;
    if (char === '\\') readEscape(cursor, parts);
    else if (char === "'") readSingleQuoted(cursor, parts);
    else if (char === '"') readDoubleQuoted(cursor, parts);
    else if (char === '`') parts.push(readBackticks(cursor, false));
    else if (char === '$') readDollar(cursor, parts, false);
    else push(parts, readPlain(cursor, SPECIAL), false);
  }
  return parts;
}

/** Parts of text in which only `$`, backticks and escapes mean anything: a here-document's body. */
export function readHeredocParts(text: string, depth: number): Word {
  const parts: WordPart[] = [];
  const cursor = openCursor(text, depth);
  while (cursor.at < text.length) readQuotedPart(cursor, parts, ACTIVE);
  return parts;
}

function push(parts: WordPart[], text: string, isQuoted: boolean): void {
  const last = parts.at(-1);
  if (last?.kind === 'text' && last.isQuoted === isQuoted)
    parts[parts.length - 1] = { ...last, text: last.text + text };
  else parts.push({ kind: 'text', text, isQuoted });
}

function readEscape(cursor: Cursor, parts: WordPart[]): void {
  const next = cursor.text.charAt(cursor.at + 1);
  cursor.at += 2;
  if (next !== '\n') push(parts, next, true);
}

function readSingleQuoted(cursor: Cursor, parts: WordPart[]): void {
  const end = cursor.text.indexOf("'", cursor.at + 1);
  const stop = end === -1 ? cursor.text.length : end;
  push(parts, cursor.text.slice(cursor.at + 1, stop), true);
  cursor.at = stop + 1;
}

function readDoubleQuoted(cursor: Cursor, parts: WordPart[]): void {
  cursor.at += 1;
  push(parts, '', true);
  while (cursor.at < cursor.text.length && cursor.text.charAt(cursor.at) !== '"')
    readQuotedPart(cursor, parts, `${ACTIVE}"`);
  cursor.at += 1;
}

function readQuotedPart(cursor: Cursor, parts: WordPart[], special: string): void {
  const char = cursor.text.charAt(cursor.at);
  if (char === '`') parts.push(readBackticks(cursor, true));
  else if (char === '$') readDollar(cursor, parts, true);
  else if (char === '\\') {
    const next = cursor.text.charAt(cursor.at + 1);
    cursor.at += 2;
    if (next !== '\n') push(parts, '$`"\\'.includes(next) ? next : `\\${next}`, true);
  } else push(parts, readPlain(cursor, special), true);
}

// Everything until the next special character.
function readPlain(cursor: Cursor, special: string): string {
  const { text, at } = cursor;
  while (cursor.at < text.length && !special.includes(text.charAt(cursor.at))) cursor.at += 1;
  return text.slice(at, cursor.at);
}

function readBackticks(cursor: Cursor, isQuoted: boolean): WordPart {
  let inner = '';
  cursor.at += 1;
  while (cursor.at < cursor.text.length && cursor.text.charAt(cursor.at) !== '`') {
    if (cursor.text.charAt(cursor.at) === '\\' && '`\\$'.includes(cursor.text.charAt(cursor.at + 1)))
      cursor.at += 1;
    inner += cursor.text.charAt(cursor.at);
    cursor.at += 1;
  }
  cursor.at += 1;
  const tokens = readTokens(openCursor(inner, cursor.depth + 1), undefined);
  return { kind: 'script', tokens, isQuoted, isOutput: true };
}

function readDollar(cursor: Cursor, parts: WordPart[], isQuoted: boolean): void {
  if (isNext(cursor, '$((') || isNext(cursor, '$[')) {
    const open = cursor.text.charAt(cursor.at + 1);
    cursor.at += 2;
    readBalanced(cursor, open, open === '(' ? ')' : ']');
    parts.push({ kind: 'opaque' });
  } else if (isNext(cursor, '$(')) {
    cursor.at += 2;
    parts.push({ kind: 'script', tokens: readNested(cursor), isQuoted, isOutput: true });
  } else if (isNext(cursor, '${')) {
    cursor.at += 2;
    parts.push(...readBraced(cursor, isQuoted));
  } else if (!isQuoted && isNext(cursor, "$'")) readAnsiQuoted(cursor, parts);
  else if (!isQuoted && isNext(cursor, '$"')) cursor.at += 1;
  else readVariable(cursor, parts, isQuoted);
}

function readNested(cursor: Cursor): ReturnType<typeof readTokens> {
  const inner = openNested(cursor, cursor.at);
  const tokens = readTokens(inner, ')');
  cursor.at = inner.at;
  return tokens;
}

function readBraced(cursor: Cursor, isQuoted: boolean): readonly WordPart[] {
  const text = readBalanced(cursor, '{', '}');
  if (/^(?:[A-Za-z_]\w*(?:\[@\])?|\d+|@)$/u.test(text)) return [{ kind: 'variable', name: text, isQuoted }];
  // `${x:-$(rm a)}`: the value is unknown, the command is not.
  return text.includes('$(') || text.includes('`')
    ? [
        { kind: 'opaque' },
        ...readHeredocParts(text, cursor.depth + 1).filter(({ kind }) => kind === 'script'),
      ]
    : [{ kind: 'opaque' }];
}

function readVariable(cursor: Cursor, parts: WordPart[], isQuoted: boolean): void {
  const name = /^(?:[A-Za-z_]\w*|[\d@])/u.exec(cursor.text.slice(cursor.at + 1, cursor.at + 200))?.[0];
  if (name !== undefined) {
    cursor.at += 1 + name.length;
    parts.push({ kind: 'variable', name, isQuoted });
  } else if (/[*#?$!-]/u.test(cursor.text.charAt(cursor.at + 1))) {
    cursor.at += 2;
    parts.push({ kind: 'opaque' });
  } else {
    cursor.at += 1;
    push(parts, '$', true);
  }
}

const ANSI = /^(?:([abeEfnrtv\\'"?])|x([\dA-Fa-f]{1,2})|u([\dA-Fa-f]{1,4})|([0-7]{1,3}))/u;
const CONTROLS: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  E: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function readAnsiQuoted(cursor: Cursor, parts: WordPart[]): void {
  cursor.at += 2;
  while (cursor.at < cursor.text.length && cursor.text.charAt(cursor.at) !== "'") {
    if (cursor.text.charAt(cursor.at) === '\\') readAnsiEscape(cursor, parts);
    else {
      push(parts, cursor.text.charAt(cursor.at), true);
      cursor.at += 1;
    }
  }
  cursor.at += 1;
  push(parts, '', true);
}

function readAnsiEscape(cursor: Cursor, parts: WordPart[]): void {
  const escape = ANSI.exec(cursor.text.slice(cursor.at + 1, cursor.at + 6));
  const [all = '', simple, hex, wide, octal] = escape ?? [];
  const code = Number.parseInt(wide ?? hex ?? octal ?? 'x', wide !== undefined || hex !== undefined ? 16 : 8);
  cursor.at += 1 + Math.max(all.length, 1);
  if (simple !== undefined) push(parts, CONTROLS[simple] ?? simple, true);
  // Bytes above ASCII may be pieces of a character; the word is then simply not known.
  else if (code < 128 || wide !== undefined) push(parts, String.fromCharCode(code), true);
  else parts.push({ kind: 'opaque' });
}
