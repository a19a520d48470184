import { compilePattern, foldText, type PatternOptions, type Patterns } from '#glob';
import { err, ok, type OwnershipMatrix, type OwnershipRule, type Result, type Zone } from '#protocol';
import { keyRange } from './key-position.ts';

/** A rule with its pattern and its line in `ownership.yaml`. */
export interface CompiledRule extends OwnershipRule {
  readonly pattern: string;
  readonly line: number;
}

/**
 * The matrix as the fast path reads it: rules indexed by the folder that all their paths lie in, so that a path is
 * compared with the rules of its own ancestors only.
 */
export interface CompiledMatrix {
  readonly format: 1;
  /** The repository lies on a file system where `A` and `a` are one name: rules hold in any spelling. */
  readonly foldCase?: true;
  readonly default: OwnershipRule;
  readonly zones: Readonly<Record<string, Zone>>;
  readonly rules: readonly CompiledRule[];
  /** Plain folder (`''` is the repository; in {@link folderKey}'s spelling) to indexes of `rules`. */
  readonly folders: Readonly<Record<string, readonly number[]>>;
}

/** Indexes a matrix; `text` is where the lines come from. */
export function compileMatrix(
  matrix: OwnershipMatrix,
  text = '',
  reading: PatternOptions = {},
): CompiledMatrix {
  // Folders are named by people: `constructor` is one like any other.
  const folders = new Map<string, number[]>();
  const lines = linesOf(text);
  const rules = Object.entries(matrix.paths).map(([pattern, rule], index): CompiledRule => {
    const folder = folderKey(compilePattern(pattern).folder, reading);
    const known = folders.get(folder);
    if (known === undefined) folders.set(folder, [index]);
    else known.push(index);
    return { ...rule, pattern, line: lines.get(pattern) ?? keyRange(text, pattern)?.start.line ?? 0 };
  });
  return {
    format: 1,
    ...(reading.foldCase === true ? { foldCase: true } : {}),
    default: matrix.default,
    zones: matrix.zones,
    rules,
    folders: Object.fromEntries(folders),
  };
}

// One pass for the usual, unquoted keys: asking for each key alone is quadratic.
function linesOf(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  text
    .replace(/^\uFEFF/u, '')
    .split('\n')
    .forEach((line, index) => {
      const key = /^(?:"([^"\\]+)"|'([^']+)'|([^\s#"'][^#]*?))\s*:(?:\s|$)/u.exec(line);
      const name = key?.[1] ?? key?.[2] ?? key?.[3];
      if (name !== undefined) lines.set(name.startsWith('/') ? name : `/${name}`, index + 1);
    });
  return lines;
}

/** How a matrix keeps a folder: in one spelling where case is folded. */
export function folderKey(folder: string, reading: PatternOptions): string {
  return reading.foldCase === true ? foldText(folder) : folder;
}

/** What a rule covers: its pattern without what it excepts. */
export function languageOf(rule: Pick<CompiledRule, 'pattern' | 'except'>): Patterns {
  return rule.except === undefined || rule.except.length === 0
    ? rule.pattern
    : { any: [rule.pattern], not: rule.except };
}

/** Accepts a twin that this version wrote for such a file system; its rules are trusted, because its source is the same. */
export function decodeCompiled(value: unknown, reading: PatternOptions = {}): Result<CompiledMatrix, string> {
  const isOurs =
    typeof value === 'object' &&
    value !== null &&
    'format' in value &&
    value.format === 1 &&
    'rules' in value &&
    Array.isArray(value.rules) &&
    'folders' in value &&
    ('foldCase' in value && value.foldCase === true) === (reading.foldCase === true);
  return isOurs ? ok(value as CompiledMatrix) : err('not a compiled matrix of this version');
}
