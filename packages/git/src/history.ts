import { mergeTree } from './merge-tree.ts';
import { INERT, TOOL_IDENTITY, treeOf, writeCommit } from './plumbing.ts';
import { git, runGit } from './run-git.ts';

/** How many commits one side has that the other lacks. */
export interface Distance {
  readonly ahead: number;
  readonly behind: number;
}

/** Commits of `tip` that `base` lacks (ahead), and the reverse. */
export async function distance(cwd: string, tip: string, base: string): Promise<Distance> {
  const text = await git(['rev-list', '--left-right', '--count', `${tip}...${base}`, '--'], { cwd });
  const [ahead = 0, behind = 0] = text.trim().split(/\s+/u).map(Number);
  return { ahead, behind };
}

/**
 * How the work of a branch reached another one: `ancestor` (an ordinary merge, or nothing was done), `patches` (each
 * commit was rebased or cherry-picked), `squash` (one commit holds it all), `content` (merging would change nothing).
 */
export type MergedHow = 'ancestor' | 'patches' | 'squash' | 'content';

/** How the commit `tip` is contained in `into`; `undefined` when some of its work is not. */
export async function mergedHow(cwd: string, tip: string, into: string): Promise<MergedHow | undefined> {
  if ((await runGit(['merge-base', '--is-ancestor', tip, into], { cwd })).code === 0) return 'ancestor';
  const base = (await runGit(['merge-base', tip, into], { cwd })).stdout.trim();
  if (base === '') return undefined;
  if (await allPicked(cwd, into, tip)) return 'patches';
  const tree = await treeOf(cwd, tip);
  const squashed = await writeCommit(cwd, {
    tree,
    parents: [base],
    message: 'squashed\n',
    env: { ...TOOL_IDENTITY, GIT_AUTHOR_DATE: '@86400 +0000', GIT_COMMITTER_DATE: '@86400 +0000' },
  });
  if (await allPicked(cwd, into, squashed)) return 'squash';
  const merged = await mergeTree(cwd, [into, tip]);
  return merged.kind === 'clean' && merged.tree === (await treeOf(cwd, into)) ? 'content' : undefined;
}

// `git cherry` leaves merge commits out, so a branch that has any is not judged by its patches.
async function allPicked(cwd: string, upstream: string, tip: string): Promise<boolean> {
  const merges = await runGit(['rev-list', '--merges', '--max-count=1', tip, `^${upstream}`], { cwd });
  if (merges.code !== 0 || merges.stdout.trim() !== '') return false;
  const cherry = await runGit([...INERT, 'cherry', upstream, tip], { cwd });
  const lines = cherry.stdout.split('\n').filter((line) => line !== '');
  return cherry.code === 0 && lines.length > 0 && lines.every((line) => line.startsWith('- '));
}

/** Paths that differ between the common ancestor of two commits and the second, with git's letter for each. */
export async function changedPaths(
  cwd: string,
  base: string,
  tip: string,
): Promise<readonly { readonly path: string; readonly letter: string }[]> {
  const text = await git(['diff', '--name-status', '--no-renames', '-z', `${base}...${tip}`, '--'], { cwd });
  const fields = text.split('\0').filter((field) => field !== '');
  return fields.flatMap((letter, index) =>
    index % 2 === 0 ? [{ letter, path: fields[index + 1] ?? '' }] : [],
  );
}
