import { has, type CharSet } from './char-set.ts';

const PREFERRED = 'abcdefghijklmnopqrstuvwxyz0123456789/ABCDEFGHIJKLMNOPQRSTUVWXYZ._-';
let points: readonly number[] | undefined;

/** A character of the set that a person reads best in a path, and what it costs in a search for a readable path. */
export function readablePoint(set: CharSet): { readonly point: number; readonly cost: number } {
  points ??= Array.from(PREFERRED, (char) => char.codePointAt(0) ?? 0);
  const preferred = points.find((point) => has(set, point));
  if (preferred !== undefined) return { point: preferred, cost: 1 };
  const visible = set.findIndex((high, index) => index % 2 === 1 && high > 0x20);
  if (visible === -1) return { point: set[0] ?? 0, cost: 4 };
  return { point: Math.max(set[visible - 1] ?? 0, 0x21), cost: 3 };
}
