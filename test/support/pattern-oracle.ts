// Stands for stars that are written together: only they, alone in a segment, span folders.
const SPAN = '\u2732';

/**
 * A second reading of patterns, by brute force and independent of the automata: braces are expanded to plain texts,
 * names matched by trying every way. Exponential; for short patterns over a small alphabet.
 */
export function oracleCovers(pattern: string, path: string): boolean {
  return expandBraces(pattern.replaceAll(/\*{2,}/gu, SPAN)).some((text) =>
    coversExpanded(text, path.split('/')),
  );
}

function coversExpanded(text: string, names: readonly string[]): boolean {
  const isFolder = text.endsWith('/');
  const parts = text.split('/').filter((part) => part !== '');
  const last = parts.at(-1) ?? '';
  const coversBelow = isFolder || (!/[*?[\u2732]/u.test(last) && !looksLikeFile(last));
  if (parts.length === 0) return false;
  if (matchNames(parts, names)) return true;
  if (!coversBelow) return false;
  return names.some((_, index) => index > 0 && matchNames(parts, names.slice(0, index)));
}

function looksLikeFile(name: string): boolean {
  const dot = name.lastIndexOf('.');
  const extension = name.slice(dot + 1);
  if (dot < 1 || extension === '' || extension === 'd' || name[dot - 1] === '.') return false;
  return /^[a-z]/u.test(extension);
}

function matchNames(parts: readonly string[], names: readonly string[]): boolean {
  const [part, ...rest] = parts;
  if (part === undefined) return names.length === 0;
  if (part === SPAN) {
    return names.some((_, index) => matchNames(rest, names.slice(index))) || matchNames(rest, []);
  }
  const [name, ...others] = names;
  return name !== undefined && matchName(part, name) && matchNames(rest, others);
}

function matchName(part: string, name: string): boolean {
  if (part === '') return name === '';
  const char = part[0] ?? '';
  if (char === '*' || char === SPAN)
    return matchName(part.slice(1), name) || (name !== '' && matchName(part, name.slice(1)));
  if (name === '') return false;
  if (char === '?') return matchName(part.slice(1), name.slice(1));
  if (char !== '[') return char === name[0] && matchName(part.slice(1), name.slice(1));
  const close = part.indexOf(']', part[1] === '!' ? 3 : 2);
  return inClass(part.slice(1, close), name[0] ?? '') && matchName(part.slice(close + 1), name.slice(1));
}

function inClass(inner: string, char: string): boolean {
  if (inner.startsWith('!')) return !inClass(inner.slice(1), char);
  const [low, dash, high] = inner;
  if (dash === '-' && low !== undefined && high !== undefined) return char >= low && char <= high;
  return inner.includes(char);
}

function expandBraces(text: string): string[] {
  const open = text.indexOf('{');
  if (open === -1) return [text];
  const options: string[] = [''];
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === '}') depth -= 1;
    if (char === '}' && depth === 0) {
      return options.flatMap((option) => expandBraces(text.slice(0, open) + option + text.slice(at + 1)));
    }
    if (char === ',' && depth === 1) options.push('');
    else if (depth > 0) options[options.length - 1] += char;
    if (char === '{') depth += 1;
  }
  throw new Error(`unclosed brace in ${text}`);
}

/** A source of numbers in [0, 1) that is the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A random pattern over `a`, `b` and `.`: one to four segments of wildcards, classes, braces, also nested. */
export function randomPattern(random: () => number): string {
  const pick = <T>(items: readonly [T, ...T[]]): T => items[Math.floor(random() * items.length)] ?? items[0];
  const atom = (depth: number): string => {
    const kind = random();
    if (kind < 0.45) return pick(['a', 'b', '.a', 'a.b']);
    if (kind < 0.6) return '*';
    if (kind < 0.72) return '?';
    if (kind < 0.82) return pick(['[ab]', '[!a]', '[a-b]', '[!.]']);
    if (kind < 0.95 && depth < 2) {
      const count = 1 + Math.ceil(random() * 2);
      return `{${Array.from({ length: count }, () => part(depth + 1)).join(',')}}`;
    }
    return '**';
  };
  const part = (depth: number): string => {
    const kind = random();
    if (depth > 0 && kind < 0.15) return '';
    if (kind < 0.2) return '**';
    if (depth > 0 && kind < 0.3) return `${atom(depth)}/${atom(depth)}`;
    return Array.from({ length: 1 + Math.floor(random() * 2) }, () => atom(depth)).join('');
  };
  const count = 1 + Math.floor(random() * 3);
  const text = Array.from({ length: count }, () => part(0)).join('/');
  return random() < 0.08 ? `${text}/` : text;
}

/** Every path over the alphabet up to a length. */
export function allPaths(alphabet: string, maxLength: number): readonly string[] {
  const found: string[] = [];
  let words = [''];
  for (let length = 1; length <= maxLength; length += 1) {
    words = words.flatMap((word) => Array.from(`${alphabet}/`, (char) => word + char));
    found.push(...words.filter((word) => word.split('/').every((name) => !['', '.', '..'].includes(name))));
  }
  return found;
}
