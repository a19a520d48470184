import { join } from 'node:path';
import { changedPaths, resolveCommit, runGit } from '#git';
import type { Task } from '#tasks';
import {
  createWorktree,
  readWorktree,
  removeWorktree,
  worktreesFolder,
  writeWorktree,
  type WorktreeRecord,
  type WorktreeWorld,
} from '#worktree';
import { carriedExclusion } from './carried-exclusion.ts';
import { agentOf, slugOf } from './agent-environment.ts';
import { integrateBranch } from './integrate-branch.ts';
import { keepLeftovers } from './keep-leftovers.ts';
import type { Settlement, Workspace, Workspaces } from './workspace.ts';

/** A run's branches. */
export interface BranchPlan {
  readonly world: WorktreeWorld;
  /** Short and unique: part of every branch and folder name of the run. */
  readonly runMark: string;
  /** Collects finished work; dependents are cut from it. Must exist. */
  readonly integration: string;
  /** The person's branch at the start of the run: where the work is to arrive, and what worktrees are compared with. */
  readonly target: WorktreeRecord['base'];
  /** Ids of what a task waits for. */
  readonly dependenciesOf?: (id: string) => readonly string[];
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
  const nameOf = ({ id }: Pick<Task, 'id'>): string => `${slugOf(id)}-${plan.runMark}`;
  const isKnown = (name: string): boolean =>
    readWorktree(world.store, world.home.squadDir, name) !== undefined;
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
          dependsOn: (plan.dependenciesOf?.(task.id) ?? []).map((id) => nameOf({ id })).filter(isKnown),
        });
        const exclusion = await carriedExclusion(world, record, plan.env);
        return {
          cwd: record.path,
          branch: record.branch,
          start: record.start,
          env: { ...record.env, ...exclusion },
        };
      }),
    settle: (task, workspace) => settle(world, { task, name: nameOf(task), workspace }),
    integrate: (task, { branch = '', start = '' }) =>
      inTurn(() =>
        integrateBranch(world.home.worktreeRoot, { branch, start, integration, title: task.title }),
      ),
    integrated: () =>
      inTurn(async () => {
        const name = `check-${plan.runMark}`;
        const purpose = 'validation of the integrated work';
        return (await openWorktree(plan, { name, agent: name, purpose, base: integration, dependsOn: [] }))
          .path;
      }),
    close: () =>
      inTurn(async () => {
        const check = readWorktree(world.store, world.home.squadDir, `check-${plan.runMark}`);
        if (check !== undefined) await removeWorktree(world, check, { force: true });
      }),
    preview: (task) => ({
      cwd: join(worktreesFolder(world), nameOf(task)),
      branch: `${world.settings.branchPrefix}${nameOf(task)}`,
    }),
  };
}

async function settle(
  world: WorktreeWorld,
  { task, name, workspace }: { task: Task; name: string; workspace: Workspace },
): Promise<Settlement> {
  const { cwd, branch = '', start = '', env } = workspace;
  const message = `Keep what ${agentOf(task)} left uncommitted in ${task.id}\n`;
  const kept = await keepLeftovers(world, { name, cwd, branch, message, env: gitConfigOf(env) });
  const root = world.home.worktreeRoot;
  const commit = await resolveCommit(root, `refs/heads/${branch}`);
  const changed = commit === undefined ? [] : await changedPaths(root, start, commit);
  return { ...kept, ...(commit && { commit }), changed: changed.map(({ path }) => path) };
}

function gitConfigOf(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('GIT_CONFIG_')));
}

interface Wish {
  readonly name: string;
  readonly agent: string;
  readonly purpose: string;
  readonly base: string;
  readonly dependsOn: readonly string[];
}

// Cut from the integrated work, and on its way to the person's branch.
async function started(
  world: WorktreeWorld,
  target: WorktreeRecord['base'],
  wish: Wish,
): Promise<WorktreeRecord> {
  const { dependsOn, ...request } = wish;
  const record: WorktreeRecord = { ...(await createWorktree(world, request)), base: target, dependsOn };
  writeWorktree(world.store, world.home.squadDir, record);
  return record;
}

// An earlier one of the run is taken up again with all that is in it; where nothing was done yet it moves on to the
// integrated work. A fast-forward refuses by itself where somebody worked.
async function openWorktree({ world, target }: BranchPlan, wish: Wish): Promise<WorktreeRecord> {
  const found = readWorktree(world.store, world.home.squadDir, wish.name);
  if (found === undefined || world.store.stat(found.path) === undefined) return started(world, target, wish);
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
