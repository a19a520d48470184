import { branchTips, changedPaths, distance, forkPoint, listChanges, mergedHow } from '#git';
import { SquadError } from '#protocol';
import {
  findWorktree,
  inParallel,
  readWorktrees,
  untouchedCarried,
  type WorktreeRecord,
  type WorktreeWorld,
} from '#worktree';

/** A branch that could be merged. */
export interface Candidate {
  readonly name: string;
  readonly branch: string;
  readonly tip: string;
  /** Names of candidates or worktrees that must be in the target before it. */
  readonly dependsOn: readonly string[];
  readonly agent?: string;
  readonly purpose?: string;
  readonly commits: number;
  /** Uncommitted changes in its worktree: they are not part of what is merged. */
  readonly uncommitted: number;
}

/** A branch that was looked at and left out. */
export interface LeftOut {
  readonly name: string;
  readonly why: string;
}

/** What there is to merge, by name. */
export interface Selection {
  readonly target: string;
  readonly targetCommit: string;
  readonly candidates: readonly Candidate[];
  readonly leftOut: readonly LeftOut[];
}

/** Which branches, and into which. */
export interface SelectionRequest {
  /** Names of worktrees or branches; empty: every worktree that has something to merge. */
  readonly names: readonly string[];
  /** The branch that is to move; the base that all chosen worktrees were cut from, unless given. */
  readonly into: string | undefined;
  /** Dependencies beyond those on record, by name. */
  readonly dependsOn?: ReadonlyMap<string, readonly string[]>;
  /** Why an agent's branch must wait, judged by the paths that it changes; `undefined` when it need not. */
  readonly objection?: (work: AgentWork) => Promise<string | undefined>;
}

/** What the branch of one agent changes. */
export interface AgentWork {
  readonly agent: string;
  readonly worktreeRoot: string;
  readonly paths: readonly string[];
}

/** Finds what is to be merged into what. Nothing is guessed: an unclear target is `USAGE`. */
export async function selectCandidates(world: WorktreeWorld, request: SelectionRequest): Promise<Selection> {
  const cwd = world.home.mainRoot;
  const tips = await branchTips(cwd);
  const chosen = chosenBranches(world, request.names, tips);
  const target = request.into ?? commonBase(chosen);
  const targetCommit = tips.get(target);
  if (targetCommit === undefined) {
    throw new SquadError({
      code: 'BASE_UNKNOWN',
      message: `there is no branch "${target}" to merge into`,
      hint: 'name one: --into BRANCH',
    });
  }
  const to = { target, targetCommit, tips, request };
  const looked = await inParallel(chosen, AT_ONCE, (choice) => look(world, choice, to));
  return {
    target,
    targetCommit,
    candidates: looked.flatMap((each) => ('why' in each ? [] : [each])),
    leftOut: looked.flatMap((each) => ('why' in each ? [each] : [])),
  };
}

// Each look is a handful of short gits, one after another.
const AT_ONCE = 6;

type Tips = ReadonlyMap<string, string>;

interface Choice {
  readonly name: string;
  readonly branch: string;
  readonly record: WorktreeRecord | undefined;
}

function chosenBranches(world: WorktreeWorld, names: readonly string[], tips: Tips): readonly Choice[] {
  const records = readWorktrees(world.store, world.home.squadDir);
  if (names.length === 0)
    return records.map((record) => ({ name: record.name, branch: record.branch, record }));
  const choices: Choice[] = [];
  for (const name of new Set(names)) {
    const record = records.find((each) => each.name === name || each.branch === name);
    if (record !== undefined) choices.push({ name: record.name, branch: record.branch, record });
    else if (tips.has(name)) choices.push({ name, branch: name, record: undefined });
    else findWorktree(world, name);
  }
  return choices;
}

function commonBase(choices: readonly Choice[]): string {
  const bases = [...new Set(choices.flatMap(({ record }) => record?.base.ref ?? []))];
  const [only] = bases;
  if (only !== undefined && bases.length === 1) return only;
  throw new SquadError({
    code: 'USAGE',
    message:
      choices.length === 0
        ? 'there are no worktrees, so there is nothing to merge'
        : bases.length === 0
          ? 'nothing says which branch to merge into'
          : `the worktrees were cut from different branches: ${bases.join(', ')}`,
    hint:
      choices.length === 0
        ? 'name branches: squad-merge plan BRANCH… --into BRANCH'
        : 'say it: --into BRANCH',
  });
}

async function look(
  world: WorktreeWorld,
  { name, branch, record }: Choice,
  to: { target: string; targetCommit: string; tips: Tips; request: SelectionRequest },
): Promise<Candidate | LeftOut> {
  const cwd = world.home.mainRoot;
  const tip = to.tips.get(branch);
  if (tip === undefined) return { name, why: `its branch ${branch} is gone` };
  if (branch === to.target) return { name, why: 'it is the target itself' };
  const fork = await forkPoint(cwd, tip, to.targetCommit);
  if (fork === undefined) return { name, why: `it shares no history with ${to.target}` };
  const uncommitted = record === undefined ? 0 : await countUncommitted(world, record);
  const { ahead } = await distance(cwd, tip, to.targetCommit);
  const waiting = uncommitted === 0 ? '' : `; ${uncommitted} changes in its worktree are not committed`;
  if (ahead === 0) return { name, why: `nothing to merge${waiting}` };
  const how = await mergedHow(cwd, tip, to.targetCommit, fork);
  if (how !== undefined) return { name, why: `merged already (${how})${waiting}` };
  const why = await objectionTo(record, to.request, { cwd, fork, tip });
  if (why !== undefined) return { name, why };
  const dependsOn = [...new Set([...(record?.dependsOn ?? []), ...(to.request.dependsOn?.get(name) ?? [])])];
  return {
    name,
    branch,
    tip,
    dependsOn: dependsOn.filter((other) => other !== name),
    commits: ahead,
    uncommitted,
    ...(record?.agent === undefined ? {} : { agent: record.agent }),
    ...(record?.purpose === undefined ? {} : { purpose: record.purpose }),
  };
}

async function objectionTo(
  record: WorktreeRecord | undefined,
  { objection }: SelectionRequest,
  { cwd, fork, tip }: { readonly cwd: string; readonly fork: string; readonly tip: string },
): Promise<string | undefined> {
  if (record?.agent === undefined || objection === undefined) return undefined;
  const paths = await changedPaths(cwd, fork, tip);
  const work = { agent: record.agent, worktreeRoot: record.path, paths: paths.map(({ path }) => path) };
  return objection(work);
}

async function countUncommitted({ store }: WorktreeWorld, record: WorktreeRecord): Promise<number> {
  const changes = await listChanges(record.path).catch(() => []);
  const carried = untouchedCarried(store, record);
  return changes.filter(({ path }) => !carried.has(path)).length;
}
