import { overlaps } from '#glob';
import { rangeAt, type Diagnostic } from '#protocol';
import type { CodeownersSyntax } from './codeowners-line.ts';
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
  const rules = generalFirst(matrix.rules);
  checkOrder(rules, warn);
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
  const patterns = codeownersPatterns(rule.pattern, syntax);
  if (typeof patterns === 'string') {
    warn(rule, patterns);
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

// A rule stands after every rule that it must win against. Kahn's algorithm, in the order of the matrix.
function generalFirst(rules: readonly CompiledRule[]): readonly CompiledRule[] {
  const rest = new Set(rules);
  const mustWait = new Map(rules.map((rule) => [rule, rules.filter((other) => beats(rule, other))]));
  const sorted: CompiledRule[] = [];
  while (rest.size > 0) {
    const next =
      [...rest].find((rule) => mustWait.get(rule)?.every((other) => !rest.has(other))) ?? [...rest][0];
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
  warn: (rule: CompiledRule, message: string) => void,
): void {
  rules.forEach((rule, index) => {
    for (const except of rule.except ?? []) {
      const isTaken = rules.slice(index + 1).some((later) => overlaps(later.pattern, except).overlap);
      if (!isTaken) warn(rule, `no later line can take ${except} from it`);
    }
    for (const later of rules.slice(index + 1)) {
      if (agree(rule, later) || beats(later, rule)) continue;
      const shared = overlaps(rule.pattern, later.pattern);
      if (shared.overlap)
        warn(rule, `and ${later.pattern} both cover ${shared.witness}; there the later line wins`);
    }
  });
}
