import { expandBraces } from './braces.ts';
import type { Token, Word, WordPart } from './syntax.ts';

/** What a word comes to. `undefined` text: only the running shell knows. */
export interface Argument {
  readonly text: string | undefined;
  /** True when the text is a pattern that the shell would match against files. */
  readonly isPattern: boolean;
}

/** An argument that only the running shell knows. */
export const UNKNOWN: Argument = { text: undefined, isPattern: false };

/** What expansion may ask of the script around a word. */
export interface Known {
  readonly home: string | undefined;
  /** Values of a variable as far as the script itself sets it: several only for arrays and `@`. */
  readonly variable: (name: string) => readonly Argument[] | undefined;
  /** What a substitution prints, where that can be told. */
  readonly output: (tokens: readonly Token[]) => string | undefined;
}

const MAX_TEXT = 1024 * 1024;
const GLOB = ['*', '?', '['];

/** Expands a word as the shell would: braces, tilde, known variables and substitutions, splitting, quote removal. */
export function expandWord(word: Word, known: Known): readonly Argument[] {
  const parts = word.length > 1 ? word.filter((part) => !isEmptyQuote(part)) : word;
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && only.kind !== 'text') return fieldsOf(only, known);
  if (parts.length > 1 && parts.some(hasOpenBrace)) return [UNKNOWN];
  let results: readonly Piece[] = [{ text: '', isPattern: false, hasLiteral: false }];
  for (const [index, part] of parts.entries()) {
    const choices = piecesOf(part, index === 0, known);
    if (choices === undefined) return [UNKNOWN];
    results = results.flatMap((left) => choices.map((right) => join(left, right)));
    if (results.some(({ text }) => text.length > MAX_TEXT)) return [UNKNOWN];
  }
  // A quoted `*` beside a real one would need an escape that patterns here do not have.
  return results.map(({ text, isPattern, hasLiteral }) =>
    isPattern && hasLiteral ? UNKNOWN : { text, isPattern },
  );
}

/** The text of a word where nothing is split or matched: an assignment, a here-string, a here-document. */
export function expandText(word: Word, known: Known): string | undefined {
  let text = '';
  for (const [index, part] of word.entries()) {
    if (part.kind === 'text') {
      const isTilde = index === 0 && !part.isQuoted && /^~(?:\/|$)/u.test(part.text);
      text += isTilde && known.home !== undefined ? known.home + part.text.slice(1) : part.text;
    } else {
      const [value, ...more] = part.kind === 'opaque' ? [] : fieldsOf({ ...part, isQuoted: true }, known);
      if (value?.text === undefined || more.length > 0) return undefined;
      text += value.text;
    }
    if (text.length > MAX_TEXT) return undefined;
  }
  return text;
}

interface Piece {
  readonly text: string;
  readonly isPattern: boolean;
  /** True when it holds a quoted `*`, which is none. */
  readonly hasLiteral: boolean;
}

function join(left: Piece, right: Piece): Piece {
  return {
    text: left.text + right.text,
    isPattern: left.isPattern || right.isPattern,
    hasLiteral: left.hasLiteral || right.hasLiteral,
  };
}

function isEmptyQuote(part: WordPart): boolean {
  return part.kind === 'text' && part.isQuoted && part.text === '';
}

// `{a,$x}`: alternatives that are not text alone.
function hasOpenBrace(part: WordPart): boolean {
  if (part.kind !== 'text' || part.isQuoted) return false;
  return part.text.split('{').length !== part.text.split('}').length;
}

function piecesOf(part: WordPart, isFirst: boolean, known: Known): readonly Piece[] | undefined {
  if (part.kind === 'text') return textPieces(part, isFirst, known.home);
  const [value, ...more] = fieldsOf(part, known);
  if (value?.text === undefined || more.length > 0) return undefined;
  const { text, isPattern } = value;
  return [{ text, isPattern, hasLiteral: !isPattern && hasGlob(text) }];
}

function textPieces(
  part: { readonly text: string; readonly isQuoted: boolean },
  isFirst: boolean,
  home: string | undefined,
): readonly Piece[] | undefined {
  const { text, isQuoted } = part;
  if (isQuoted) return [{ text, isPattern: false, hasLiteral: hasGlob(text) }];
  const isTilde = isFirst && text.startsWith('~');
  if (isTilde && (home === undefined || !/^~(?:\/|$)/u.test(text))) return undefined;
  const pieces = expandBraces(isTilde ? `${home ?? ''}${text.slice(1)}` : text);
  return pieces?.map((piece) => ({ text: piece, isPattern: hasGlob(piece), hasLiteral: false }));
}

function fieldsOf(part: Exclude<WordPart, { kind: 'text' }>, known: Known): readonly Argument[] {
  if (part.kind === 'opaque') return [UNKNOWN];
  const values = part.kind === 'variable' ? known.variable(part.name) : outputOf(part, known);
  if (values === undefined) return [UNKNOWN];
  if (part.isQuoted) return values;
  const isSplitOtherwise = known.variable('IFS') !== undefined;
  return values.flatMap((value) => (isSplitOtherwise ? [UNKNOWN] : splitFields(value)));
}

function outputOf(
  part: Extract<WordPart, { kind: 'script' }>,
  known: Known,
): readonly Argument[] | undefined {
  const text = part.isOutput ? known.output(part.tokens) : undefined;
  return text === undefined ? undefined : [{ text: text.replace(/\n+$/u, ''), isPattern: false }];
}

function splitFields(value: Argument): readonly Argument[] {
  if (value.text === undefined || value.isPattern) return [value];
  const fields = value.text.split(/[ \t\n]+/u).filter((field) => field !== '');
  return fields.map((text) => ({ text, isPattern: hasGlob(text) }));
}

function hasGlob(text: string): boolean {
  return GLOB.some((char) => text.includes(char));
}
