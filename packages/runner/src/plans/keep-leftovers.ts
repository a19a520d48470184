import { identityOr, INERT, listChanges, runGit } from '#git';
import { join, resolve } from 'node:path';
import { readWorktree, saveWorktree, type WorktreeWorld } from '#worktree';
import type { Settlement } from './workspace.ts';

/** A worktree whose agent has ended. */
export interface Leaving {
  readonly name: string;
  readonly cwd: string;
  readonly branch: string;
  readonly message: string;
}

// What git leaves in its folder while it is in the middle of something.
const UNDER_WAY: Readonly<Record<string, string>> = {
  'rebase-merge': 'rebase',
  'rebase-apply': 'rebase',
  MERGE_HEAD: 'merge',
  CHERRY_PICK_HEAD: 'cherry-pick',
  REVERT_HEAD: 'revert',
};

/**
 * Brings what an agent left uncommitted into safety: onto its branch; or, where that cannot be (a rebase under way,
 * another branch checked out, git refuses), under a backup ref, and everything stays as it is. No hook runs.
 */
export async function keepLeftovers(
  world: WorktreeWorld,
  leaving: Leaving,
): Promise<Pick<Settlement, 'leftovers' | 'backup' | 'problem'>> {
  const { cwd, branch } = leaving;
  if (world.store.stat(cwd) === undefined) return { leftovers: 'none', problem: `the agent removed its worktree ${cwd}` };
  const obstacle = (await operationUnderWay(world, cwd)) ?? (await otherBranch(cwd, branch));
  const changes = await listChanges(cwd);
  if (obstacle === undefined && changes.length === 0) return { leftovers: 'none' };
  if (obstacle === undefined && (await commitAll(leaving))) return { leftovers: 'committed' };
  const record = readWorktree(world.store, world.home.squadDir, leaving.name);
  const saved = record === undefined ? undefined : await saveWorktree(world, record, obstacle ?? 'could not be committed');
  return {
    leftovers: 'kept',
    ...(saved && { backup: saved.ref }),
    problem: `${obstacle ?? 'what was left could not be committed'}; all of it is in ${cwd}`,
  };
}

async function operationUnderWay({ store }: WorktreeWorld, cwd: string): Promise<string | undefined> {
  const gitDir = (await runGit(['rev-parse', '--absolute-git-dir'], { cwd })).stdout.trim();
  const found = Object.entries(UNDER_WAY).find(([name]) => store.stat(join(resolve(cwd, gitDir), name)) !== undefined);
  return found === undefined ? undefined : `the agent left a ${found[1]} under way`;
}

async function otherBranch(cwd: string, branch: string): Promise<string | undefined> {
  const head = (await runGit(['symbolic-ref', '--quiet', '--short', 'HEAD'], { cwd })).stdout.trim();
  if (head === branch) return undefined;
  return `the agent left ${head === '' ? 'a detached HEAD' : `branch ${head}`} checked out instead of ${branch}`;
}

async function commitAll({ cwd, message }: Leaving): Promise<boolean> {
  const env = await identityOr(cwd);
  const added = await runGit([...INERT, 'add', '--all', '--', ':/'], { cwd });
  if (added.code !== 0) return false;
  const args = [...INERT, 'commit', '--quiet', '--no-verify', '--allow-empty', '-F', '-'];
  return (await runGit(args, { cwd, env, input: message })).code === 0;
}
