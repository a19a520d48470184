import {
  conflictedPaths,
  identityOr,
  INERT,
  isAncestor,
  mergeTree,
  resolveCommit,
  runGit,
  writeCommit,
} from '#git';
import { printableLine, SquadError } from '#protocol';
import type { Integration } from './workspace.ts';

const ATTEMPTS = 5;

/** Makes the branch that collects a run's work; it must not exist. */
export async function startIntegration(cwd: string, branch: string, base: string): Promise<void> {
  const made = await runGit([...INERT, 'update-ref', `refs/heads/${branch}`, base, ''], { cwd });
  if (made.code === 0) return;
  throw new SquadError({
    code: 'GIT_FAILED',
    message: `branch ${branch} cannot be made: ${made.stderr.trim()}`,
  });
}

/**
 * Merges a branch into the collecting branch: in memory, with a merge commit, by compare-and-swap of the ref. On a
 * conflict nothing moves.
 */
export async function integrateBranch(
  cwd: string,
  work: {
    readonly branch: string;
    readonly start: string;
    readonly integration: string;
    readonly title: string;
  },
): Promise<Integration> {
  const tip = await resolveCommit(cwd, `refs/heads/${work.branch}`);
  if (tip === undefined || tip === work.start) return { kind: 'nothing' };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const head = await resolveCommit(cwd, `refs/heads/${work.integration}`);
    if (head === undefined) break;
    if (await isAncestor(cwd, tip, head)) return { kind: 'merged', commit: head };
    const merge = await mergeTree(cwd, [head, tip]);
    if (merge.kind !== 'clean')
      return { kind: 'conflict', paths: merge.kind === 'conflict' ? conflictedPaths(merge) : [merge.reason] };
    const message = `Merge ${work.branch}\n\n${printableLine(work.title)}\n`;
    const env = await identityOr(cwd);
    const commit = await writeCommit(cwd, { tree: merge.tree, parents: [head, tip], message, env });
    const moved = await runGit([...INERT, 'update-ref', `refs/heads/${work.integration}`, commit, head], {
      cwd,
    });
    if (moved.code === 0) return { kind: 'merged', commit };
  }
  throw new SquadError({
    code: 'GIT_FAILED',
    message: `branch ${work.integration} is gone or is moved by somebody else`,
    hint: `make it again: git branch ${work.integration} ${work.start}; then resume the run`,
  });
}
