import { runGit } from '#git';

/**
 * Looks up commits that evidence names: the tree of each, `undefined` for one that the repository does not have. Git is
 * asked once for each; about missing ones again when `again` is set. Outside a repository nothing is known of any.
 */
export type CommitLookUp = (
  commits: readonly string[],
  again: boolean,
) => Promise<ReadonlyMap<string, string | undefined>>;

/** Looks commits up in the repository of this folder. */
export function lookUpCommits(root: string): CommitLookUp {
  const known = new Map<string, string | undefined>();
  return async (commits, again) => {
    const asked = [...new Set(commits)].filter(
      (commit) => !known.has(commit) || (again && known.get(commit) === undefined),
    );
    if (asked.length === 0) return known;
    const input = asked.map((commit) => `${commit}^{tree}\n`).join('');
    const result = await runGit(['cat-file', '--batch-check'], { cwd: root, input });
    if (result.code !== 0) return known;
    for (const [index, line] of result.stdout.trimEnd().split('\n').entries()) {
      const commit = asked[index];
      const [tree, kind] = line.split(' ');
      if (commit !== undefined) known.set(commit, kind === 'tree' ? tree : undefined);
    }
    return known;
  };
}
