import { runGit } from '#git';
import {
  lastTouched,
  missingPaths,
  parseRenames,
  renameArguments,
  type Commit,
  type SourceDocument,
} from '#plan';

type Renames = ReturnType<typeof parseRenames>;

/** Where a search for renamed files looks. */
export interface RenameSearch {
  readonly worktreeRoot: string;
  readonly tracked: readonly string[];
  /** Recent commits, newest first; a rename in an older one is not found. */
  readonly commits: readonly Commit[];
}

// A file that was renamed more often than this keeps its last name but one.
const MOST_RENAMES = 5;

/** What became of the paths that a document is to change and that are not there, as git's own rename detection tells. */
export async function findRenames(document: SourceDocument, search: RenameSearch): Promise<Renames> {
  const tracked = new Set(search.tracked);
  const found = new Map<string, NonNullable<ReturnType<Renames['get']>>>();
  const byCommit = new Map<string, Renames>();
  for (const path of missingPaths(document, tracked)) {
    let at = path;
    for (let step = 0; step < MOST_RENAMES && !tracked.has(at); step += 1) {
      const commit = lastTouched(at, search.commits);
      if (commit === undefined) break;
      const renames = byCommit.get(commit) ?? (await renamesOf(commit, search.worktreeRoot));
      byCommit.set(commit, renames);
      const rename = renames.get(at);
      if (rename === undefined) break;
      found.set(path, rename);
      at = rename.to;
    }
  }
  return found;
}

async function renamesOf(commit: string, cwd: string): Promise<Renames> {
  const result = await runGit(renameArguments(commit), { cwd });
  return result.code === 0 ? parseRenames(result.stdout, commit) : new Map();
}
