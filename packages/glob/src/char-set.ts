/** A set of Unicode code points: sorted, disjoint, non-adjacent inclusive ranges, flattened to `[low, high, low, high …]`. */
export type CharSet = readonly number[];

const LAST = 0x10ffff;

/** Everything but `/`. */
export const NOT_SLASH: CharSet = [0, 0x2e, 0x30, LAST];

/** The set that holds exactly one code point. */
export function single(point: number): CharSet {
  return [point, point];
}

/** The set of these inclusive ranges, in any order. */
export function fromRanges(ranges: readonly (readonly [number, number])[]): CharSet {
  const sorted = ranges.toSorted((a, b) => a[0] - b[0]);
  const merged: number[] = [];
  for (const [low, high] of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && low <= last + 1) merged[merged.length - 1] = Math.max(last, high);
    else merged.push(low, high);
  }
  return merged;
}

/** The set's ranges. */
export function rangesOf(set: CharSet): [number, number][] {
  const ranges: [number, number][] = [];
  for (let index = 0; index < set.length; index += 2) ranges.push([set[index] ?? 0, set[index + 1] ?? 0]);
  return ranges;
}

/** Every code point that the set lacks. */
export function complement(set: CharSet): CharSet {
  const result: number[] = [];
  let next = 0;
  for (const [low, high] of rangesOf(set)) {
    if (low > next) result.push(next, low - 1);
    next = high + 1;
  }
  if (next <= LAST) result.push(next, LAST);
  return result;
}

/** What both sets hold. */
export function intersect(a: CharSet, b: CharSet): CharSet {
  const result: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const low = Math.max(a[i] ?? 0, b[j] ?? 0);
    const high = Math.min(a[i + 1] ?? 0, b[j + 1] ?? 0);
    if (low <= high) result.push(low, high);
    if ((a[i + 1] ?? 0) < (b[j + 1] ?? 0)) i += 2;
    else j += 2;
  }
  return result;
}

/** True when the set holds the code point. */
export function has(set: CharSet, point: number): boolean {
  for (let index = 0; index < set.length; index += 2) {
    if (point < (set[index] ?? 0)) return false;
    if (point <= (set[index + 1] ?? 0)) return true;
  }
  return false;
}

/** Splits a set along the others: the parts are disjoint, and each other set holds all of a part or none of it. */
export function partition(set: CharSet, along: readonly CharSet[]): readonly CharSet[] {
  let parts: CharSet[] = [set];
  for (const other of along) {
    parts = parts.flatMap((part) => {
      const inside = intersect(part, other);
      if (inside.length === 0) return [part];
      const outside = intersect(part, complement(other));
      return outside.length === 0 ? [part] : [inside, outside];
    });
  }
  return parts;
}
