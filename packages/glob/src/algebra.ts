import { unite, type Automaton } from './automaton.ts';
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
  if (!mayMeet(left, right)) return { overlap: false };
  const within = [uniteAll(left.any), uniteAll(right.any)];
  const not = [...left.not, ...right.not];
  const witness = findPath({ within, without: not.length === 0 ? [] : [uniteAll(not)] });
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
  const within = uniteAll(inside.any);
  const gone = inside.not.length === 0 ? [] : [uniteAll(inside.not)];
  const missed = findPath({ within: [within], without: [...gone, uniteAll(around.any)] });
  if (missed !== undefined || around.not.length === 0) return missed;
  return findPath({ within: [within, uniteAll(around.not)], without: gone });
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

// Two patterns whose plain folders part ways meet nowhere; most pairs end here.
function mayMeet(a: Operand, b: Operand): boolean {
  return a.any.some((one) =>
    b.any.some(
      (other) => one.foldCase || isUnder(one.folder, other.folder) || isUnder(other.folder, one.folder),
    ),
  );
}
