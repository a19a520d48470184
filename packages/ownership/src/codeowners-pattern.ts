import { readsAsFile, takesFolders, type CodeownersSyntax } from './read-codeowners-pattern.ts';

const MAX_LINES = 64;

/** A pattern of the matrix as CODEOWNERS patterns; or, in words, why it cannot be said there. */
export interface WrittenPatterns {
  readonly patterns: readonly string[];
  readonly problem?: string;
  /** What the other side makes more of them than the matrix does. */
  readonly note?: string;
}

/** Writes a pattern for CODEOWNERS, its braces written out. The reverse of `readCodeownersPattern`. */
export function codeownersPatterns(pattern: string, syntax: CodeownersSyntax): WrittenPatterns {
  const expanded = expand(pattern.replace(/^(?!\/)/u, '/'));
  if (expanded === undefined)
    return { patterns: [], problem: `its braces make more than ${MAX_LINES} lines` };
  const problem = expanded.map((text) => problemOf(text, syntax)).find((each) => each !== undefined);
  if (problem !== undefined) return { patterns: [], problem };
  const patterns = expanded.flatMap(syntax === 'github' ? writeGithub : writeGitlab);
  const isWider = syntax === 'github' && expanded.some(takesFolders);
  return {
    patterns: [...new Set(patterns)],
    ...(isWider ? { note: 'GitHub also takes what lies in folders of such a name' } : {}),
  };
}

function problemOf(pattern: string, syntax: CodeownersSyntax): string | undefined {
  if (syntax === 'github' && /[[\]]/u.test(pattern)) return 'GitHub does not read "[" and "]"';
  if (syntax === 'github' && pattern.startsWith('/**/#')) return 'GitHub takes it for a comment';
  return /\\[*?\\!]/u.test(pattern) ? 'a wildcard as a plain character cannot be written' : undefined;
}

function writeGithub(pattern: string): readonly string[] {
  if (/^\/\*\*$/u.test(pattern)) return ['*'];
  const above = pattern.replace(/\/\*\*$/u, '');
  const text = takesFolders(above) ? above : pattern;
  return [asWord(/^\/\*\*\/([^/]+\/?)$/u.exec(text)?.[1] ?? text)];
}

function writeGitlab(pattern: string): readonly string[] {
  if (/^\/\*\*(?:\/\*\*)*$/u.test(pattern)) return ['*'];
  const isBelow = pattern.endsWith('/**');
  const above = pattern.replace(/\/\*\*$/u, '').replace(/\/$/u, '');
  const last = above.slice(above.lastIndexOf('/') + 1);
  const isPlain = !/(?<!\\)[*?[]/u.test(last);
  const isFolder = isBelow || pattern.endsWith('/') || (isPlain && !readsAsFile(last));
  const text = asWord(above.replace(/^\/\*\*\//u, '')).replace(/^#/u, '\\#');
  if (!isFolder) return [text];
  // Only what ends in `/**` may mean files of such names, too.
  return isPlain || !isBelow ? [`${text}/`] : [text, `${text}/`];
}

function asWord(pattern: string): string {
  return pattern.replaceAll(/\\([{}])/gu, '$1').replaceAll(' ', '\\ ');
}

// The innermost braces first, so that nested ones need no stack; ranges are written out.
function expand(pattern: string): readonly string[] | undefined {
  let texts: readonly string[] = [pattern];
  for (let round = 0; round < MAX_LINES; round += 1) {
    const next = texts.flatMap(expandOnce);
    if (next.length > MAX_LINES) return undefined;
    if (next.length === texts.length && next.every((text, index) => text === texts[index]))
      return [...new Set(texts)];
    texts = next;
  }
  return undefined;
}

function expandOnce(text: string): readonly string[] {
  const braces = /(?<!\\)\{((?:[^{}\\]|\\.)*(?:,|\.\.)(?:[^{}\\]|\\.)*)\}/u.exec(text);
  if (braces === null) return [text];
  const [whole, inner = ''] = braces;
  const range = /^(-?\d+)\.\.(-?\d+)$/u.exec(inner);
  const options = range === null ? inner.split(',') : numbers(Number(range[1]), Number(range[2]));
  return options.map(
    (option) => text.slice(0, braces.index) + option + text.slice(braces.index + whole.length),
  );
}

function numbers(from: number, to: number): string[] {
  const count = Math.min(Math.abs(to - from) + 1, MAX_LINES + 1);
  return Array.from({ length: count }, (_, index) => String(from + index * Math.sign(to - from)));
}
