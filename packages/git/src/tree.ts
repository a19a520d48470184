import { git, runGit } from './run-git.ts';

/** Paths that git tracks below `cwd`'s worktree root, sorted by code unit; empty outside a repository. */
export async function listTrackedFiles(worktreeRoot: string): Promise<readonly string[]> {
  const result = await runGit(['ls-files', '-z'], { cwd: worktreeRoot });
  return result.code === 0 ? splitZ(result.stdout) : [];
}

/** One changed path of a worktree, as `git status` sees it. */
export interface ChangedPath {
  readonly path: string;
  /** Two letters: index and worktree, as in `git status --porcelain`. */
  readonly state: string;
  /** Of a rename or copy: where it came from. */
  readonly from?: string;
}

const STATUS = ['status', '--porcelain', '-z', '--untracked-files=all'];

/**
 * Uncommitted changes of a worktree, untracked files one by one, ignored ones left out; none where git cannot tell. Takes no
 * lock.
 */
export async function listChanges(worktreeRoot: string): Promise<readonly ChangedPath[]> {
  const result = await runGit(STATUS, { cwd: worktreeRoot });
  return result.code === 0 ? parseStatusZ(result.stdout) : [];
}

/** The same for who must not take a git that fails for a clean worktree: `GIT_FAILED` with its words. */
export async function requireChanges(worktreeRoot: string): Promise<readonly ChangedPath[]> {
  return parseStatusZ(await git(STATUS, { cwd: worktreeRoot }));
}

/** Reads `git status --porcelain -z`. */
export function parseStatusZ(text: string): readonly ChangedPath[] {
  const fields = text.split('\0');
  const changes: ChangedPath[] = [];
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index] ?? '';
    if (field.length < 4) continue;
    const state = field.slice(0, 2);
    const path = field.slice(3);
    if (!/[RC]/u.test(state)) changes.push({ path, state });
    else {
      index += 1;
      changes.push({ path, state, from: fields[index] ?? '' });
    }
  }
  return changes;
}

/** Splits NUL-terminated output. */
export function splitZ(text: string): readonly string[] {
  return text.split('\0').filter((field) => field !== '');
}
