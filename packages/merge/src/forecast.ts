import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  changedPaths,
  conflictedPaths,
  git,
  mergeTree,
  mergeTrees,
  TOOL_IDENTITY,
  writeCommit,
  type TreeMerge,
} from '#git';
import { inParallel, type WorktreeWorld } from '#worktree';
import type { Candidate, Selection } from './candidate.ts';
import { orderBranches } from './order.ts';

/** What two branches do to one another: textual conflict, the same file touched cleanly, or nothing. */
export interface PairForecast {
  readonly a: string;
  readonly b: string;
  readonly kind: 'conflict' | 'overlap' | 'apart';
  readonly files: readonly string[];
}

/** What merging one branch gives: alone on the target, or after those before it. */
export interface MergeForecast {
  readonly name: string;
  readonly kind: 'clean' | 'conflict' | 'refused';
  readonly files: readonly string[];
  /** Branches merged before it that touch the conflicting files. */
  readonly with: readonly string[];
}

/** What merging these branches would give. Nothing is promised about tests: only texts are compared. */
export interface Forecast {
  readonly pairs: readonly PairForecast[];
  readonly alone: readonly MergeForecast[];
  readonly order: readonly string[];
  readonly cycles: readonly (readonly string[])[];
  /** In the order; a branch in conflict is left out for those after it. */
  readonly cumulative: readonly MergeForecast[];
  readonly changed: Readonly<Record<string, readonly string[]>>;
}

/**
 * Merges every pair, every branch with the target, and all of them one after another, in memory. No working tree,
 * index or ref is touched, and the objects go to a store of their own that is thrown away.
 */
export async function forecastMerges(world: WorktreeWorld, selection: Selection): Promise<Forecast> {
  const cwd = world.home.mainRoot;
  const folder = join(tmpdir(), `dotsquad-forecast-${world.newId()}`);
  world.store.makeFolder(folder);
  try {
    const env = await scratchObjects(cwd, folder);
    return await forecast({ cwd, env }, selection);
  } finally {
    world.store.removeFolder(folder);
  }
}

interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

async function scratchObjects(cwd: string, folder: string): Promise<Readonly<Record<string, string>>> {
  const args = ['rev-parse', '--path-format=absolute', '--git-path', 'objects'];
  const objects = (await git(args, { cwd })).replace(/\n$/u, '');
  return {
    GIT_OBJECT_DIRECTORY: folder,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: quoteAlternate(objects),
    ...TOOL_IDENTITY,
  };
}

// The list is separated by colons; a path that holds one must be quoted.
function quoteAlternate(path: string): string {
  return /[:"\\]/u.test(path) ? `"${path.replace(/["\\]/gu, '\\$&')}"` : path;
}

const AT_ONCE = 6;

async function forecast(place: Place, { candidates, targetCommit }: Selection): Promise<Forecast> {
  const lists = await inParallel(candidates, AT_ONCE, ({ tip }) =>
    changedPaths(place.cwd, targetCommit, tip),
  );
  const changed = new Map(
    candidates.map(({ name }, index) => [name, (lists[index] ?? []).map(({ path }) => path)]),
  );
  const pairs = await forecastPairs(place, candidates, changed);
  const alone = await mergeTrees(
    place.cwd,
    candidates.map(({ tip }) => [targetCommit, tip]),
    place.env,
  );
  const conflicts = pairs.filter(({ kind }) => kind === 'conflict').map(({ a, b }) => [a, b] as const);
  const sized = candidates.map(({ name, dependsOn }) => ({
    name,
    dependsOn,
    size: changed.get(name)?.length ?? 0,
  }));
  const { order, cycles } = orderBranches(sized, conflicts);
  const ordered = order.flatMap((name) => candidates.find((candidate) => candidate.name === name) ?? []);
  return {
    pairs,
    alone: candidates.map(({ name }, index) => mergeForecast(name, alone[index], [])),
    order,
    cycles,
    cumulative: await accumulate(place, ordered, { targetCommit, changed, conflicts }),
    changed: Object.fromEntries(changed),
  };
}

async function forecastPairs(
  { cwd, env }: Place,
  candidates: readonly Candidate[],
  changed: ReadonlyMap<string, readonly string[]>,
): Promise<readonly PairForecast[]> {
  const pairs = candidates.flatMap((a, index) => candidates.slice(index + 1).map((b) => [a, b] as const));
  const merges = await mergeTrees(
    cwd,
    pairs.map(([a, b]) => [a.tip, b.tip]),
    env,
  );
  return pairs.map(([a, b], index) => {
    const merge = merges[index];
    const shared = sharedPaths(changed.get(a.name) ?? [], changed.get(b.name) ?? []);
    const names = { a: a.name, b: b.name };
    if (merge !== undefined && merge.kind !== 'clean')
      return {
        ...names,
        kind: 'conflict',
        files: merge.kind === 'conflict' ? conflictedPaths(merge) : shared,
      };
    return { ...names, kind: shared.length > 0 ? 'overlap' : 'apart', files: shared };
  });
}

async function accumulate(
  { cwd, env }: Place,
  ordered: readonly Candidate[],
  from: {
    targetCommit: string;
    changed: ReadonlyMap<string, readonly string[]>;
    conflicts: readonly (readonly [string, string])[];
  },
): Promise<readonly MergeForecast[]> {
  const results: MergeForecast[] = [];
  const before: Candidate[] = [];
  let commit = from.targetCommit;
  for (const candidate of ordered) {
    const merge = await mergeTree(cwd, [commit, candidate.tip], env);
    const files = conflictedPaths(merge);
    const touching = before
      .map(({ name }) => name)
      .filter((name) => sharedPaths(from.changed.get(name) ?? [], files).length > 0);
    const rivals = touching.filter((name) =>
      from.conflicts.some((pair) => pair.includes(name) && pair.includes(candidate.name)),
    );
    results.push(mergeForecast(candidate.name, merge, rivals.length > 0 ? rivals : touching));
    if (merge.kind !== 'clean') continue;
    before.push(candidate);
    const parents = [commit, candidate.tip];
    commit = await writeCommit(cwd, { tree: merge.tree, parents, message: 'forecast\n', env });
  }
  return results;
}

function mergeForecast(name: string, merge: TreeMerge | undefined, others: readonly string[]): MergeForecast {
  if (merge === undefined || merge.kind === 'refused') return { name, kind: 'refused', files: [], with: [] };
  return { name, kind: merge.kind, files: conflictedPaths(merge), with: others };
}

function sharedPaths(a: readonly string[], b: readonly string[]): readonly string[] {
  const others = new Set(b);
  return a.filter((path) => others.has(path));
}
