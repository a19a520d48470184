import { fromRanges, type CharSet } from './char-set.ts';
import { PatternError } from './pattern-error.ts';

/** A part of a pattern. `stars` is a run of two or more `*`, which spans folders only where it is a whole segment. */
export type Node =
  | { readonly kind: 'text'; readonly point: number }
  | { readonly kind: 'class'; readonly set: CharSet; readonly isNegated: boolean }
  | { readonly kind: 'star' }
  | { readonly kind: 'stars' }
  | { readonly kind: 'slash' }
  | { readonly kind: 'choice'; readonly options: readonly (readonly Node[])[] };

/** The longest pattern that is read, in UTF-16 units. */
export const MAX_PATTERN_LENGTH = 4096;
const MAX_RANGE = 1000;
const MAX_DEPTH = 32;

interface Reader {
  readonly points: readonly number[];
  at: number;
  depth: number;
}

/** Reads a pattern's text. Throws {@link PatternError}, with the place. */
export function parseSyntax(text: string): readonly Node[] {
  const reader: Reader = {
    points: Array.from(cleaned(text), (char) => char.codePointAt(0) ?? 0),
    at: 0,
    depth: 0,
  };
  const nodes = readNodes(reader, false);
  if (text.trim() === '.' || nodes.every(({ kind }) => kind === 'slash')) {
    throw invalid('the pattern names no path', 0, 'write ** for the whole repository');
  }
  return nodes;
}

function cleaned(text: string): string {
  if (text.length > MAX_PATTERN_LENGTH) {
    throw new PatternError(
      'PATTERN_TOO_COMPLEX',
      `the pattern is longer than ${MAX_PATTERN_LENGTH} characters`,
    );
  }
  // oxlint-disable-next-line no-control-regex
  const control = text.search(/[\u0000-\u001f\u007f]/u);
  if (control !== -1) throw invalid('the pattern holds a control character', control);
  if (text.startsWith('!')) {
    throw invalid(
      'a single pattern is not negated',
      0,
      'write \\! for a name that begins with !, or use a set',
    );
  }
  const plain = text
    .normalize('NFC')
    .replace(/^(?:\.?\/)+/u, '')
    .replaceAll(/\/(?:\.?\/)+/gu, '/')
    .replace(/\/\.$/u, '/');
  const climbing = plain.search(/(?:^|\/)\.\.(?:\/|$)/u);
  if (climbing !== -1)
    throw invalid('".." leaves the folder', climbing, 'write the pattern from the root of the repository');
  return plain;
}

function invalid(message: string, at: number, hint?: string): PatternError {
  return new PatternError('PATTERN_INVALID', message, { at, ...(hint === undefined ? {} : { hint }) });
}

function readNodes(reader: Reader, inChoice: boolean): Node[] {
  const nodes: Node[] = [];
  while (reader.at < reader.points.length) {
    const char = charAt(reader);
    if (inChoice && (char === ',' || char === '}')) return nodes;
    nodes.push(...readNode(reader, char));
  }
  return nodes;
}

function charAt(reader: Reader, ahead = 0): string {
  const point = reader.points[reader.at + ahead];
  return point === undefined ? '' : String.fromCodePoint(point);
}

function readNode(reader: Reader, char: string): readonly Node[] {
  switch (char) {
    case '*':
      return [readStars(reader)];
    case '[':
      return [readClass(reader)];
    case '{':
      return readBraces(reader);
    case '?':
      reader.at += 1;
      return [{ kind: 'class', set: [], isNegated: true }];
    case '/':
      reader.at += 1;
      return [{ kind: 'slash' }];
    default:
      return [{ kind: 'text', point: readPoint(reader) }];
  }
}

function readStars(reader: Reader): Node {
  const start = reader.at;
  while (charAt(reader) === '*') reader.at += 1;
  return { kind: reader.at - start === 1 ? 'star' : 'stars' };
}

// One literal code point, `\` taken away.
function readPoint(reader: Reader): number {
  if (charAt(reader) === '\\') {
    reader.at += 1;
    if (charAt(reader) === '' || charAt(reader) === '/') throw invalid('"\\" escapes nothing', reader.at - 1);
  }
  const point = reader.points[reader.at] ?? 0;
  reader.at += 1;
  return point;
}

function readClass(reader: Reader): Node {
  const start = reader.at;
  reader.at += 1;
  const isNegated = charAt(reader) === '!' || charAt(reader) === '^';
  if (isNegated) reader.at += 1;
  const ranges: [number, number][] = [];
  while (charAt(reader) !== ']' || ranges.length === 0) {
    if (charAt(reader) === '' || charAt(reader) === '/') {
      throw invalid(
        '"[" is not closed',
        start,
        'write \\[ for a bracket in a name, as in app/\\[id\\]/page.tsx',
      );
    }
    if (charAt(reader) === '[' && charAt(reader, 1) === ':')
      throw invalid('[:classes:] are not read', start, 'write a-z');
    ranges.push(readRange(reader, start));
  }
  reader.at += 1;
  return { kind: 'class', set: fromRanges(ranges), isNegated };
}

function readRange(reader: Reader, start: number): [number, number] {
  const low = readPoint(reader);
  if (charAt(reader) !== '-' || charAt(reader, 1) === ']' || charAt(reader, 1) === '') return [low, low];
  reader.at += 1;
  const high = readPoint(reader);
  if (high < low) throw invalid('a range in "[…]" runs backwards', start);
  return [low, high];
}

const BRACE_RANGE =
  /^\{(?:(-?\d{1,9})\.\.(-?\d{1,9})|([a-z])\.\.([a-z])|([A-Z])\.\.([A-Z]))(?:\.\.-?(\d{1,9}))?\}/u;

function readBraces(reader: Reader): readonly Node[] {
  const start = reader.at;
  const rest = reader.points
    .slice(start, start + 48)
    .map((point) => String.fromCodePoint(point))
    .join('');
  const range = BRACE_RANGE.exec(rest);
  if (range !== null) {
    reader.at += range[0].length;
    return [{ kind: 'choice', options: expandRange(range, start).map(textNodes) }];
  }
  if (reader.depth >= MAX_DEPTH)
    throw new PatternError('PATTERN_TOO_COMPLEX', `braces are nested deeper than ${MAX_DEPTH}`);
  reader.depth += 1;
  reader.at += 1;
  const options: (readonly Node[])[] = [readNodes(reader, true)];
  while (charAt(reader) === ',') {
    reader.at += 1;
    options.push(readNodes(reader, true));
  }
  if (charAt(reader) !== '}') throw invalid('"{" is not closed', start, 'write \\{ for a brace in a name');
  reader.at += 1;
  reader.depth -= 1;
  // As in a shell, braces without a comma are text.
  const [only] = options;
  return options.length === 1 && only !== undefined
    ? [...textNodes('{'), ...only, ...textNodes('}')]
    : [{ kind: 'choice', options }];
}

function textNodes(text: string): Node[] {
  return Array.from(text, (char) => ({ kind: 'text', point: char.codePointAt(0) ?? 0 }));
}

function expandRange(match: RegExpExecArray, at: number): string[] {
  const [, fromNumber, toNumber, fromLower, toLower, fromUpper, toUpper, step] = match;
  const isNumeric = fromNumber !== undefined;
  const from = isNumeric ? Number(fromNumber) : ((fromLower ?? fromUpper ?? '').codePointAt(0) ?? 0);
  const to = isNumeric ? Number(toNumber) : ((toLower ?? toUpper ?? '').codePointAt(0) ?? 0);
  const by = Math.max(1, Number(step ?? 1));
  const count = Math.floor(Math.abs(to - from) / by) + 1;
  if (count > MAX_RANGE) {
    throw new PatternError(
      'PATTERN_TOO_COMPLEX',
      `a brace range has ${count} members, more than ${MAX_RANGE}`,
      { at },
    );
  }
  const isPadded = [fromNumber, toNumber].some((text) => text !== undefined && /^-?0\d/u.test(text));
  const width = isPadded ? Math.max(fromNumber?.length ?? 0, toNumber?.length ?? 0) : 0;
  return Array.from({ length: count }, (_, index) => {
    const value = from + index * by * (to < from ? -1 : 1);
    return isNumeric ? padded(value, width) : String.fromCodePoint(value);
  });
}

function padded(value: number, width: number): string {
  const digits = String(Math.abs(value)).padStart(value < 0 ? width - 1 : width, '0');
  return value < 0 ? `-${digits}` : digits;
}
