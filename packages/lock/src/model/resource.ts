import { escapePattern, overlaps, PatternError, problemOf } from '#glob';
import { err, ok, parseRepoPath, type Result } from '#protocol';

/** Whether a lease shuts everybody else out, or only those who want it exclusively. */
export type LeaseMode = 'exclusive' | 'shared';

/** What kind of thing a resource name means. */
export type ResourceKind = 'file' | 'folder' | 'pattern' | 'named';

const NAMED = /^[a-z][a-z0-9-]+:/u;
const SPECIAL = /[*?[{]/u;
const LITERAL = './';

/** The kind of a canonical resource name. */
export function kindOfResource(name: string): ResourceKind {
  if (name.startsWith(LITERAL)) return name.endsWith('/') ? 'folder' : 'file';
  if (NAMED.test(name)) return 'named';
  if (SPECIAL.test(name)) return 'pattern';
  return name.endsWith('/') ? 'folder' : 'file';
}

/**
 * The canonical name of what somebody wrote: `shared/a.ts` (file), `shared/` (folder), `src/*.ts` (pattern: holds one of
 * `* ? [ {`), `op:git`, `port:3000`, `db:main`, `task:T-03` (any `kind:name`). A leading `./` forces a path where the
 * text would be read as a pattern or a kind, as in `./pages/[slug].tsx`.
 */
export function parseResource(text: string): Result<string, string> {
  if (NAMED.test(text)) return parseNamed(text);
  const path = parseRepoPath(text);
  if (!path.ok) return path;
  const isFolder = /[\\/]$/u.test(text);
  if (!text.startsWith(LITERAL) && SPECIAL.test(text))
    return parsePattern(path.value + (isFolder ? '/**' : ''));
  return ok(pathResource(path.value, isFolder));
}

function parsePattern(text: string): Result<string, string> {
  const problem = problemOf(text);
  return problem === undefined ? ok(text) : err(problem.message);
}

function parseNamed(text: string): Result<string, string> {
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/u.test(text)) return err('the name holds a control character');
  if (text.length > 512) return err('the name is longer than 512 characters');
  const name = text.slice(text.indexOf(':') + 1).trim();
  return name === ''
    ? err(`"${text}" names nothing after the colon`)
    : ok(`${text.slice(0, text.indexOf(':'))}:${name}`);
}

/** The canonical name of one exact repo-relative path, whatever characters it holds. */
export function pathResource(path: string, isFolder = false): string {
  const marked = NAMED.test(path) || SPECIAL.test(path) ? LITERAL + path : path;
  return isFolder && !marked.endsWith('/') ? `${marked}/` : marked;
}

/** The repo-relative path a file or folder resource means, without marks; `undefined` for patterns and named ones. */
export function resourcePath(name: string): string | undefined {
  const kind = kindOfResource(name);
  if (kind !== 'file' && kind !== 'folder') return undefined;
  return bare(name).replace(/\/$/u, '');
}

/** How a resource is shown and written in JSON: without the mark of a literal path. */
export function displayResource(name: string): string {
  return bare(name);
}

function bare(name: string): string {
  return name.startsWith(LITERAL) ? name.slice(LITERAL.length) : name;
}

/** The folders above a path, as resource names, nearest last. */
export function foldersAbove(name: string): string[] {
  const path = bare(name);
  const above: string[] = [];
  for (
    let slash = path.indexOf('/');
    slash !== -1 && slash < path.length - 1;
    slash = path.indexOf('/', slash + 1)
  ) {
    above.push(pathResource(path.slice(0, slash), true));
  }
  return above;
}

/** Whether some path (or the named thing itself) belongs to both. Symmetric, and exact also for patterns. */
export function resourcesOverlap(a: string, b: string): boolean {
  if (a === b) return true;
  const kinds = new Set([kindOfResource(a), kindOfResource(b)]);
  if (kinds.has('named')) return false;
  const [left, right] = [reachOf(a), reachOf(b)];
  if (!mayMeet(left, right)) return false;
  return kinds.has('pattern') ? patternsOverlap(a, b) : true;
}

// Fold steps never throw: patterns too complex to decide count as overlapping, which errs on the side of the holder.
function patternsOverlap(a: string, b: string): boolean {
  try {
    return overlaps(globOf(a), globOf(b)).overlap;
  } catch (error) {
    if (error instanceof PatternError) return true;
    throw error;
  }
}

function globOf(name: string): string {
  return kindOfResource(name) === 'pattern' ? name : escapePattern(bare(name).replace(/\/$/u, ''));
}

interface Reach {
  readonly prefix: string;
  /** Everything below the prefix, not just the path itself. */
  readonly isWhole: boolean;
}

function mayMeet(left: Reach, right: Reach): boolean {
  if (left.isWhole && right.isWhole)
    return left.prefix.startsWith(right.prefix) || right.prefix.startsWith(left.prefix);
  if (left.isWhole) return right.prefix.startsWith(left.prefix) || `${right.prefix}/` === left.prefix;
  if (right.isWhole) return left.prefix.startsWith(right.prefix) || `${left.prefix}/` === right.prefix;
  return left.prefix === right.prefix;
}

// A folder or pattern reaches at most what is below its literal beginning; a file only itself.
function reachOf(name: string): Reach {
  const kind = kindOfResource(name);
  const path = bare(name);
  if (kind !== 'pattern') return { prefix: path, isWhole: kind === 'folder' };
  const literal = path.slice(0, path.search(SPECIAL));
  return { prefix: literal.slice(0, literal.lastIndexOf('/') + 1), isWhole: true };
}
