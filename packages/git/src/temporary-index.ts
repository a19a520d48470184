// Beside the store this is the one file that touches the file system: a snapshot needs a copy of the index, and the
// store stands on the same floor.
import { copyFileSync, mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { git } from './run-git.ts';

/**
 * Runs `work` with an environment whose index is a copy of the worktree's, removed afterwards: whatever is staged
 * there, the real index keeps its bytes. The copy keeps git's knowledge of unchanged files, so a snapshot of a large
 * tree reads only what changed.
 */
export async function withTemporaryIndex<T>(
  worktreeRoot: string,
  work: (env: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const named = (await git(['rev-parse', '--git-path', 'index'], { cwd: worktreeRoot })).replace(/\n$/u, '');
  const folder = mkdtempSync(join(tmpdir(), 'dotsquad-index-'));
  const index = join(folder, 'index');
  try {
    copyIfThere(resolve(worktreeRoot, named), index);
    return await work({ GIT_INDEX_FILE: index });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function copyIfThere(from: string, to: string): void {
  try {
    const { mtimeMs } = statSync(from);
    copyFileSync(from, to);
    // Git trusts an entry only if its file is older than the index. A copy that looks newer than its original would
    // hide a file that was changed, at equal size, in the moment after the last `git add`.
    const seconds = Math.floor(mtimeMs / 1000);
    utimesSync(to, seconds, seconds);
  } catch (error) {
    // A repository without a commit has no index yet.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
