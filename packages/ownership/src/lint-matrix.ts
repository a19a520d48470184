import { compilePattern, contains, escapePattern, matches, uncovered } from '#glob';
import { rangeAt, type Diagnostic, type DiagnosticCode } from '#protocol';
import { folderKey, languageOf, type CompiledMatrix, type CompiledRule } from './compiled-matrix.ts';
import { ambiguityDiagnostic, findAmbiguities } from './find-ambiguities.ts';
import { isMoreSpecific, rulesOfAncestors } from './resolve-owner.ts';

/**
 * What is wrong or useless in a matrix, given the files of the repository: rules that disagree (errors, with a path in
 * both), rules that decide nothing because more specific ones take all they cover, rules that no file matches, and
 * patterns that do not mean what their text suggests.
 */
export function lintMatrix(
  matrix: CompiledMatrix,
  files: readonly string[],
  path: string,
): readonly Diagnostic[] {
  const note = (
    severity: 'warning' | 'info',
    code: DiagnosticCode,
    rule: CompiledRule,
    rest: Rest,
  ): Diagnostic => ({
    severity,
    code,
    path,
    range: rangeAt(Math.max(1, rule.line), 1, rule.pattern.length),
    ...rest,
  });
  const used = usedRules(matrix, files);
  const tracked = new Set(files);
  const perRule = matrix.rules.flatMap((rule): Diagnostic[] => {
    const shadow = shadowOf(matrix, rule);
    if (shadow !== undefined) return [note('warning', 'RULE_SHADOWED', rule, shadow)];
    if (used.has(rule)) return [];
    const misread = misreadingOf(rule, files, tracked);
    if (misread !== undefined) return [note('warning', misread.code, rule, misread.rest)];
    return [
      note('info', 'RULE_MATCHES_NOTHING', rule, {
        message: `${rule.pattern} matches no file of the repository`,
        hint: 'fine if its files are still to be made; else correct or remove it',
      }),
    ];
  });
  const ambiguities = findAmbiguities(matrix).map((ambiguity) => ambiguityDiagnostic(ambiguity, path));
  return [...ambiguities, ...perRule].toSorted(
    (a, b) => (a.range?.start.line ?? 0) - (b.range?.start.line ?? 0),
  );
}

type Rest = Pick<Diagnostic, 'message'> & Partial<Pick<Diagnostic, 'hint'>>;

function usedRules(matrix: CompiledMatrix, files: readonly string[]): ReadonlySet<CompiledRule> {
  const used = new Set<CompiledRule>();
  for (const file of files) {
    for (const rule of rulesOfAncestors(matrix, file)) {
      if (!used.has(rule) && matches(languageOf(rule), file, matrix)) used.add(rule);
    }
  }
  return used;
}

// Whatever takes all of a rule takes, among others, its shortest path: only rules that cover that one are looked at.
function shadowOf(matrix: CompiledMatrix, rule: CompiledRule): Rest | undefined {
  const { plainPath } = compilePattern(rule.pattern);
  const sample = plainPath ?? uncovered({ any: [] }, languageOf(rule));
  if (sample === undefined) return { message: `${rule.pattern} covers no path that its exceptions leave` };
  const takesIt = (other: CompiledRule): boolean =>
    other !== rule && matches(languageOf(other), sample, matrix) && isMoreSpecific(other, rule, matrix);
  if (!rulesOfAncestors(matrix, sample).some(takesIt)) return undefined;
  const folder = folderKey(compilePattern(rule.pattern).folder, matrix);
  const inside = matrix.rules.filter(
    (other) =>
      other !== rule &&
      other.except === undefined &&
      folderKey(compilePattern(other.pattern).folder, matrix).startsWith(folder) &&
      isMoreSpecific(other, rule, matrix),
  );
  const patterns = inside.map(({ pattern }) => pattern);
  if (!contains({ any: patterns }, languageOf(rule), matrix)) return undefined;
  return { message: `${rule.pattern} never decides: ${patterns.join(', ')} cover all of it` };
}

function misreadingOf(
  rule: CompiledRule,
  files: readonly string[],
  tracked: ReadonlySet<string>,
): { code: DiagnosticCode; rest: Rest } | undefined {
  const literal = rule.pattern.replace(/^\//u, '');
  if (tracked.has(literal) || files.some((file) => file.startsWith(`${literal}/`))) {
    const isPlain = compilePattern(rule.pattern).plainPath !== undefined;
    return isPlain
      ? {
          code: 'RULE_NAMES_FOLDER',
          rest: {
            message: `${rule.pattern} is a folder, but its name reads as a file's`,
            hint: `write: ${rule.pattern}/`,
          },
        }
      : {
          code: 'RULE_IS_LITERAL',
          rest: {
            message: `${rule.pattern} is the name of a file, but its brackets read as a pattern`,
            hint: `write: /${escapePattern(literal)}`,
          },
        };
  }
  return undefined;
}
