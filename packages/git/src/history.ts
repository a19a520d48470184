import { mergeTree } from './merge-tree.ts';
import { INERT, resolveCommit, TOOL_IDENTITY, treeOf, writeCommit } from './plumbing.ts';
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

/** True when `tip` is in the history of `of`, or is `of` itself. */
export async function isAncestor(cwd: string, tip: string, of: string): Promise<boolean> {
  return (await runGit(['merge-base', '--is-ancestor', tip, of], { cwd })).code === 0;
}

/**
 * How the work of a branch reached another one: `ancestor` (an ordinary merge, or nothing was done), `patches` (each
 * commit was rebased or cherry-picked), `squash` (one commit holds it all), `content` (merging would change nothing).
 */
export type MergedHow = 'ancestor' | 'patches' | 'squash' | 'content';

/** The best common ancestor of two commits; `undefined` when they share no history. */
export async function forkPoint(cwd: string, a: string, b: string): Promise<string | undefined> {
  const found = (await runGit(['merge-base', a, b], { cwd })).stdout.trim();
  return found === '' ? undefined : found;
}

/**
 * How the commit `tip` is contained in `into`; `undefined` when some of its work is not. Who knows their
 * {@link forkPoint} already passes it as `fork`.
 */
export async function mergedHow(
  cwd: string,
  tip: string,
  into: string,
  fork?: string,
): Promise<MergedHow | undefined> {
  const tipId = await idOf(cwd, tip);
  const base = fork ?? (await forkPoint(cwd, tipId, into));
  if (base === undefined) return undefined;
  if (base === tipId) return 'ancestor';
  const picked = await pickedCommits(cwd, into, tip);
  if (picked.open === 0 && (await hasNoMerges(cwd, into, tip))) return 'patches';
  // One commit is its own squash: its patch was just looked for.
  if (picked.open + picked.done > 1 && (await isSquashed(cwd, { base, tip, into }))) return 'squash';
  const merged = await mergeTree(cwd, [into, tip]);
  return merged.kind === 'clean' && merged.tree === (await treeOf(cwd, into)) ? 'content' : undefined;
}

async function idOf(cwd: string, commit: string): Promise<string> {
  return /^[0-9a-f]{40}$/u.test(commit) ? commit : ((await resolveCommit(cwd, commit)) ?? commit);
}

async function isSquashed(
  cwd: string,
  { base, tip, into }: { base: string; tip: string; into: string },
): Promise<boolean> {
  const squashed = await writeCommit(cwd, {
    tree: `${tip}^{tree}`,
    parents: [base],
    message: 'squashed\n',
    // One date, one object: asking again writes nothing new.
    env: { ...TOOL_IDENTITY, GIT_AUTHOR_DATE: '@86400 +0000', GIT_COMMITTER_DATE: '@86400 +0000' },
  });
  const { open, done } = await pickedCommits(cwd, into, squashed);
  return open === 0 && done > 0;
}

async function pickedCommits(
  cwd: string,
  upstream: string,
  tip: string,
): Promise<{ open: number; done: number }> {
  const cherry = await runGit([...INERT, 'cherry', upstream, tip], { cwd });
  const lines = cherry.stdout.split('\n').filter((line) => line !== '');
  const done = lines.filter((line) => line.startsWith('- ')).length;
  return { done, open: cherry.code === 0 && lines.length > 0 ? lines.length - done : 1 };
}

// `git cherry` leaves merge commits out, so a branch that has any is not judged by its patches.
async function hasNoMerges(cwd: string, upstream: string, tip: string): Promise<boolean> {
  const merges = await runGit(['rev-list', '--merges', '--max-count=1', tip, `^${upstream}`], { cwd });
  return merges.code === 0 && merges.stdout.trim() === '';
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
