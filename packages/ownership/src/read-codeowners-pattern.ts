import { matches, problemOf } from '#glob';
import { err, ok, type Result } from '#protocol';

/** Whose CODEOWNERS: GitLab's has sections, and reads `[a-z]`. */
export type CodeownersSyntax = 'github' | 'gitlab';

/** A pattern of CODEOWNERS as the matrix writes it. */
export interface ReadPattern {
  readonly pattern: string;
  /** What the matrix makes more of it than the other side does. */
  readonly note?: string;
}

/**
 * Translates a pattern. GitHub reads them like .gitignore, without `[…]`, `!` and `\#`: a name alone means any depth, a slash in
 * front or inside the root, and what lies below a match belongs to it, but for a last `*`. GitLab asks Ruby's `File.fnmatch`: only
 * a slash in front means the root, only one at the end a folder, and `**` at the end is a `*`. Neither reads `{`.
 */
export function readCodeownersPattern(
  written: string,
  syntax: CodeownersSyntax,
): Result<ReadPattern, string> {
  const literal = written.replaceAll('\\ ', ' ').replaceAll(/[{}]/gu, '\\$&');
  const read = syntax === 'github' ? readGithub(literal) : ok(readGitlab(literal.replace(/^\\#/u, '#')));
  if (!read.ok) return read;
  const problem = problemOf(read.value.pattern);
  return problem === undefined ? read : err(problem.message);
}

function readGithub(literal: string): Result<ReadPattern, string> {
  const refused = [
    [/^!/u, '"!" is not read by GitHub'],
    [/^\\#/u, 'GitHub takes it for a comment'],
    [/(?<!\\)[[\]]/u, 'GitHub does not read "[" and "]"'],
    [/\*{3}/u, 'three stars are no pattern'],
    [/^\/$/u, 'GitHub finds no path by it'],
  ] as const;
  const problem = refused.find(([form]) => form.test(literal));
  if (problem !== undefined) return err(problem[1]);
  if (literal === '*' || literal === '**') return ok({ pattern: '/**' });
  const isRooted = literal.slice(0, -1).includes('/');
  const pattern = isRooted ? `/${literal.replace(/^\//u, '')}` : `/**/${literal}`;
  return ok({ pattern: takesFolders(pattern) ? `${pattern}/**` : pattern });
}

/** True when the last name has wildcards and may be a folder's: GitHub takes what lies below, a pattern of the matrix does not. */
export function takesFolders(pattern: string): boolean {
  const last = pattern.slice(pattern.lastIndexOf('/') + 1);
  return /(?<!\\)[*?]/u.test(last) && !/^\*{1,2}$/u.test(last) && !readsAsFile(last);
}

/** True when a pattern that ends in this name covers that path alone. */
export function readsAsFile(last: string): boolean {
  const name = last.replaceAll(/(?<!\\)(?:\*|\?)/gu, 'x').replaceAll('\\', '');
  return name !== '' && !matches(`/${name}`, `${name}/x`);
}

function readGitlab(literal: string): ReadPattern {
  if (literal === '*' || literal === '/') return { pattern: '/**' };
  const rooted = literal.startsWith('/') ? literal : `/**/${literal}`;
  const pattern = rooted.replace(/\/\*\*$/u, '/*');
  const last = pattern.slice(pattern.lastIndexOf('/') + 1);
  const isPlain = last !== '' && !/(?<!\\)[*?[]/u.test(last);
  return isPlain && !readsAsFile(last)
    ? { pattern, note: 'to GitLab it is a file; the matrix takes a folder of that name, too' }
    : { pattern };
}
