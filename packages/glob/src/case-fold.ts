import { fromRanges, rangesOf, type CharSet } from './char-set.ts';

// The last code point with a case partner in Unicode 16 is U+1E943; nothing beyond is asked.
const LAST_CASED = 0x1e943;
let variants: ReadonlyMap<number, readonly number[]> | undefined;

/** The set with every other case of each of its characters, by Unicode's simple (one to one) case folding. */
export function closeUnderCase(set: CharSet): CharSet {
  const ranges = rangesOf(set);
  const added = ranges.flatMap(([low, high]) => othersIn(low, high));
  return added.length === 0 ? set : fromRanges([...ranges, ...added.map((point) => [point, point] as const)]);
}

function othersIn(low: number, high: number): number[] {
  if (low === high && low < 0x80 && !isAsciiLetter(low)) return [];
  const table = (variants ??= buildVariants());
  if (low === high) return [...(table.get(low) ?? [])];
  const found: number[] = [];
  for (const [point, others] of table) if (point >= low && point <= high) found.push(...others);
  return found;
}

function isAsciiLetter(point: number): boolean {
  return (point >= 0x41 && point <= 0x5a) || (point >= 0x61 && point <= 0x7a);
}

/** One spelling for all that are the same by {@link closeUnderCase}: two texts are the same if and only if it is equal. */
export function foldText(text: string): string {
  return Array.from(text, foldOf).join('');
}

function foldOf(text: string): string {
  const upper = text.toUpperCase();
  const lower = (isOne(upper) ? upper : text).toLowerCase();
  return isOne(lower) ? lower : text;
}

function isOne(text: string): boolean {
  return text.length === String.fromCodePoint(text.codePointAt(0) ?? 0).length;
}

function buildVariants(): ReadonlyMap<number, readonly number[]> {
  const groups = new Map<string, Set<number>>();
  for (let point = 0x41; point <= LAST_CASED; point += 1) {
    const text = String.fromCodePoint(point);
    const fold = foldOf(text);
    if (fold === text) continue;
    const group = groups.get(fold) ?? new Set([fold.codePointAt(0) ?? 0]);
    groups.set(fold, group.add(point));
  }
  const table = new Map<number, readonly number[]>();
  for (const group of groups.values()) {
    for (const point of group)
      table.set(
        point,
        [...group].filter((other) => other !== point),
      );
  }
  return table;
}
