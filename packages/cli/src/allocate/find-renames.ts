import { runGit } from '#git';
import {
  lastTouched,
  missingPaths,
  parseRemovals,
  parseRenames,
  removalArguments,
  renameArguments,
  type Commit,
  type RepositoryEvidence,
  type SourceDocument,
} from '#plan';

type Renames = ReturnType<typeof parseRenames>;

/** Where a search for renamed files looks. */
export interface RenameSearch {
  readonly worktreeRoot: string;
  readonly tracked: readonly string[];
  /** Recent commits, newest first, looked at before the whole history is. */
  readonly commits: readonly Commit[];
  /** How long the whole history may be looked through; 2 s when absent. */
  readonly limitMs?: number;
}

// A file that was renamed more often than this keeps its last name but one.
const MOST_RENAMES = 5;
// Twenty times what five thousand commits take.
const LIMIT_MS = 2000;

/** What became of the paths that a document is to change and that are not there, as git's own rename detection tells. */
export async function findRenames(
  document: SourceDocument,
  search: RenameSearch,
): Promise<Pick<RepositoryEvidence, 'renames' | 'unsearched'>> {
  const tracked = new Set(search.tracked);
  const history = new History(search);
  const renames = new Map<string, NonNullable<ReturnType<Renames['get']>>>();
  let open = missingPaths(document, tracked).map((path) => ({ path, at: path }));
  for (let step = 0; step < MOST_RENAMES && open.length > 0; step += 1) {
    await history.look(open.map(({ at }) => at));
    const next: typeof open = [];
    for (const { path, at } of open) {
      const rename = await history.renameOf(at);
      if (rename === undefined) continue;
      renames.set(path, rename);
      if (!tracked.has(rename.to)) next.push({ path, at: rename.to });
    }
    open = next;
  }
  return history.unsearched.length === 0 ? { renames } : { renames, unsearched: history.unsearched };
}

/** The commits in which paths went, each asked once for what it renamed. */
class History {
  readonly unsearched: string[] = [];
  private readonly search: RenameSearch;
  private readonly removedIn = new Map<string, string>();
  private readonly byCommit = new Map<string, Renames>();
  private readonly signal: AbortSignal;

  constructor(search: RenameSearch) {
    this.search = search;
    this.signal = AbortSignal.timeout(search.limitMs ?? LIMIT_MS);
  }

  /** Finds where paths went: among the recent commits, else in one walk through all. */
  async look(paths: readonly string[]): Promise<void> {
    const older = paths.filter((path) => {
      const commit = lastTouched(path, this.search.commits);
      if (commit !== undefined) this.removedIn.set(path, commit);
      return commit === undefined;
    });
    if (older.length === 0) return;
    const text = await this.walk(older);
    if (text === undefined) this.unsearched.push(...older);
    else for (const [path, commit] of parseRemovals(text)) this.removedIn.set(path, commit);
  }

  async renameOf(path: string): Promise<ReturnType<Renames['get']>> {
    const commit = this.removedIn.get(path);
    if (commit === undefined) return undefined;
    const known = this.byCommit.get(commit) ?? (await renamesOf(commit, this.search.worktreeRoot));
    this.byCommit.set(commit, known);
    return known.get(path);
  }

  /** The log of what removed the paths; `undefined` where it took too long. */
  private async walk(paths: readonly string[]): Promise<string | undefined> {
    if (this.signal.aborted) return undefined;
    try {
      const { code, stdout } = await runGit(removalArguments(paths), {
        cwd: this.search.worktreeRoot,
        signal: this.signal,
      });
      return code === 0 ? stdout : '';
    } catch (error) {
      if (this.signal.aborted) return undefined;
      throw error;
    }
  }
}

async function renamesOf(commit: string, cwd: string): Promise<Renames> {
  const result = await runGit(renameArguments(commit), { cwd });
  return result.code === 0 ? parseRenames(result.stdout, commit) : new Map();
}
