import { compilePattern, contains, matches, type PatternOptions } from '#glob';
import type { OwnershipRule } from '#protocol';
import { folderKey, languageOf, type CompiledMatrix, type CompiledRule } from './compiled-matrix.ts';

/** Which rule speaks for a path. */
export type Resolution =
  | {
      readonly kind: 'ruled';
      readonly rule: CompiledRule;
      /** Rules that also cover the path and are less specific. */
      readonly beaten: readonly CompiledRule[];
      readonly why: string;
    }
  | { readonly kind: 'default'; readonly rule: OwnershipRule; readonly why: string }
  | {
      /** Rules that disagree, none more specific than the others: nobody can say whose the path is. */
      readonly kind: 'ambiguous';
      readonly rules: readonly CompiledRule[];
      readonly why: string;
    };

/**
 * The rule for a repo-relative path: of those that cover it the most specific one, where more specific means, exactly,
 * that the other contains it. Compares only rules of the path's own ancestors, and automata only where wildcards meet.
 */
export function resolveOwner(matrix: CompiledMatrix, path: string): Resolution {
  const covering = rulesOfAncestors(matrix, path).filter((rule) => matches(languageOf(rule), path, matrix));
  const [first] = covering;
  if (first === undefined) {
    return { kind: 'default', rule: matrix.default, why: 'no rule names the path; the default holds' };
  }
  const best = covering.filter(
    (rule) => !covering.some((other) => other !== rule && isMoreSpecific(other, rule, matrix)),
  );
  const rule = best.find((candidate) => best.every((other) => agree(candidate, other)));
  if (rule === undefined) {
    const names = best.map(({ pattern }) => pattern);
    return {
      kind: 'ambiguous',
      rules: best,
      why: `${names.join(' and ')} cover the path, disagree, and none is more specific`,
    };
  }
  const beaten = covering.filter((other) => !best.includes(other));
  return { kind: 'ruled', rule, beaten, why: whyOf(rule, beaten) };
}

/** True when both rules say the same about every path they share. */
export function agree(a: OwnershipRule, b: OwnershipRule): boolean {
  return (
    a.owner === b.owner &&
    a.access === b.access &&
    a.mode === b.mode &&
    a.fragments === b.fragments &&
    JSON.stringify(a.order) === JSON.stringify(b.order)
  );
}

/**
 * True when `inner`'s pattern lies inside `outer`'s. What rules except does not make them more or less specific, unless
 * their patterns alone do not tell.
 */
export function isMoreSpecific(
  inner: CompiledRule,
  outer: CompiledRule,
  reading: PatternOptions = {},
): boolean {
  const plain = plainPathOf(inner);
  const around = plainPathOf(outer);
  // Of two plain paths that cover one path, the longer lies in the shorter.
  if (plain !== undefined && around !== undefined) return plain.length > around.length;
  const isInside = contains(outer.pattern, inner.pattern, reading);
  const isAround = contains(inner.pattern, outer.pattern, reading);
  if (isInside !== isAround) return isInside;
  if (inner.except === undefined && outer.except === undefined) return false;
  const [small, large] = [languageOf(inner), languageOf(outer)];
  return contains(large, small, reading) && !contains(small, large, reading);
}

function plainPathOf(rule: CompiledRule): string | undefined {
  return rule.except === undefined ? compilePattern(rule.pattern).plainPath : undefined;
}

function whyOf(rule: CompiledRule, beaten: readonly CompiledRule[]): string {
  const others = beaten.map(({ pattern }) => pattern);
  return others.length === 0
    ? `${rule.pattern} is the only rule that covers the path`
    : `${rule.pattern} is more specific than ${others.join(' and ')}`;
}

// Without one at either end.
function withoutSlashes(path: string): string {
  return path.slice(Number(path.startsWith('/')), path.length - Number(path.endsWith('/')));
}

/** The rules whose folder is the path, or above it: all that can cover it. */
export function rulesOfAncestors(matrix: CompiledMatrix, path: string): readonly CompiledRule[] {
  const names = folderKey(withoutSlashes(path.normalize('NFC')), matrix).split('/');
  const folders = names.map((_, index) => names.slice(0, index + 1).join('/'));
  return ['', ...folders].flatMap((folder) =>
    (Object.hasOwn(matrix.folders, folder) ? (matrix.folders[folder] ?? []) : []).flatMap(
      (index) => matrix.rules[index] ?? [],
    ),
  );
}
