import { join, relative, resolve } from 'node:path';
import type { Store } from '#store';
import { readGitCall } from '../shell/git-targets.ts';
import type { Call } from '../shell/look.ts';
import { callWords } from './call-words.ts';
import { trackedFiles } from './git-index.ts';
import { namePattern } from './name-pattern.ts';
import { plainExpression, type Dialect } from './plain-expression.ts';
import { beginWalk, checkoutRoot, filesUnder } from './walk.ts';

const LETTERS = /^-[rRlEFiZzsHI]+$/u;
const MAX_FILES = 2000;
const MAX_FILE = 1024 * 1024;
const MAX_BYTES = 16 * 1024 * 1024;

/** What `git ls-files`, `git grep -l` and `git rev-parse --show-toplevel` print; `undefined` where that cannot be told. */
export function printedByGit(store: Store, call: Call): string | undefined {
  const { verb, args, folder } = readGitCall(call.args);
  const words = callWords({ args });
  const root = checkoutRoot(store, call.cwd);
  if (words === undefined || folder !== undefined || root === undefined) return undefined;
  if (verb === 'rev-parse') return words.join(' ') === '--show-toplevel' ? `${root}\n` : undefined;
  if (verb === 'ls-files') {
    const options = words.filter((word) => word.startsWith('-') && word !== '--');
    if (options.some((option) => !['-z', '-c', '--cached'].includes(option))) return undefined;
    const names = trackedBelow(store, {
      root,
      cwd: call.cwd,
      specs: words.filter((word) => !word.startsWith('-')),
    });
    return names === undefined ? undefined : lines(names, options.includes('-z'));
  }
  const search = verb === 'grep' ? readSearch(words) : undefined;
  if (search === undefined || !search.isListing || search.isRecursive || search.hasFilter) return undefined;
  const names = trackedBelow(store, { root, cwd: call.cwd, specs: search.operands });
  return names === undefined ? undefined : found(store, names, { ...search, cwd: call.cwd });
}

/** What `grep -l` and `grep -rl` print; `undefined` where that cannot be told. */
export function printedByGrep(store: Store, call: Call): string | undefined {
  const words = callWords(call);
  const search = words === undefined ? undefined : readSearch(words);
  if (search === undefined || !search.isListing || (!search.isRecursive && search.operands.length === 0))
    return undefined;
  const walk = beginWalk(store);
  const names = search.operands.length === 0 ? ['.'] : search.operands;
  const files = names.flatMap((name) => {
    const path = resolve(call.cwd, name);
    const isListed = search.isRecursive && store.stat(path)?.kind === 'folder';
    const below = isListed ? filesUnder(walk, path) : [path];
    const shown = search.operands.length === 0 ? '' : `${name.replace(/\/+$/u, '')}/`;
    return below.map((file) => (file === path ? name : shown + relative(path, file)));
  });
  const wanted = files.filter(
    (file) =>
      search.includes.length === 0 || search.includes.some((test) => test(file.split('/').at(-1) ?? '')),
  );
  return walk.left <= 0 ? undefined : found(store, wanted, { ...search, cwd: call.cwd });
}

interface Search {
  readonly expression: RegExp;
  readonly operands: readonly string[];
  readonly isListing: boolean;
  readonly isRecursive: boolean;
  readonly isNulEnded: boolean;
  /** Tests of `--include`. */
  readonly includes: readonly ((name: string) => boolean)[];
  readonly hasFilter: boolean;
}

function readSearch(words: readonly string[]): Search | undefined {
  const letters = words.filter((word) => LETTERS.test(word)).join('');
  const named = new Set(
    words.filter((word) => /^--(?:files-with-matches|name-only|recursive|null)$/u.test(word)),
  );
  const globs = words.flatMap((word) =>
    word.startsWith('--include=') ? [namePattern(word.slice(10), false)] : [],
  );
  const known = (word: string): boolean =>
    word === '--' || named.has(word) || word.startsWith('--include=') || LETTERS.test(word);
  if (words.some((word) => word.startsWith('-') && !known(word))) return undefined;
  const [pattern, ...operands] = words.filter((word) => !word.startsWith('-'));
  const has = (letter: string): boolean => letters.includes(letter);
  const dialect: Dialect = has('F') ? 'fixed' : has('E') ? 'extended' : 'basic';
  const expression = pattern === undefined ? undefined : plainExpression(pattern, dialect, has('i'));
  const includes = globs.flatMap((test) => test ?? []);
  if (expression === undefined || includes.length < globs.length) return undefined;
  return {
    expression,
    operands,
    isListing: has('l') || named.has('--files-with-matches') || named.has('--name-only'),
    isRecursive: has('r') || has('R') || named.has('--recursive'),
    isNulEnded: has('Z') || has('z') || named.has('--null'),
    includes,
    hasFilter: globs.length > 0,
  };
}

// Tracked files below the working folder, as git shows them there.
function trackedBelow(
  store: Store,
  { root, cwd, specs }: { readonly root: string; readonly cwd: string; readonly specs: readonly string[] },
): readonly string[] | undefined {
  const tests = specs.map((spec) => pathspecTest(spec.replace(/^\.\//u, '')));
  const names = trackedFiles(store, root);
  if (names === undefined || tests.includes(undefined)) return undefined;
  const below = names
    .map((name) => relative(cwd, join(root, name)))
    .filter((name) => !name.startsWith('../'));
  return below.filter((name) => tests.length === 0 || tests.some((test) => test?.(name) === true));
}

// A file, a folder, or a pattern that also matches slashes (gitglossary, pathspec).
function pathspecTest(spec: string): ((name: string) => boolean) | undefined {
  if (spec.startsWith(':') || spec.startsWith('../') || spec.startsWith('/')) return undefined;
  if (spec === '.' || spec === '') return () => true;
  if (/[*?[\\]/u.test(spec)) return namePattern(spec, false);
  const folder = spec.endsWith('/') ? spec : `${spec}/`;
  return (name) => name === spec || name.startsWith(folder);
}

function found(
  store: Store,
  names: readonly string[],
  how: { readonly cwd: string; readonly expression: RegExp; readonly isNulEnded: boolean },
): string | undefined {
  if (names.length > MAX_FILES) return undefined;
  let left = MAX_BYTES;
  const matching: string[] = [];
  for (const name of names) {
    const path = resolve(how.cwd, name);
    const stat = store.stat(path);
    if (stat?.kind !== 'file') continue;
    left -= stat.size;
    if (stat.size > MAX_FILE || left < 0) return undefined;
    if (how.expression.test(store.readText(path) ?? '')) matching.push(name);
  }
  return lines(matching, how.isNulEnded);
}

function lines(names: readonly string[], isNulEnded: boolean): string {
  return names.map((name) => name + (isNulEnded ? '\0' : '\n')).join('');
}
