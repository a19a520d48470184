import { unite, type Automaton } from './automaton.ts';
import { foldText } from './case-fold.ts';
import { compilePattern, isUnder, type Pattern, type PatternOptions } from './pattern.ts';
import { findPath } from './search.ts';

/** Paths that any of some patterns covers and none of others: `{ any: ['src/**'], not: ['src/gen/**'] }`. */
export interface PatternSet {
  readonly any: readonly string[];
  readonly not?: readonly string[];
}

/** One pattern, or a set of them. */
export type Patterns = string | PatternSet;

/** Whether some path is in both, with the shortest readable one. */
export type Overlap = { readonly overlap: false } | { readonly overlap: true; readonly witness: string };

interface Operand {
  readonly any: readonly Pattern[];
  readonly not: readonly Pattern[];
}

/** True when the pattern or set covers the repo-relative path. Throws `PatternError` for a pattern that cannot be read. */
export function matches(patterns: Patterns, path: string, options?: PatternOptions): boolean {
  if (typeof patterns === 'string') return compilePattern(patterns, options).covers(path);
  const { any, not } = operand(patterns, options);
  return any.some((pattern) => pattern.covers(path)) && !not.some((pattern) => pattern.covers(path));
}

/**
 * Whether any path at all is covered by both, decided exactly on the product of their automata, never by comparing
 * pattern texts. Throws `PATTERN_TOO_COMPLEX` beyond a stated number of states instead of running on.
 */
export function overlaps(a: Patterns, b: Patterns, options?: PatternOptions): Overlap {
  const left = operand(a, options);
  const right = operand(b, options);
  const places = meetingPlaces(left.any, right.any);
  if (places.length === 0) return { overlap: false };
  const not = [...left.not, ...right.not].filter((pattern) => meetsAny(pattern, places));
  const witness = findOutside([uniteAll(left.any), uniteAll(right.any)], not);
  return witness === undefined ? { overlap: false } : { overlap: true, witness };
}

/** True when every path that `inner` covers is covered by `outer`, decided exactly as in {@link overlaps}. */
export function contains(outer: Patterns, inner: Patterns, options?: PatternOptions): boolean {
  return uncovered(outer, inner, options) === undefined;
}

/** The shortest readable path that `inner` covers and `outer` does not, or `undefined` when there is none. */
export function uncovered(outer: Patterns, inner: Patterns, options?: PatternOptions): string | undefined {
  if (outer === inner) return undefined;
  const around = operand(outer, options);
  const inside = operand(inner, options);
  const near = (patterns: readonly Pattern[]): readonly Pattern[] =>
    patterns.filter((pattern) => meetsAny(pattern, inside.any.map(folderOf)));
  const within = uniteAll(inside.any);
  const gone = near(inside.not);
  const missed = findOutside([within], [...gone, ...near(around.any)]);
  const not = near(around.not);
  if (missed !== undefined || not.length === 0) return missed;
  return findOutside([within, uniteAll(not)], gone);
}

const MAX_ROUNDS = 16;
// So many pairs of folders are compared; beyond, all may meet.
const MAX_PAIRS = 100_000;

/**
 * The shortest readable path that all of `within` accept and none of `without` covers. Of many that are left out few decide:
 * they are brought in only when a path that was found shows that they do.
 */
function findOutside(within: readonly Automaton[], without: readonly Pattern[]): string | undefined {
  let deciding: readonly Pattern[] = [];
  for (let round = 0; ; round += 1) {
    const path = findPath({ within, without: deciding.length === 0 ? [] : [uniteAll(deciding)] });
    if (path === undefined) return undefined;
    const covering = without.filter((pattern) => pattern.covers(path));
    if (covering.length === 0) return path;
    deciding = round < MAX_ROUNDS ? [...deciding, ...covering] : without;
  }
}

function operand(patterns: Patterns, options: PatternOptions | undefined): Operand {
  const compile = (text: string): Pattern => compilePattern(text, options);
  return typeof patterns === 'string'
    ? { any: [compile(patterns)], not: [] }
    : { any: patterns.any.map(compile), not: (patterns.not ?? []).map(compile) };
}

function uniteAll(patterns: readonly Pattern[]): Automaton {
  return unite(patterns.map((pattern) => pattern.automaton()));
}

// The folders below which paths of both sides lie. Two patterns whose plain folders part ways meet nowhere; most pairs end here.
function meetingPlaces(a: readonly Pattern[], b: readonly Pattern[]): readonly string[] {
  if (a.length * b.length > MAX_PAIRS) return [''];
  return a.flatMap((one) =>
    b.flatMap((other) => {
      const [folder, place] = [folderOf(one), folderOf(other)];
      if (isUnder(folder, place)) return [place];
      return isUnder(place, folder) ? [folder] : [];
    }),
  );
}

function meetsAny(pattern: Pattern, places: readonly string[]): boolean {
  const folder = folderOf(pattern);
  return places.some((place) => isUnder(folder, place) || isUnder(place, folder));
}

function folderOf({ folder, foldCase }: Pattern): string {
  return foldCase ? foldText(folder) : folder;
}
