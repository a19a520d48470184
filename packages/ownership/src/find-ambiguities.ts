import { compilePattern, contains, overlaps, type PatternOptions } from '#glob';
import { rangeAt, type Diagnostic } from '#protocol';
import { folderKey, languageOf, type CompiledMatrix, type CompiledRule } from './compiled-matrix.ts';
import { agree, isMoreSpecific } from './resolve-owner.ts';

/** Two rules that disagree about a path, neither more specific. */
export interface Ambiguity {
  readonly a: CompiledRule;
  readonly b: CompiledRule;
  /** A path that both cover and no more specific rule settles. */
  readonly witness: string;
}

/**
 * Every pair of rules that overlap and disagree while neither contains the other, unless more specific rules settle
 * all they share. Exact. Pairs of plain paths and pairs in different folders cost nothing.
 */
export function findAmbiguities(matrix: CompiledMatrix): readonly Ambiguity[] {
  const found: Ambiguity[] = [];
  const neighbours = neighbourhood(matrix);
  const shapes = matrix.rules.map((rule) => shapeOf(rule, matrix));
  matrix.rules.forEach((a, i) => {
    const near = neighbours(i);
    for (const j of near) {
      const b = matrix.rules[j];
      if (b === undefined || j <= i || agree(a, b) || areNested(shapes[i], shapes[j])) continue;
      const witness = unsettled(matrix, [a, b], () => near.flatMap((index) => matrix.rules[index] ?? []));
      if (witness !== undefined) found.push({ a, b, witness });
    }
  });
  return found;
}

interface Shape {
  readonly folder: string;
  /** `file`: covers one path. `folder`: covers one path and all below it. `pattern`: anything else. */
  readonly kind: 'file' | 'folder' | 'pattern';
}

function shapeOf(rule: CompiledRule, reading: PatternOptions): Shape {
  const { folder: spelled, plainPath, covers } = compilePattern(rule.pattern);
  const folder = folderKey(spelled, reading);
  if (plainPath === undefined || rule.except !== undefined) return { folder, kind: 'pattern' };
  return { folder, kind: covers(`${plainPath}/x`) ? 'folder' : 'file' };
}

// True when it is plain without any automaton that one holds the other or that they share nothing. Two rules for the
// same plain path are told apart only by automata: they are the same.
function areNested(a: Shape | undefined, b: Shape | undefined): boolean {
  if (a === undefined || b === undefined) return true;
  const isSamePlace = a.folder === b.folder && a.kind !== 'pattern' && b.kind !== 'pattern';
  if (isSamePlace) return false;
  if (a.kind === 'file' || b.kind === 'file') return true;
  const holds = (outer: Shape, inner: Shape): boolean =>
    outer.kind === 'folder' && inner.folder !== outer.folder && inner.folder.startsWith(`${outer.folder}/`);
  return holds(a, b) || holds(b, a);
}

/** The ambiguity as a problem of the document at `path`. */
export function ambiguityDiagnostic({ a, b, witness }: Ambiguity, path: string): Diagnostic {
  const says = ({ pattern, owner, access }: CompiledRule): string => `${pattern} (${owner}, ${access})`;
  const later = a.line > b.line ? a : b;
  const earlier = later === a ? b : a;
  return {
    severity: 'error',
    code: 'OWNERSHIP_AMBIGUOUS',
    message: `${says(later)} and ${says(earlier)}, line ${earlier.line}, both cover ${witness} and neither is more specific`,
    path,
    range: rangeAt(Math.max(1, later.line), 1, later.pattern.length),
    hint: `add a rule for what they share, or take it from one: ${later.pattern}: { …, except: [${JSON.stringify(earlier.pattern)}] }`,
  };
}

function unsettled(
  reading: PatternOptions,
  [a, b]: readonly [CompiledRule, CompiledRule],
  others: () => readonly CompiledRule[],
): string | undefined {
  const [left, right] = [languageOf(a), languageOf(b)];
  const shared = overlaps(left, right, reading);
  if (!shared.overlap) return undefined;
  if (isMoreSpecific(a, b, reading) || isMoreSpecific(b, a, reading)) return undefined;
  const settling = others().filter(
    (rule) =>
      rule !== a &&
      rule !== b &&
      rule.except === undefined &&
      contains(a.pattern, rule.pattern, reading) &&
      contains(b.pattern, rule.pattern, reading),
  );
  if (settling.length === 0) return shared.witness;
  const rest = overlaps(
    { any: [a.pattern], not: [...(a.except ?? []), ...settling.map(({ pattern }) => pattern)] },
    right,
    reading,
  );
  return rest.overlap ? rest.witness : undefined;
}

// Only rules whose folder is, holds, or lies in this rule's folder can share a path with it.
function neighbourhood(matrix: CompiledMatrix): (index: number) => readonly number[] {
  const below = new Map<string, number[]>();
  for (const [folder, indexes] of Object.entries(matrix.folders)) {
    for (const ancestor of ancestorsOf(folder)) {
      const known = below.get(ancestor) ?? [];
      known.push(...indexes);
      below.set(ancestor, known);
    }
  }
  return (index) => {
    const folder = folderKey(compilePattern(matrix.rules[index]?.pattern ?? '/**').folder, matrix);
    const above = ancestorsOf(folder)
      .slice(0, -1)
      .flatMap((ancestor) =>
        Object.hasOwn(matrix.folders, ancestor) ? (matrix.folders[ancestor] ?? []) : [],
      );
    return [...above, ...(below.get(folder) ?? [])];
  };
}

// `''`, `a`, `a/b` of `a/b`: the folder itself last.
function ancestorsOf(folder: string): readonly string[] {
  if (folder === '') return [''];
  const names = folder.split('/');
  return ['', ...names.map((_, index) => names.slice(0, index + 1).join('/'))];
}
