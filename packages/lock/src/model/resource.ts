import { escapePattern, overlaps, PatternError, problemOf } from '#glob';
import { consistsOf, err, isControl, ok, parseRepoPath, type Result } from '#protocol';

/** Whether a lease shuts everybody else out, or only those who want it exclusively. */
export type LeaseMode = 'exclusive' | 'shared';

/** What kind of thing a resource name means. */
export type ResourceKind = 'file' | 'folder' | 'pattern' | 'named';

const NAMED = /^[a-z][a-z0-9-]+:/u;
const SPECIAL = ['*', '?', '[', '{'];
const LITERAL = './';

function isNamed(text: string): boolean {
  return text.includes(':') && NAMED.test(text);
}

function isSpecial(text: string): boolean {
  return SPECIAL.some((char) => text.includes(char));
}

/** The kind of a canonical resource name. */
export function kindOfResource(name: string): ResourceKind {
  if (name.startsWith(LITERAL)) return name.endsWith('/') ? 'folder' : 'file';
  if (isNamed(name)) return 'named';
  if (isSpecial(name)) return 'pattern';
  return name.endsWith('/') ? 'folder' : 'file';
}

/**
 * The canonical name of what somebody wrote: `shared/a.ts` (file), `shared/` (folder), `src/*.ts` (pattern: holds one of
 * `* ? [ {`), `op:git`, `port:3000`, `db:main`, `task:T-03` (any `kind:name`). A leading `./` forces a path where the
 * text would be read as a pattern or a kind, as in `./pages/[slug].tsx`.
 */
export function parseResource(text: string): Result<string, string> {
  if (isNamed(text)) return parseNamed(text);
  const path = parseRepoPath(text);
  if (!path.ok) return path;
  const isFolder = text.endsWith('/') || text.endsWith('\\');
  if (!text.startsWith(LITERAL) && isSpecial(text)) return parsePattern(path.value + (isFolder ? '/**' : ''));
  return ok(pathResource(path.value, isFolder));
}

function parsePattern(text: string): Result<string, string> {
  const problem = problemOf(text);
  return problem === undefined ? ok(text) : err(problem.message);
}

function parseNamed(text: string): Result<string, string> {
  if (!consistsOf(text, (unit) => !isControl(unit))) return err('the name holds a control character');
  if (text.length > 512) return err('the name is longer than 512 characters');
  const name = text.slice(text.indexOf(':') + 1).trim();
  return name === ''
    ? err(`"${text}" names nothing after the colon`)
    : ok(`${text.slice(0, text.indexOf(':'))}:${name}`);
}

/** The canonical name of one exact repo-relative path, whatever characters it holds. */
export function pathResource(path: string, isFolder = false): string {
  const marked = isNamed(path) || isSpecial(path) ? LITERAL + path : path;
  return isFolder && !marked.endsWith('/') ? `${marked}/` : marked;
}

/** The repo-relative path a file or folder resource means, without marks; `undefined` for patterns and named ones. */
export function resourcePath(name: string): string | undefined {
  const kind = kindOfResource(name);
  if (kind !== 'file' && kind !== 'folder') return undefined;
  return withoutSlash(bare(name));
}

/** How a resource is shown and written in JSON: without the mark of a literal path. */
export function displayResource(name: string): string {
  return bare(name);
}

function bare(name: string): string {
  return name.startsWith(LITERAL) ? name.slice(LITERAL.length) : name;
}

function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
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
  return kindOfResource(name) === 'pattern' ? name : escapePattern(withoutSlash(bare(name)));
}

function indexIn(text: string, char: string): number | [] {
  const at = text.indexOf(char);
  return at === -1 ? [] : at;
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
  const literal = path.slice(0, Math.min(...SPECIAL.flatMap((char) => indexIn(path, char))));
  return { prefix: literal.slice(0, literal.lastIndexOf('/') + 1), isWhole: true };
}
