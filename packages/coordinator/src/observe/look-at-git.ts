import { basename, join } from 'node:path';
import {
  changedPaths,
  conflictedPaths,
  distance,
  listChanges,
  listTrackedFiles,
  listWorktrees,
  mergeTrees,
  runGit,
} from '#git';
import type { Store } from '#store';
import type { ObservedMergeConflict, ObservedWorktree } from '../model/snapshot.ts';

/** A path changed in an agent's own worktree or by its commits. */
export interface GitChange {
  readonly path: string;
  readonly agent: string;
  readonly worktree: string;
  readonly source: 'commit' | 'worktree';
  readonly at: number | undefined;
}

/** What git shows of a repository. */
export interface GitObservation {
  readonly worktrees: readonly ObservedWorktree[];
  readonly changes: readonly GitChange[];
  readonly mergeConflicts: readonly ObservedMergeConflict[];
  readonly tracked: ReadonlySet<string>;
  /** Uncommitted paths of the shared main worktree with their time, whoever changed them. */
  readonly mainDirty: readonly { readonly path: string; readonly at: number | undefined }[];
}

/** What may be asked of git. */
export interface GitQuestion {
  readonly mainRoot: string;
  /** Agents that are known, and the worktree that records say is theirs. */
  readonly agents: readonly string[];
  readonly worktreeOf: ReadonlyMap<string, string>;
  readonly sinceMs: number | undefined;
}

const NOTHING: GitObservation = {
  worktrees: [],
  changes: [],
  mergeConflicts: [],
  tracked: new Set(),
  mainDirty: [],
};
const MAX_COMMITS = 500;

/**
 * Looks at every worktree without disturbing it. Merges of live worktrees are tried in memory, and only for pairs of
 * heads that were not tried before.
 */
export function watchGit(store: Store): (question: GitQuestion) => Promise<GitObservation> {
  const tried = new Map<string, readonly string[]>();
  return async (question) => {
    const { mainRoot } = question;
    const listed = await listWorktrees(mainRoot).catch(() => undefined);
    const main = listed?.[0];
    if (listed === undefined || main === undefined) return NOTHING;
    const live = listed.filter(({ isBare, prunable }) => !isBare && prunable === undefined);
    const worktrees: ObservedWorktree[] = [];
    const changes: GitChange[] = [];
    for (const tree of live) {
      const isMain = tree.path === main.path;
      const dirty = (await listChanges(tree.path))
        .map(({ path }) => path)
        .filter((path) => !path.startsWith('.squad/'));
      const agent = isMain ? undefined : agentOf(tree, question);
      const apart =
        isMain || tree.head === undefined || main.head === undefined
          ? { ahead: 0, behind: 0 }
          : await distance(mainRoot, tree.head, main.head).catch(() => ({ ahead: 0, behind: 0 }));
      worktrees.push({
        path: tree.path,
        branch: tree.branch,
        head: tree.head,
        agent,
        isMain,
        dirty,
        ...apart,
      });
      if (agent === undefined) continue;
      changes.push(...dirty.map((path) => dirtyChange(store, { path, agent, root: tree.path })));
      if (tree.head === undefined || main.head === undefined || apart.ahead === 0) continue;
      const committed = await changedPaths(mainRoot, main.head, tree.head).catch(() => []);
      changes.push(
        ...committed.map(({ path }) => ({
          path,
          agent,
          worktree: tree.path,
          source: 'commit' as const,
          at: undefined,
        })),
      );
    }
    changes.push(...(await commitsInMain(question)));
    return {
      worktrees,
      changes,
      mergeConflicts: await tryMerges(mainRoot, worktrees, tried),
      tracked: new Set(await listTrackedFiles(mainRoot)),
      mainDirty: (worktrees.find(({ isMain }) => isMain)?.dirty ?? []).map((path) => ({
        path,
        at: store.stat(join(mainRoot, path))?.modifiedMs,
      })),
    };
  };
}

function agentOf(
  tree: { path: string; branch: string | undefined },
  question: GitQuestion,
): string | undefined {
  for (const [agent, path] of question.worktreeOf) if (path === tree.path) return agent;
  const names = new Set([basename(tree.path), ...(tree.branch?.split('/') ?? [])]);
  return question.agents.find((agent) => names.has(agent));
}

function dirtyChange(store: Store, what: { path: string; agent: string; root: string }): GitChange {
  const at = store.stat(join(what.root, what.path))?.modifiedMs;
  return { path: what.path, agent: what.agent, worktree: what.root, source: 'worktree', at };
}

// In a shared tree the author of a commit tells who changed a path; only authors named like an agent count.
async function commitsInMain({ mainRoot, agents, sinceMs }: GitQuestion): Promise<readonly GitChange[]> {
  if (sinceMs === undefined || agents.length === 0) return [];
  const args = [
    'log',
    `--since=@${Math.floor(sinceMs / 1000)}`,
    `-n${MAX_COMMITS}`,
    '--no-merges',
    '--format=%x01%an%x02%ct',
    '--name-only',
    '-z',
  ];
  const result = await runGit(args, { cwd: mainRoot });
  if (result.code !== 0) return [];
  return result.stdout
    .split('\u0001')
    .slice(1)
    .flatMap((entry) => {
      const [head = '', ...rest] = entry.split('\0');
      const [author = '', seconds = ''] = head.split('\u0002');
      const agent = agents.find((id) => id === author);
      if (agent === undefined) return [];
      const at = Number(seconds) * 1000;
      return rest
        .map((path) => path.replace(/^\n/u, ''))
        .filter((path) => path !== '')
        .map((path) => ({ path, agent, worktree: mainRoot, source: 'commit' as const, at }));
    });
}

async function tryMerges(
  mainRoot: string,
  worktrees: readonly ObservedWorktree[],
  tried: Map<string, readonly string[]>,
): Promise<readonly ObservedMergeConflict[]> {
  const ahead = worktrees.filter(
    ({ isMain, head, ahead: count }) => !isMain && head !== undefined && count > 0,
  );
  const pairs = ahead.flatMap((a, index) => ahead.slice(index + 1).map((b) => [a, b] as const));
  const keyOf = (a: ObservedWorktree, b: ObservedWorktree): string => `${a.head ?? ''} ${b.head ?? ''}`;
  const fresh = pairs.filter(([a, b]) => !tried.has(keyOf(a, b)));
  const merges = await mergeTrees(
    mainRoot,
    fresh.map(([a, b]) => [a.head ?? '', b.head ?? ''] as const),
  );
  for (const [index, [a, b]] of fresh.entries()) {
    const merge = merges[index];
    tried.set(keyOf(a, b), merge === undefined ? [] : conflictedPaths(merge));
  }
  const current = new Set(pairs.map(([a, b]) => keyOf(a, b)));
  for (const key of tried.keys()) if (!current.has(key)) tried.delete(key);
  return pairs.flatMap(([a, b]) => {
    const paths = tried.get(keyOf(a, b)) ?? [];
    if (paths.length === 0) return [];
    const names = [a, b].map(({ agent, branch, path }) => ({
      agent: agent ?? basename(path),
      branch: branch ?? basename(path),
    }));
    const [first, second] = names.toSorted((x, y) => (x.branch < y.branch ? -1 : 1));
    if (first === undefined || second === undefined) return [];
    return [{ agents: [first.agent, second.agent], branches: [first.branch, second.branch], paths }];
  });
}
