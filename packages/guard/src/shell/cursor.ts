import { ShellTooComplex } from './syntax.ts';

const MAX_LENGTH = 512 * 1024;
const MAX_DEPTH = 40;

/** A reading position in a script. */
export interface Cursor {
  readonly text: string;
  at: number;
  readonly depth: number;
}

/** A cursor at the start of a script; `depth` counts nested scripts. Refuses monsters with {@link ShellTooComplex}. */
export function openCursor(text: string, depth: number): Cursor {
  if (text.length > MAX_LENGTH || depth > MAX_DEPTH) throw new ShellTooComplex();
  return { text, at: 0, depth };
}

/** A cursor for a substitution that begins at `at` of the same text. */
export function openNested(cursor: Cursor, at: number): Cursor {
  if (cursor.depth >= MAX_DEPTH) throw new ShellTooComplex();
  return { text: cursor.text, at, depth: cursor.depth + 1 };
}

/** True when the text goes on with `what`. */
export function isNext(cursor: Cursor, what: string): boolean {
  return cursor.text.startsWith(what, cursor.at);
}

/** The text up to the bracket that closes the one just passed, which is passed too; quotes are respected. */
export function readBalanced(cursor: Cursor, open: string, close: string): string {
  const start = cursor.at;
  let depth = 1;
  while (cursor.at < cursor.text.length) {
    const char = cursor.text.charAt(cursor.at);
    if (char === '\\') cursor.at += 1;
    else if (char === "'" || char === '"') skipQuoted(cursor, char);
    else if (char === open) depth += 1;
    else if (char === close) depth -= 1;
    cursor.at += 1;
    if (depth === 0) return cursor.text.slice(start, cursor.at - 1);
  }
  return cursor.text.slice(start);
}

// Ends on the closing quote.
function skipQuoted(cursor: Cursor, quote: string): void {
  cursor.at += 1;
  while (cursor.at < cursor.text.length && cursor.text.charAt(cursor.at) !== quote) {
    if (quote === '"' && cursor.text.charAt(cursor.at) === '\\') cursor.at += 1;
    cursor.at += 1;
  }
}
