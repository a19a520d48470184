import type { CodeownersSyntax } from './codeowners-line.ts';

const MAX_LINES = 64;

/** A pattern of the matrix as CODEOWNERS patterns, braces written out; or, in words, why it cannot be said there. */
export function codeownersPatterns(pattern: string, syntax: CodeownersSyntax): readonly string[] | string {
  const expanded = expand(pattern);
  if (expanded === undefined) return `its braces make more than ${MAX_LINES} lines`;
  const written = expanded.map((text) => writePattern(text, syntax));
  const refusal = written.find(({ problem }) => problem !== undefined)?.problem;
  return refusal ?? written.map(({ text }) => text);
}

function writePattern(pattern: string, syntax: CodeownersSyntax): { text: string; problem?: string } {
  const hasClass = /(?<!\\)\[/u.test(pattern);
  if (hasClass && syntax === 'github') return { text: '', problem: 'GitHub does not read [ranges]' };
  if (/\\[*?\\!]/u.test(pattern))
    return { text: '', problem: 'a wildcard as a plain character cannot be written' };
  const plain = pattern.replaceAll(/\\([[\]{}])/gu, (_, char: string) =>
    syntax === 'gitlab' && /[[\]]/u.test(char) ? `\\${char}` : char,
  );
  if (/^\/?\*\*$/u.test(plain)) return { text: '*' };
  const anyDepth = /^\/?\*\*\/([^/]+\/?)$/u.exec(plain)?.[1];
  const text = (anyDepth ?? plain).replaceAll(' ', '\\ ');
  return { text: text.startsWith('#') ? `\\${text}` : text };
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
