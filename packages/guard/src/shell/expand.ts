import type { Word } from './syntax.ts';

/** What a word comes to. `undefined` text: only the running shell knows. */
export interface Argument {
  readonly text: string | undefined;
  /** True when the text is a pattern that the shell would match against files. */
  readonly isPattern: boolean;
}

/** An argument that only the running shell knows. */
export const UNKNOWN: Argument = { text: undefined, isPattern: false };

/** Variables as far as the script itself sets them; several values inside a loop. */
export type Variables = ReadonlyMap<string, readonly Argument[]>;

const MAX_RESULTS = 64;

/** Expands a word as the shell would: braces, tilde, known variables, quote removal. Several results for braces and loop variables. */
export function expandWord(word: Word, variables: Variables, home: string | undefined): readonly Argument[] {
  let results: readonly Argument[] = [{ text: '', isPattern: false }];
  for (const [index, part] of word.entries()) {
    const choices =
      part.kind === 'text' ? textChoices(part, index === 0, home) : knownValues(part, variables);
    results = results.flatMap((left) => choices.map((right) => join(left, right)));
    if (results.length > MAX_RESULTS) return [UNKNOWN];
  }
  // A quoted `*` beside a real one would need an escape that patterns here do not have.
  const hasLiteralStar = word.some(
    (part) => part.kind === 'text' && part.isQuoted && /[*?[]/u.test(part.text),
  );
  return hasLiteralStar ? results.map((result) => (result.isPattern ? UNKNOWN : result)) : results;
}

function join(left: Argument, right: Argument): Argument {
  if (left.text === undefined || right.text === undefined) return UNKNOWN;
  return { text: left.text + right.text, isPattern: left.isPattern || right.isPattern };
}

function knownValues(part: Word[number], variables: Variables): readonly Argument[] {
  return (part.kind === 'variable' ? variables.get(part.name) : undefined) ?? [UNKNOWN];
}

function textChoices(
  part: { readonly text: string; readonly isQuoted: boolean },
  isFirst: boolean,
  home: string | undefined,
): readonly Argument[] {
  if (part.isQuoted) return [{ text: part.text, isPattern: false }];
  return expandBraces(part.text).map((text) => {
    const isTilde = isFirst && /^~(?:\/|$)/u.test(text);
    if (isFirst && text.startsWith('~') && (!isTilde || home === undefined)) return UNKNOWN;
    return { text: isTilde ? `${home ?? ''}${text.slice(1)}` : text, isPattern: /[*?[]/u.test(text) };
  });
}

// `{a,b}` and nested ones; a single-element or unbalanced brace is plain text. Sequences `{1..9}` stay text.
function expandBraces(text: string): readonly string[] {
  const open = text.indexOf('{');
  if (open === -1) return [text];
  const parts: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let at = open; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '{') depth += 1;
    if (char === '}') depth -= 1;
    if ((char === ',' && depth === 1) || depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
    if (depth === 0) break;
  }
  if (depth !== 0 || parts.length < 2) {
    const rest = expandBraces(text.slice(open + 1));
    return rest.map((tail) => text.slice(0, open + 1) + tail);
  }
  const tails = expandBraces(text.slice(start));
  const heads = parts.flatMap(expandBraces);
  return heads
    .flatMap((middle) => tails.map((tail) => text.slice(0, open) + middle + tail))
    .slice(0, MAX_RESULTS + 1);
}
