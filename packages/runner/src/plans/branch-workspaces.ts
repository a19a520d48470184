import { join } from 'node:path';
import { changedPaths, resolveCommit, runGit } from '#git';
import type { Task } from '#tasks';
import {
  createWorktree,
  readWorktree,
  worktreesFolder,
  type WorktreeRecord,
  type WorktreeWorld,
} from '#worktree';
import { carriedExclusion } from './carried-exclusion.ts';
import { agentOf, slugOf } from './agent-environment.ts';
import { integrateBranch } from './integrate-branch.ts';
import { keepLeftovers } from './keep-leftovers.ts';
import type { Workspaces } from './workspace.ts';

/** A run's branches. */
export interface BranchPlan {
  readonly world: WorktreeWorld;
  /** Short and unique: part of every branch and folder name of the run. */
  readonly runMark: string;
  /** Collects finished work; dependents are cut from it. Must exist. */
  readonly integration: string;
  /** Where a task is cut from, when not from the integrated work. */
  readonly baseOf?: (task: Task) => string | undefined;
  /** The launcher's environment. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * One worktree and branch per task, cut from the integrated work of the run, so that a dependent always starts with
 * what it depends on. Merges happen in memory; the person's checkout and branch are never touched.
 */
export function createBranchWorkspaces(plan: BranchPlan): Workspaces {
  const { world, integration } = plan;
  const nameOf = (task: Task): string => `${slugOf(task.id)}-${plan.runMark}`;
  const inTurn = createTurns();
  return {
    open: (task) =>
      inTurn(async () => {
        const purpose = `${task.id}: ${task.title}`;
        const record = await openWorktree(plan, {
          name: nameOf(task),
          agent: agentOf(task),
          purpose,
          base: plan.baseOf?.(task) ?? integration,
        });
        const exclusion = await carriedExclusion(world, record, plan.env);
        return {
          cwd: record.path,
          branch: record.branch,
          start: record.start,
          env: { ...record.env, ...exclusion },
        };
      }),
    async settle(task, { cwd, branch = '', start = '', env }) {
      const message = `Keep what ${agentOf(task)} left uncommitted in ${task.id}\n`;
      const kept = await keepLeftovers(world, {
        name: nameOf(task),
        cwd,
        branch,
        message,
        env: gitConfigOf(env),
      });
      const root = world.home.worktreeRoot;
      const commit = await resolveCommit(root, `refs/heads/${branch}`);
      const changed = commit === undefined ? [] : await changedPaths(root, start, commit);
      return { ...kept, ...(commit && { commit }), changed: changed.map(({ path }) => path) };
    },
    integrate: (task, { branch = '', start = '' }) =>
      inTurn(() =>
        integrateBranch(world.home.worktreeRoot, { branch, start, integration, title: task.title }),
      ),
    integrated: () =>
      inTurn(async () => {
        const name = `check-${plan.runMark}`;
        const purpose = 'validation of the integrated work';
        return (await openWorktree(plan, { name, agent: name, purpose, base: integration })).path;
      }),
    preview: (task) => ({
      cwd: join(worktreesFolder(world), nameOf(task)),
      branch: `${world.settings.branchPrefix}${nameOf(task)}`,
    }),
  };
}

function gitConfigOf(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('GIT_CONFIG_')));
}

// An earlier one of the run is taken up again with all that is in it; where nothing was done yet it moves on to the
// integrated work. A fast-forward refuses by itself where somebody worked.
async function openWorktree(
  { world }: BranchPlan,
  wish: { readonly name: string; readonly agent: string; readonly purpose: string; readonly base: string },
): Promise<WorktreeRecord> {
  const found = readWorktree(world.store, world.home.squadDir, wish.name);
  if (found === undefined || world.store.stat(found.path) === undefined) return createWorktree(world, wish);
  await runGit(['-c', 'core.hooksPath=/dev/null', 'merge', '--ff-only', '--quiet', wish.base], {
    cwd: found.path,
  });
  return found;
}

// `git worktree add` and moves of one branch are done one at a time.
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
}
