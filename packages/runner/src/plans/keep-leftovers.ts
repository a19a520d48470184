import { identityOr, INERT, listChanges, parseStatusZ, runGit, type ChangedPath } from '#git';
import { join, resolve } from 'node:path';
import { readWorktree, saveWorktree, type WorktreeWorld } from '#worktree';
import type { Settlement } from './workspace.ts';

/** A worktree whose agent has ended. */
export interface Leaving {
  readonly name: string;
  readonly cwd: string;
  readonly branch: string;
  readonly message: string;
  /** Git settings that the agent worked under. */
  readonly env: Readonly<Record<string, string>>;
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
  if (world.store.stat(cwd) === undefined)
    return { leftovers: 'none', problem: `the agent removed its worktree ${cwd}` };
  const obstacle = (await operationUnderWay(world, cwd)) ?? (await otherBranch(cwd, branch));
  const changes = await uncommitted(leaving);
  if (obstacle === undefined && changes.length === 0) return { leftovers: 'none' };
  if (obstacle === undefined && (await commitAll(leaving))) return { leftovers: 'committed' };
  const record = readWorktree(world.store, world.home.squadDir, leaving.name);
  const saved =
    record === undefined
      ? undefined
      : await saveWorktree(world, record, obstacle ?? 'could not be committed');
  return {
    leftovers: 'kept',
    ...(saved && { backup: saved.ref }),
    problem: `${obstacle ?? 'what was left could not be committed'}; all of it is in ${cwd}`,
  };
}

async function operationUnderWay({ store }: WorktreeWorld, cwd: string): Promise<string | undefined> {
  const gitDir = (await runGit(['rev-parse', '--absolute-git-dir'], { cwd })).stdout.trim();
  const found = Object.entries(UNDER_WAY).find(
    ([name]) => store.stat(join(resolve(cwd, gitDir), name)) !== undefined,
  );
  return found === undefined ? undefined : `the agent left a ${found[1]} under way`;
}

async function otherBranch(cwd: string, branch: string): Promise<string | undefined> {
  const head = (await runGit(['symbolic-ref', '--quiet', '--short', 'HEAD'], { cwd })).stdout.trim();
  if (head === branch) return undefined;
  return `the agent left ${head === '' ? 'a detached HEAD' : `branch ${head}`} checked out instead of ${branch}`;
}

async function uncommitted({ cwd, env }: Leaving): Promise<readonly ChangedPath[]> {
  const args = ['status', '--porcelain', '-z', '--untracked-files=all'];
  const result = await runGit(args, { cwd, env });
  return result.code === 0 ? parseStatusZ(result.stdout) : listChanges(cwd);
}

async function commitAll({ cwd, message, env: config }: Leaving): Promise<boolean> {
  const env = { ...config, ...(await identityOr(cwd)) };
  const added = await runGit([...INERT, 'add', '--all', '--', ':/'], { cwd, env });
  if (added.code !== 0) return false;
  const args = [...INERT, 'commit', '--quiet', '--no-verify', '--allow-empty', '-F', '-'];
  return (await runGit(args, { cwd, env, input: message })).code === 0;
}
