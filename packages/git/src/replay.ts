import { conflictedPaths, mergeTree, type TreeMerge } from './merge-tree.ts';
import { identityOr, TOOL_IDENTITY, treeOf, writeCommit } from './plumbing.ts';
import { git } from './run-git.ts';

/** What became of putting commits on top of another one. */
export type Replay =
  | { readonly kind: 'done'; readonly tip: string; readonly applied: number; readonly dropped: number }
  | {
      readonly kind: 'conflict';
      readonly commit: string;
      readonly subject: string;
      readonly paths: readonly string[];
    }
  | { readonly kind: 'has-merges'; readonly commit: string };

/** Gives the tree of a pick that git left in conflict, or `undefined` when a person has to; `sides` label its markers. */
export type SettlePick = (
  merge: Extract<TreeMerge, { kind: 'conflict' }>,
  sides: readonly [ours: string, theirs: string],
) => Promise<string | undefined>;

/**
 * Rebases `base..tip` onto another commit in memory, author and message kept: no working tree, index, branch or
 * half-finished rebase can be left behind. Commits that change nothing there are dropped. Merge commits are refused.
 * With `note` each message says which commit it was picked from; `settle` is asked about each commit in conflict.
 */
export async function replay(
  cwd: string,
  range: {
    readonly base: string;
    readonly tip: string;
    readonly note?: boolean;
    readonly settle?: SettlePick;
  },
  onto: string,
): Promise<Replay> {
  const bounds = [range.tip, `^${range.base}`, `^${onto}`];
  const [merge] = lines(await git(['rev-list', '--merges', '--max-count=1', ...bounds], { cwd }));
  if (merge !== undefined) return { kind: 'has-merges', commit: merge };
  const commits = lines(await git(['rev-list', '--reverse', '--topo-order', ...bounds], { cwd }));
  const committer = await identityOr(cwd);
  let tip = onto;
  let dropped = 0;
  for (const commit of commits) {
    const picked = await pick(cwd, commit, { onto: tip, settle: range.settle });
    if (picked.kind !== 'clean')
      return {
        kind: 'conflict',
        commit,
        subject: await subjectOf(cwd, commit),
        paths: conflictedPaths(picked),
      };
    if (picked.tree === (await treeOf(cwd, tip))) dropped += 1;
    else
      tip = await recommit(cwd, commit, {
        tree: picked.tree,
        parent: tip,
        committer,
        note: range.note === true,
      });
  }
  return { kind: 'done', tip, applied: commits.length - dropped, dropped };
}

/**
 * The tree that one commit's change gives on another commit. `git merge-tree` of git 2.39 takes no base, so both sides
 * are dressed as children of the commit's parent, which makes that parent their merge base.
 */
async function pick(
  cwd: string,
  commit: string,
  { onto, settle }: { onto: string; settle: SettlePick | undefined },
): Promise<TreeMerge> {
  const parents = lines(await git(['rev-parse', `${commit}^@`], { cwd }));
  const dressed = { parents, message: 'side\n', env: { ...TOOL_IDENTITY, ...FIXED_DATE } };
  const ours = await writeCommit(cwd, { ...dressed, tree: await treeOf(cwd, onto) });
  const theirs = await writeCommit(cwd, {
    ...dressed,
    tree: await treeOf(cwd, commit),
    message: 'other side\n',
  });
  const merge = await mergeTree(cwd, [ours, theirs]);
  const tree = merge.kind === 'conflict' ? await settle?.(merge, [ours, theirs]) : undefined;
  return tree === undefined ? merge : { kind: 'clean', tree };
}

// One side and its date always give one object, so trying again leaves nothing new in the object store.
const FIXED_DATE = { GIT_AUTHOR_DATE: '@86400 +0000', GIT_COMMITTER_DATE: '@86400 +0000' };

async function recommit(
  cwd: string,
  commit: string,
  to: { tree: string; parent: string; committer: Readonly<Record<string, string>>; note: boolean },
): Promise<string> {
  const text = await git(
    ['log', '-1', '--no-show-signature', '--format=%an%x00%ae%x00%ad%x00%B', '--date=raw', commit],
    {
      cwd,
    },
  );
  const [name = '', email = '', date = '', ...message] = text.split('\0');
  const author = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: `@${date}` };
  return writeCommit(cwd, {
    tree: to.tree,
    parents: [to.parent],
    message: `${message.join('\0').trimEnd()}\n${to.note ? `\n(cherry picked from commit ${commit})\n` : ''}`,
    env: { ...to.committer, ...author },
  });
}

async function subjectOf(cwd: string, commit: string): Promise<string> {
  return (await git(['log', '-1', '--no-show-signature', '--format=%s', commit], { cwd })).trim();
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
