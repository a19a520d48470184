import { overlaps } from '#glob';
import { rangeAt, type Diagnostic } from '#protocol';
import type { CodeownersSyntax } from './read-codeowners-pattern.ts';
import { codeownersPatterns } from './codeowners-pattern.ts';
import type { CompiledMatrix, CompiledRule } from './compiled-matrix.ts';
import { agree, isMoreSpecific } from './resolve-owner.ts';

/** A CODEOWNERS file and what it could not say. */
export interface ExportedOwners {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Turns "the most specific wins" into "the last match wins": general lines first. Owners must be `@user`, `@org/team` or
 * addresses there; agent ids get an `@`. Whatever the other side cannot say is a diagnostic at its line of `path`.
 */
export function exportCodeowners(
  matrix: CompiledMatrix,
  path: string,
  syntax: CodeownersSyntax = 'github',
): ExportedOwners {
  const diagnostics: Diagnostic[] = [];
  const warn = (rule: CompiledRule, message: string): void => {
    diagnostics.push({
      severity: 'warning',
      code: 'CODEOWNERS_INEXPRESSIBLE',
      message: `${rule.pattern}: ${message}`,
      path,
      range: rangeAt(Math.max(1, rule.line), 1, rule.pattern.length),
    });
  };
  const beaten: Beaten = new Map(
    matrix.rules.map((rule) => [rule, new Set(matrix.rules.filter((other) => beats(rule, other)))]),
  );
  const rules = generalFirst(beaten);
  checkOrder(rules, beaten, warn);
  const lines: string[] = [];
  if (matrix.default.owner !== 'NONE') lines.push(`* ${ownerName(matrix.default.owner)}`);
  let section: string | undefined;
  for (const rule of rules) {
    if (syntax === 'gitlab' && rule.section !== section && rule.section !== undefined)
      lines.push('', rule.section);
    section = rule.section;
    lines.push(...linesOf(rule, syntax, warn));
  }
  return { text: `${lines.join('\n').trim()}\n`, diagnostics };
}

function linesOf(
  rule: CompiledRule,
  syntax: CodeownersSyntax,
  warn: (rule: CompiledRule, message: string) => void,
): string[] {
  if (rule.access === 'READ-ONLY' || rule.access === 'PARTITIONED') {
    warn(rule, `CODEOWNERS knows no ${rule.access}; written without an owner`);
  }
  if (rule.section !== undefined && syntax === 'github')
    warn(rule, `GitHub knows no sections; ${rule.section} is lost`);
  const { patterns, problem, note } = codeownersPatterns(rule.pattern, syntax);
  if (note !== undefined) warn(rule, note);
  if (problem !== undefined) {
    warn(rule, problem);
    return [];
  }
  const named = rule.owner === 'NONE' ? (rule.order ?? []) : [rule.owner];
  if (named.some((owner) => !owner.includes('@')))
    warn(rule, `${named.join(', ')}: not an account; written with an @`);
  const owners = named.map(ownerName);
  const comment = rule.why === undefined ? [] : [`# ${rule.why.replaceAll(/\s+/gu, ' ')}`];
  return [...comment, ...patterns.map((pattern) => [pattern, ...owners].join(' '))];
}

function ownerName(owner: string): string {
  return owner.includes('@') ? owner : `@${owner}`;
}

/** The rules that each rule must win against. */
type Beaten = ReadonlyMap<CompiledRule, ReadonlySet<CompiledRule>>;

// A rule stands after every rule that it must win against. Kahn's algorithm, in the order of the matrix.
function generalFirst(beaten: Beaten): readonly CompiledRule[] {
  const rest = new Set(beaten.keys());
  const isFree = (rule: CompiledRule): boolean =>
    ![...(beaten.get(rule) ?? [])].some((other) => rest.has(other));
  const sorted: CompiledRule[] = [];
  while (rest.size > 0) {
    const next = [...rest].find(isFree) ?? [...rest][0];
    if (next === undefined) break;
    rest.delete(next);
    sorted.push(next);
  }
  return sorted;
}

function beats(rule: CompiledRule, other: CompiledRule): boolean {
  if (rule === other || !overlaps(rule.pattern, other.pattern).overlap) return false;
  if (isMoreSpecific(rule, other)) return true;
  return !isMoreSpecific(other, rule) && isExcepted(other, rule);
}

// What both cover is taken from `loser` by its exceptions.
function isExcepted(loser: CompiledRule, winner: CompiledRule): boolean {
  if (loser.except === undefined) return false;
  return !overlaps({ any: [loser.pattern], not: loser.except }, winner.pattern).overlap;
}

function checkOrder(
  rules: readonly CompiledRule[],
  beaten: Beaten,
  warn: (rule: CompiledRule, message: string) => void,
): void {
  rules.forEach((rule, index) => {
    const laterRules = rules.slice(index + 1);
    const laterPatterns = new Set(laterRules.map(({ pattern }) => pattern));
    for (const except of rule.except ?? []) {
      const isTaken =
        laterPatterns.has(except) || laterRules.some((later) => overlaps(later.pattern, except).overlap);
      if (!isTaken) warn(rule, `no later line can take ${except} from it`);
    }
    for (const later of laterRules) {
      if (agree(rule, later) || beaten.get(later)?.has(rule) === true) continue;
      const shared = overlaps(rule.pattern, later.pattern);
      if (shared.overlap)
        warn(rule, `and ${later.pattern} both cover ${shared.witness}; there the later line wins`);
    }
  });
}
