const MAX_RESULTS = 256;

/**
 * What `{a,b}`, `{1..9}` and nested ones come to; a single element or an unbalanced brace is plain text. `undefined` for more
 * than 256 results.
 */
export function expandBraces(text: string): readonly string[] | undefined {
  const results = expand(text);
  return results.length > MAX_RESULTS ? undefined : results;
}

function expand(text: string): readonly string[] {
  const open = text.indexOf('{');
  if (open === -1) return [text];
  const { parts, end } = splitAlternatives(text, open);
  const inner = end === -1 ? undefined : alternatives(parts);
  if (inner === undefined) {
    const rest = expand(text.slice(open + 1));
    return rest.map((tail) => text.slice(0, open + 1) + tail);
  }
  const tails = expand(text.slice(end));
  return inner
    .flatMap((middle) => tails.map((tail) => text.slice(0, open) + middle + tail))
    .slice(0, MAX_RESULTS + 1);
}

// The parts between the commas of the brace at `open`, and where the text goes on after it.
function splitAlternatives(
  text: string,
  open: number,
): { readonly parts: readonly string[]; readonly end: number } {
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
    if (depth === 0) return { parts, end: start };
  }
  return { parts, end: -1 };
}

function alternatives(parts: readonly string[]): readonly string[] | undefined {
  return parts.length > 1 ? parts.flatMap(expand) : sequence(parts[0] ?? '');
}

// `{1..5}`, `{01..10..3}`, `{a..e}`.
function sequence(text: string): readonly string[] | undefined {
  const [, from, to, step] = /^(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?$/u.exec(text) ?? [];
  if (from === undefined || to === undefined) return undefined;
  const isLetters = /[A-Za-z]/u.test(from);
  if (isLetters !== /[A-Za-z]/u.test(to)) return undefined;
  const number = (end: string): number => (isLetters ? end.charCodeAt(0) : Number(end));
  const width = [from, to].some((end) => /^-?0\d/u.test(end)) ? Math.max(from.length, to.length) : 0;
  const by = Math.max(1, Math.abs(Number(step ?? 1)));
  const count = Math.min(Math.floor(Math.abs(number(to) - number(from)) / by) + 1, MAX_RESULTS + 1);
  const sign = number(to) < number(from) ? -1 : 1;
  return Array.from({ length: count }, (_, index) => {
    const value = number(from) + sign * by * index;
    return isLetters ? String.fromCharCode(value) : padded(value, width);
  });
}

function padded(value: number, width: number): string {
  const digits = String(Math.abs(value)).padStart(value < 0 ? width - 1 : width, '0');
  return value < 0 ? `-${digits}` : digits;
}
