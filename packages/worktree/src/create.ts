import { join } from 'node:path';
import { git, listWorktrees, runGit } from '#git';
import { renderInstant, SquadError } from '#protocol';
import { identifyProcess, livenessOf } from '#store';
import { carryFiles } from './carry.ts';
import { checkName, isInsideMain, worktreesFolder } from './place.ts';
import type { WorktreeRecord } from './record.ts';
import { claimWorktree, dropWorktree, readWorktree, readWorktrees, writeWorktree } from './records.ts';
import { freeResources, holdResources } from './resources.ts';
import { chooseStart } from './start-point.ts';
import type { WorktreeWorld } from './world.ts';

/** A worktree that is wanted. */
export interface WorktreeRequest {
  readonly name: string;
  /** Branch or commit to cut from; the current branch unless given. */
  readonly base?: string;
  /** The branch to make, or an existing one to check out; the prefix and the name unless given. */
  readonly branch?: string;
  readonly agent?: string;
  readonly purpose?: string;
  /** Names of worktrees that must be merged into the base first. */
  readonly dependsOn?: readonly string[];
  readonly stack?: boolean;
}

/**
 * Makes a worktree with its branch, files and resources, and its record. All or nothing: on failure the branch, the
 * folder and the held ports are gone again. A second caller for the same name gets `WORKTREE_EXISTS`.
 */
export async function createWorktree(
  world: WorktreeWorld,
  request: WorktreeRequest,
): Promise<WorktreeRecord> {
  const { store, home } = world;
  const name = checkName(request.name);
  refuseTaken(world, name);
  const cwd = home.worktreeRoot;
  const branch = request.branch ?? `${world.settings.branchPrefix}${name}`;
  const existed = await branchExists(cwd, branch);
  if (existed && request.branch === undefined) throw branchTaken(name, branch);
  await refuseCheckedOut(cwd, branch);
  const dependsOn = (request.dependsOn ?? []).map((dependency) => known(world, dependency));
  const startRequest = { base: request.base, dependsOn, stack: request.stack === true };
  const { base, start } = await chooseStart(cwd, startRequest);
  const draft: WorktreeRecord = {
    version: 1,
    name,
    branch,
    path: join(worktreesFolder(world), name),
    state: 'creating',
    base,
    start,
    createdBranch: !existed,
    createdAt: renderInstant(world.clock.wallMs()),
    ...(request.agent === undefined ? {} : { agent: request.agent }),
    ...(request.purpose === undefined ? {} : { purpose: request.purpose }),
    dependsOn: dependsOn.map((dependency) => dependency.name),
    carried: [],
    env: {},
    ...makerOf(),
  };
  if (store.stat(draft.path) !== undefined) throw folderTaken(draft.path);
  if (!claimWorktree(store, home.squadDir, draft)) throw taken(name, draft.path);
  return build(world, draft);
}

async function build(world: WorktreeWorld, draft: WorktreeRecord): Promise<WorktreeRecord> {
  try {
    await ignoreOwnFolder(world);
    await addWorktree(world, draft);
    return await equip(world, draft);
  } catch (error) {
    await unmake(world, draft);
    throw error;
  }
}

/** Brings files and resources into a checkout that exists, and marks it ready. Safe to repeat. */
export async function equip(world: WorktreeWorld, draft: WorktreeRecord): Promise<WorktreeRecord> {
  const carried = [...draft.carried, ...(await carryFiles(world, draft.path))];
  const env = await holdResources(world, draft.name);
  const { maker: _, ...rest } = draft;
  const record: WorktreeRecord = { ...rest, state: 'ready', carried, env };
  writeWorktree(world.store, world.home.squadDir, record);
  return record;
}

async function addWorktree({ home }: WorktreeWorld, draft: WorktreeRecord): Promise<void> {
  const how = draft.createdBranch
    ? ['--no-track', '-b', draft.branch, '--', draft.path, draft.start]
    : ['--', draft.path, draft.branch];
  // The person's hooks belong to the person's checkout; a failing one must not leave half a worktree.
  await git(['-c', 'core.hooksPath=/dev/null', 'worktree', 'add', '--quiet', ...how], {
    cwd: home.worktreeRoot,
  });
}

// Nobody has worked in it yet: it was made a moment ago by this very call.
async function unmake(world: WorktreeWorld, draft: WorktreeRecord): Promise<void> {
  const { store, home } = world;
  const cwd = home.worktreeRoot;
  const listed = await listWorktrees(cwd);
  if (listed.some(({ path }) => path === draft.path))
    await runGit(['worktree', 'remove', '--force', '--force', draft.path], { cwd });
  if (draft.createdBranch)
    await runGit(['update-ref', '-d', `refs/heads/${draft.branch}`, draft.start], { cwd });
  freeResources(world, draft);
  dropWorktree(store, home.squadDir, draft.name);
}

async function ignoreOwnFolder(world: WorktreeWorld): Promise<void> {
  const folder = worktreesFolder(world);
  world.store.makeFolder(folder);
  const marker = join(folder, '.gitignore');
  if (isInsideMain(world, folder) && world.store.stat(marker) === undefined)
    world.store.createExclusive(marker, '*\n');
}

function makerOf(): Pick<WorktreeRecord, 'maker'> {
  const maker = identifyProcess(process.pid);
  return maker === undefined ? {} : { maker };
}

function refuseTaken({ store, home }: WorktreeWorld, name: string): void {
  const found = readWorktree(store, home.squadDir, name);
  if (found !== undefined) throw taken(name, found.path, isAbandoned(found));
  const twin = readWorktrees(store, home.squadDir).find(
    (record) => record.name.toLowerCase() === name.toLowerCase(),
  );
  // One folder for both names where the file system folds case.
  if (twin !== undefined) throw taken(twin.name, twin.path);
}

/** True when the process that was making or removing the worktree is provably gone. */
export function isAbandoned(record: WorktreeRecord): boolean {
  return record.state !== 'ready' && (record.maker === undefined || livenessOf(record.maker) === 'dead');
}

function known({ store, home }: WorktreeWorld, name: string): WorktreeRecord {
  const record = readWorktree(store, home.squadDir, name);
  if (record !== undefined) return record;
  throw new SquadError({
    code: 'WORKTREE_UNKNOWN',
    message: `there is no worktree "${name}" to depend on`,
    hint: 'see: squad-worktree list',
  });
}

async function branchExists(cwd: string, branch: string): Promise<boolean> {
  return (await runGit(['show-ref', '--verify', '--quiet', `refs/heads/${branch}`], { cwd })).code === 0;
}

async function refuseCheckedOut(cwd: string, branch: string): Promise<void> {
  const holder = (await listWorktrees(cwd)).find((listed) => listed.branch === branch);
  if (holder === undefined) return;
  throw new SquadError({
    code: 'BRANCH_TAKEN',
    message: `branch ${branch} is checked out in ${holder.path}`,
    hint: 'work there, or choose another: --branch NAME',
  });
}

function branchTaken(name: string, branch: string): SquadError {
  return new SquadError({
    code: 'BRANCH_TAKEN',
    message: `branch ${branch} exists already`,
    hint: `take it as it is: squad-worktree create ${name} --branch ${branch}   (or rename it: git branch -m ${branch} ${branch}-old)`,
  });
}

function folderTaken(path: string): SquadError {
  return new SquadError({
    code: 'WORKTREE_EXISTS',
    message: `${path} exists already and is no worktree on record`,
    hint: 'move it away, or choose another name',
  });
}

function taken(name: string, path: string, isLeft = false): SquadError {
  return new SquadError({
    code: 'WORKTREE_EXISTS',
    message: `worktree "${name}" exists already: ${path}`,
    hint: isLeft
      ? 'its making or removal was interrupted; run: squad-worktree prune'
      : `use it: cd "$(squad-worktree path ${name})"`,
    data: { name, path },
  });
}
