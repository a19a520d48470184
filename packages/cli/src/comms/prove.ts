import { listChanges, resolveCommit, workingTree } from '#git';
import type { Evidence } from '#protocol';
import { overlapsByPrefix } from '#tasks';
import type { Io } from '../shell/io.ts';
import type { Squad } from '../shell/squad.ts';
import { runEvidence } from './run-evidence.ts';

/** Commands that were run to prove a task. */
export interface Proof {
  /** All that ran, in order; after a failure none is run. */
  readonly evidence: readonly Evidence[];
  readonly failed?: Evidence;
}

/**
 * Runs commands in turn up to the first that fails. Each becomes evidence for the commit that was checked out when they
 * began, and, where the files were not exactly that commit's, for the tree that they were.
 */
export async function prove(
  io: Io,
  squad: Squad,
  order: { readonly commands: readonly string[]; readonly timeoutMs: number },
): Promise<Proof> {
  const { worktreeRoot, isGit } = squad;
  const commit = isGit ? await resolveCommit(worktreeRoot, 'HEAD') : undefined;
  const evidence: Evidence[] = [];
  for (const command of order.commands) {
    const tree = commit === undefined ? undefined : await strangeTree(worktreeRoot, commit);
    const ran = await runEvidence(command, {
      cwd: io.cwd,
      env: io.env,
      signal: io.signal,
      timeoutMs: order.timeoutMs,
      output: io.stderr,
    });
    const item = {
      ...ran,
      ...(commit === undefined ? {} : { commit }),
      ...(tree === undefined ? {} : { tree }),
    };
    evidence.push(item);
    if (item.exitCode !== 0) return { evidence, failed: item };
  }
  return { evidence };
}

/**
 * How many changed files that are the task's affair are not committed: in an agent's own worktree all of them, in a
 * shared one those that were named.
 */
export async function countUncommitted(squad: Squad, named: readonly string[]): Promise<number> {
  const { worktreeRoot, mainRoot, isGit } = squad;
  if (!isGit) return 0;
  const changes = (await listChanges(worktreeRoot)).filter(({ path }) => !path.startsWith('.squad/'));
  const isOwn = worktreeRoot !== mainRoot && named.length === 0;
  const fixed = named.map((path) => path.replace(/\/?[^/]*[*?[{].*$/u, ''));
  return changes.filter(({ path }) => isOwn || fixed.some((name) => overlapsByPrefix(name, path))).length;
}

// Notes of the squad itself are no part of what is proven.
async function strangeTree(worktreeRoot: string, commit: string): Promise<string | undefined> {
  const isClean = (await listChanges(worktreeRoot)).every(({ path }) => path.startsWith('.squad/'));
  const isAt = (await resolveCommit(worktreeRoot, 'HEAD')) === commit;
  return isClean && isAt ? undefined : workingTree(worktreeRoot);
}
