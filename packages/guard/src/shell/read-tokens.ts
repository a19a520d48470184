import { isNext, openNested, readBalanced, type Cursor } from './cursor.ts';
import { readHeredocParts, readWord } from './read-word.ts';
import { ShellTooComplex, type Heredoc, type Token, type Word } from './syntax.ts';

const MAX_TOKENS = 50_000;
const MAX_OPEN = 100;
const REDIRECTS = ['&>>', '&>', '<<<', '<<-', '<<', '<>', '<&', '<', '>>', '>|', '>&', '>'];
const CONTROL = ['&&', '||', '|&', ';;&', ';;', ';&', '|', ';', '&', '(', ')'];

interface PendingHeredoc {
  readonly delimiter: string;
  readonly isQuoted: boolean;
  readonly stripsTabs: boolean;
  readonly target: Heredoc;
}

/**
 * Reads a script into tokens by the POSIX shell's rules (Shell Command Language, 2.3 Token Recognition) and bash's
 * additions. With `closer` it stops after the `)` that closes the substitution it stands in.
 */
export function readTokens(cursor: Cursor, closer: ')' | undefined): readonly Token[] {
  const tokens: Token[] = [];
  const pending: PendingHeredoc[] = [];
  let openParentheses = 0;
  while (cursor.at < cursor.text.length) {
    if (tokens.length > MAX_TOKENS) throw new ShellTooComplex();
    if (skipBlank(cursor)) continue;
    if (cursor.text.charAt(cursor.at) === '\n') {
      cursor.at += 1;
      readHeredocBodies(cursor, pending);
      tokens.push({ kind: 'operator', operator: ';' });
      continue;
    }
    const token = readToken(cursor, pending);
    if (token.kind === 'operator') {
      if (token.operator === '(') openParentheses += 1;
      if (openParentheses > MAX_OPEN) throw new ShellTooComplex();
      if (token.operator === ')') openParentheses -= 1;
      if (openParentheses < 0 && closer === ')') return tokens;
    }
    tokens.push(token);
  }
  return tokens;
}

function skipBlank(cursor: Cursor): boolean {
  const char = cursor.text.charAt(cursor.at);
  if (char === ' ' || char === '\t' || char === '\r') cursor.at += 1;
  else if (isNext(cursor, '\\\n')) cursor.at += 2;
  else if (char === '#') {
    const end = cursor.text.indexOf('\n', cursor.at);
    cursor.at = end === -1 ? cursor.text.length : end;
  } else return false;
  return true;
}

function readToken(cursor: Cursor, pending: PendingHeredoc[]): Token {
  if (isNext(cursor, '<(') || isNext(cursor, '>(')) return readProcessSubstitution(cursor);
  const redirect = redirectAt(cursor);
  if (redirect !== undefined) {
    cursor.at += redirect.descriptor.length + redirect.operator.length;
    return readRedirect(cursor, redirect, pending);
  }
  const arithmetic = isNext(cursor, '((') ? readArithmetic(cursor) : undefined;
  if (arithmetic !== undefined) return arithmetic;
  const operator = CONTROL.find((candidate) => isNext(cursor, candidate));
  if (operator !== undefined) {
    cursor.at += operator.length;
    return { kind: 'operator', operator };
  }
  const before = cursor.at;
  const word = readWord(cursor);
  if (cursor.at === before) cursor.at += 1;
  return { kind: 'word', word };
}

interface Redirect {
  /** As `2` or `{log}`; empty for what the operator implies. */
  readonly descriptor: string;
  readonly operator: string;
}

function redirectAt({ text, at }: Cursor): Redirect | undefined {
  const descriptor = text.charAt(at) === '{' ? namedDescriptor(text.slice(at, at + 80)) : digits(text, at);
  const operator = REDIRECTS.find((candidate) => text.startsWith(candidate, at + descriptor.length));
  return operator === undefined ? undefined : { descriptor, operator };
}

function namedDescriptor(text: string): string {
  return /^\{[A-Za-z_]\w*\}/u.exec(text)?.[0] ?? '';
}

function digits(text: string, at: number): string {
  let end = at;
  while (end < text.length && '0123456789'.includes(text.charAt(end))) end += 1;
  return text.slice(at, end);
}

// `((…))` is arithmetic, kept as a word that begins `((`; anything else that begins so, as `((a) && (b))`, is a subshell in
// a subshell.
function readArithmetic(cursor: Cursor): Token | undefined {
  const start = cursor.at;
  cursor.at += 2;
  const text = readBalanced(cursor, '(', ')');
  if (isNext(cursor, ')')) {
    cursor.at += 1;
    return { kind: 'word', word: [{ kind: 'text', text: `((${text}`, isQuoted: true }] };
  }
  cursor.at = start;
  return undefined;
}

function readProcessSubstitution(cursor: Cursor): Token {
  const inner = openNested(cursor, cursor.at + 2);
  const tokens = readTokens(inner, ')');
  cursor.at = inner.at;
  return { kind: 'word', word: [{ kind: 'script', tokens, isQuoted: true, isOutput: false }] };
}

function readRedirect(cursor: Cursor, { descriptor, operator }: Redirect, pending: PendingHeredoc[]): Token {
  while (isNext(cursor, ' ') || isNext(cursor, '\t')) cursor.at += 1;
  if (isNext(cursor, '<(') || isNext(cursor, '>(')) {
    const inner = readProcessSubstitution(cursor);
    return {
      kind: 'redirect',
      operator,
      descriptor,
      target: inner.kind === 'word' ? inner.word : [],
      heredoc: undefined,
    };
  }
  const target = readWord(cursor);
  if (operator !== '<<' && operator !== '<<-')
    return { kind: 'redirect', operator, descriptor, target, heredoc: undefined };
  const heredoc: Heredoc = { text: '', parts: undefined };
  pending.push({
    delimiter: plainText(target),
    isQuoted: target.some((part) => part.kind === 'text' && part.isQuoted),
    stripsTabs: operator === '<<-',
    target: heredoc,
  });
  return { kind: 'redirect', operator, descriptor, target: [], heredoc };
}

function plainText(word: Word): string {
  return word.map((part) => (part.kind === 'text' ? part.text : '')).join('');
}

function readHeredocBodies(cursor: Cursor, pending: PendingHeredoc[]): void {
  for (const { delimiter, isQuoted, stripsTabs, target } of pending.splice(0)) {
    const lines: string[] = [];
    while (cursor.at < cursor.text.length) {
      const end = cursor.text.indexOf('\n', cursor.at);
      const raw = cursor.text.slice(cursor.at, end === -1 ? undefined : end);
      cursor.at = end === -1 ? cursor.text.length : end + 1;
      const line = stripsTabs ? raw.replace(/^\t+/u, '') : raw;
      if (line.replace(/\r$/u, '') === delimiter) break;
      lines.push(line);
    }
    target.text = lines.map((line) => `${line}\n`).join('');
    target.parts = isQuoted ? undefined : readHeredocParts(target.text, cursor.depth + 1);
  }
}
