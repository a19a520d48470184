import type { GitOptions } from './run-git.ts';
import { git, runGit } from './run-git.ts';

/**
 * Settings under which our own plumbing runs nobody else's code: no hooks, no file system monitor, no signing
 * prompt, no garbage collection in the middle.
 */
export const INERT: readonly string[] = Object.entries({
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.safecrlf': 'false',
  'commit.gpgSign': 'false',
  'gc.auto': '0',
  'maintenance.auto': 'false',
}).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** The author of commits that only tools see: backups must not fail because no `user.name` is configured. */
export const TOOL_IDENTITY: Readonly<Record<string, string>> = {
  GIT_AUTHOR_NAME: 'dotsquad',
  GIT_AUTHOR_EMAIL: 'dotsquad@localhost',
  GIT_COMMITTER_NAME: 'dotsquad',
  GIT_COMMITTER_EMAIL: 'dotsquad@localhost',
};

/** The configured identity as nothing to add to the environment, or {@link TOOL_IDENTITY} when git knows none. */
export async function identityOr(cwd: string): Promise<Readonly<Record<string, string>>> {
  const asked = await runGit(['-c', 'user.useConfigOnly=true', 'var', 'GIT_COMMITTER_IDENT'], { cwd });
  return asked.code === 0 ? {} : TOOL_IDENTITY;
}

/** The full id of what a revision names, peeled to a commit; `undefined` when it names none. */
export async function resolveCommit(cwd: string, revision: string): Promise<string | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  const result = await runGit(args, { cwd });
  const id = result.stdout.trim();
  return result.code === 0 && id !== '' ? id : undefined;
}

/** The tip of every branch, by its name without `refs/heads/`. */
export async function branchTips(cwd: string): Promise<ReadonlyMap<string, string>> {
  const text = await git(['for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads'], { cwd });
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const space = line.indexOf(' ');
      return [line.slice(space + 1 + 'refs/heads/'.length), line.slice(0, space)];
    }),
  );
}

/** What a commit object is made of. */
export interface CommitDraft {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Writes a commit object; no branch moves, no hook runs, nothing is signed. */
export async function writeCommit(cwd: string, draft: CommitDraft): Promise<string> {
  const parents = draft.parents.flatMap((parent) => ['-p', parent]);
  const options: GitOptions = { cwd, input: draft.message, ...(draft.env ? { env: draft.env } : {}) };
  return (await git([...INERT, 'commit-tree', draft.tree, ...parents, '-F', '-'], options)).trim();
}

/** The id of the tree of a commit. */
export async function treeOf(cwd: string, revision: string): Promise<string> {
  return (await git(['rev-parse', '--verify', '--end-of-options', `${revision}^{tree}`], { cwd })).trim();
}
