import { consistsOf, isControl } from './characters.ts';
import { err, ok, type Result } from './result.ts';

/** A path relative to the repository's root: `/` separated, no leading `/`, no `.` or `..`, Unicode NFC. */
export type RepoPath = string & { readonly brand: unique symbol };

const MAX_LENGTH = 4096;

/**
 * Reads a path as people and agents write it (`/frontend/a.ts`, `./a.ts`, `a\\b.ts`, `dir/`), by its text alone.
 * A leading `/` means the repository's root. Refuses NUL and control characters, `..` that leaves the repository,
 * the repository's root itself, anything under `.git`, Windows drives, and more than 4096 characters.
 * Symbolic links are the store's matter.
 */
export function parseRepoPath(text: string): Result<RepoPath, string> {
  const problem = textProblem(text);
  if (problem !== undefined) return err(problem);
  const segments: string[] = [];
  for (const segment of text.normalize('NFC').replaceAll('\\', '/').split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return err(`"${text}" is outside the repository`);
  }
  if (segments.length === 0) return err(`"${text}" names the whole repository, not a path in it`);
  if (segments.every((segment) => segment.trim() === '')) return err('the path is blank');
  if (segments.some((segment) => segment.toLowerCase() === '.git')) return err(`"${text}" is inside .git`);
  return ok(segments.join('/') as RepoPath);
}

function textProblem(text: string): string | undefined {
  if (text.trim() === '') return 'the path is empty';
  if (text.length > MAX_LENGTH) return `the path is longer than ${MAX_LENGTH} characters`;
  if (text.includes('\0')) return 'the path holds a NUL character';
  if (!consistsOf(text, (unit) => !isControl(unit))) return 'the path holds a control character';
  if (text.charAt(1) === ':' && /^[A-Za-z]:[\\/]/u.test(text)) return `"${text}" is an absolute Windows path`;
  return undefined;
}

/** True when `path` is `folder` or lies under it. */
export function isWithin(folder: RepoPath, path: RepoPath): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
