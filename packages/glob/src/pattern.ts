import type { Automaton } from './automaton.ts';
import { buildAutomaton } from './build-automaton.ts';
import { isFileName } from './file-name.ts';
import { asPlainPath, normalizedPath } from './path-language.ts';
import { PatternError } from './pattern-error.ts';
import { createSubsets } from './subsets.ts';
import { MAX_PATTERN_LENGTH, parseSyntax, type Node } from './syntax.ts';

/** How patterns are read. */
export interface PatternOptions {
  /** `A` and `a` are the same character, as on file systems that fold case. */
  readonly foldCase?: boolean;
}

/** A pattern, ready to be asked. */
export interface Pattern {
  readonly text: string;
  readonly foldCase: boolean;
  /** The leading names without wildcards, joined by `/`: every path that the pattern covers is or lies under them. */
  readonly folder: string;
  /** The path that the pattern names, when it has no wildcard at all. */
  readonly plainPath: string | undefined;
  /** Everything the pattern covers; built when first needed. */
  readonly automaton: () => Automaton;
  readonly covers: (path: string) => boolean;
}

const CACHE_SIZE = 16_384;
const MATCHER_SIZE = 4096;
const caches = { exact: new Map<string, Pattern>(), folded: new Map<string, Pattern>() };

/** Compiles a pattern, or answers from the cache. Throws {@link PatternError}. */
export function compilePattern(text: string, options: PatternOptions = {}): Pattern {
  const foldCase = options.foldCase === true;
  const cache = foldCase ? caches.folded : caches.exact;
  const known = cache.get(text);
  if (known !== undefined) return known;
  const pattern = createPattern(text, foldCase);
  if (cache.size >= CACHE_SIZE) cache.clear();
  cache.set(text, pattern);
  return pattern;
}

/** What is wrong with a pattern's text, or `undefined`. */
export function problemOf(text: string, options: PatternOptions = {}): PatternError | undefined {
  try {
    compilePattern(text, options).automaton();
    return undefined;
  } catch (error) {
    if (error instanceof PatternError) return error;
    throw error;
  }
}

/** The pattern that names exactly this path (and, if it is a folder, what lies under it). */
export function escapePattern(path: string): string {
  return path.replaceAll(/[\\*?[\]{}]/gu, '\\$&').replace(/^!/u, '\\!');
}

function createPattern(text: string, foldCase: boolean): Pattern {
  const plain = plainly(text);
  const nodes = plain === undefined ? parseSyntax(text) : undefined;
  const { folder, plainPath, isFolder } = plain ?? plainParts(nodes ?? []);
  let automaton: Automaton | undefined;
  const build = (): Automaton => (automaton ??= buildAutomaton(nodes ?? parseSyntax(text), foldCase));
  let subsets: ReturnType<typeof createSubsets> | undefined;
  const walk = (path: string): boolean => {
    if (subsets === undefined || subsets.size() > MATCHER_SIZE) subsets = createSubsets(build());
    let at = subsets.start;
    for (const char of path) at = subsets.step(at, char.codePointAt(0) ?? 0);
    return subsets.isAccepting(at);
  };
  return {
    text,
    foldCase,
    folder,
    plainPath,
    automaton: build,
    covers(path) {
      const normalized = normalizedPath(path);
      if (normalized === undefined) return false;
      if (foldCase) return walk(normalized);
      if (!isUnder(folder, normalized)) return false;
      // Most rules name a plain folder, for which an automaton is much to build and nothing to find out.
      return plainPath === undefined ? walk(normalized) : isFolder || normalized === plainPath;
    },
  };
}

/** True when the path is the folder or lies under it; the empty folder is the repository. */
export function isUnder(folder: string, path: string): boolean {
  return folder === '' || path === folder || (path.startsWith(folder) && path[folder.length] === '/');
}

interface PlainParts {
  readonly folder: string;
  readonly plainPath: string | undefined;
  /** Of a plain path: whether what lies under it is covered too. */
  readonly isFolder: boolean;
}

// Most rules are written so; to read them as patterns costs a fast program's start 0.1 ms.
function plainly(text: string): PlainParts | undefined {
  const path = text.length > MAX_PATTERN_LENGTH ? undefined : asPlainPath(text);
  if (path === undefined) return undefined;
  const isFile = !text.endsWith('/') && isFileName(path.slice(path.lastIndexOf('/') + 1));
  return { folder: path, plainPath: path, isFolder: !isFile };
}

function plainParts(nodes: readonly Node[]): PlainParts {
  const names: string[] = [''];
  for (const node of nodes) {
    if (node.kind === 'slash') names.push('');
    else if (node.kind === 'text') names.push(`${names.pop() ?? ''}${String.fromCodePoint(node.point)}`);
    else return { folder: names.slice(0, -1).join('/'), plainPath: undefined, isFolder: false };
  }
  const path = names.filter((name) => name !== '').join('/');
  return { folder: path, plainPath: path, isFolder: !isFileName(names.at(-1) ?? '') };
}
