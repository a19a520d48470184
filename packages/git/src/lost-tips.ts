import { resolveCommit } from './plumbing.ts';
import { runGit } from './run-git.ts';

// Commits that git keeps in files of the worktree's own git folder, which go when the worktree goes.
const PSEUDO_REFS = [
  'ORIG_HEAD',
  'MERGE_HEAD',
  'MERGE_AUTOSTASH',
  'CHERRY_PICK_HEAD',
  'REVERT_HEAD',
  'REBASE_HEAD',
  'rebase-merge/autostash',
  'rebase-merge/orig-head',
  'rebase-apply/autostash',
  'rebase-apply/orig-head',
];

/**
 * Commits that would be lost with the worktree: heads of operations under way, what only the reflogs of some refs
 * still know, and commits named by the caller. Only tips are named, and none that `kept` reaches.
 */
export async function lostTips(
  worktreeRoot: string,
  kept: readonly string[],
  options: { readonly reflogsOf?: readonly string[]; readonly commits?: readonly string[] },
): Promise<readonly string[]> {
  const candidates = new Set<string>(options.commits);
  for (const name of PSEUDO_REFS) {
    const commit = await resolveCommit(worktreeRoot, name);
    if (commit !== undefined) candidates.add(commit);
  }
  for (const ref of options.reflogsOf ?? []) {
    const log = await runGit(['log', '--walk-reflogs', '--format=%H', ref, '--'], { cwd: worktreeRoot });
    if (log.code === 0) for (const line of log.stdout.split('\n')) if (line !== '') candidates.add(line);
  }
  for (const commit of kept) candidates.delete(commit);
  return candidates.size === 0 ? [] : tipsBeyond(worktreeRoot, candidates, kept);
}

async function tipsBeyond(
  cwd: string,
  candidates: ReadonlySet<string>,
  kept: readonly string[],
): Promise<readonly string[]> {
  const input = [...candidates, ...kept.map((commit) => `^${commit}`)].join('\n');
  const args = ['rev-list', '--ignore-missing', '--parents', '--stdin'];
  const listed = await runGit(args, { cwd, input: `${input}\n` });
  const lines = listed.stdout.split('\n').filter((line) => line !== '');
  const hasChild = new Set(lines.flatMap((line) => line.split(' ').slice(1)));
  return lines
    .map((line) => line.slice(0, 40))
    .filter((commit) => candidates.has(commit) && !hasChild.has(commit));
}
