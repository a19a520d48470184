import { git, resolveCommit, runGit } from '#git';
import { buildTaskGraph, type Task, type TaskGraph } from '#tasks';
import { readWorktrees, removeWorktree, type WorktreeWorld } from '#worktree';
import { integrateBranch } from '../plans/integrate-branch.ts';
import { slugOf } from '../plans/agent-environment.ts';
import type { RunBook } from '../record/run-book.ts';
import type { ItemRecord } from '../record/run-record.ts';
import type { Integration } from '../plans/workspace.ts';

/** Attempts at one task, each by an agent of its own, as a graph: all from the same start, with the same acceptance. */
export function raceGraph(task: Task, count: number): TaskGraph {
  const tries = Array.from({ length: count }, (_, index): Task => {
    const id = `${task.id}.try-${index + 1}`;
    return { ...task, id, agent: `agent-${slugOf(id)}`, dependsOn: [], consumes: [], parallelOk: true };
  });
  return buildTaskGraph(tries).graph;
}

/** One attempt, measured. */
export interface Contender {
  readonly key: string;
  /** Its agent succeeded, and so did the acceptance command. */
  readonly isAccepted: boolean;
  readonly reason?: string;
  readonly branch?: string;
  readonly commit?: string;
  readonly files: number;
  readonly added: number;
  readonly removed: number;
  readonly commits: number;
  readonly durationMs: number;
  readonly costUsd: number;
  readonly tokens: number;
}

/** Measures every attempt of a race, best first: accepted ones, then the smaller change, then the cheaper, then the faster. */
export async function compareRace(cwd: string, book: RunBook): Promise<readonly Contender[]> {
  const { base = '', items } = book.run;
  const contenders = await Promise.all(items.map((key) => measure(cwd, base, book.item(key))));
  return contenders.toSorted(
    (a, b) =>
      Number(b.isAccepted) - Number(a.isAccepted) ||
      a.added + a.removed - (b.added + b.removed) ||
      a.costUsd - b.costUsd ||
      a.durationMs - b.durationMs,
  );
}

async function measure(cwd: string, base: string, item: ItemRecord): Promise<Contender> {
  const commit =
    item.branch === undefined ? undefined : await resolveCommit(cwd, `refs/heads/${item.branch}`);
  const tip = commit ?? item.commit ?? base;
  const lines = (await git(['diff', '--numstat', base, tip, '--'], { cwd }))
    .split('\n')
    .filter((line) => line !== '');
  const numbers = lines.map((line) => line.split('\t').map(Number));
  const sum = (column: number): number => numbers.reduce((total, row) => total + (row[column] || 0), 0);
  const total = (pick: (attempt: ItemRecord['attempts'][number]) => number | undefined): number =>
    item.attempts.reduce((all, attempt) => all + (pick(attempt) ?? 0), 0);
  return {
    key: item.key,
    isAccepted: item.state === 'done',
    ...(item.reason && { reason: item.reason }),
    ...(item.branch && { branch: item.branch }),
    commit: tip,
    files: lines.length,
    added: sum(0),
    removed: sum(1),
    commits: Number((await git(['rev-list', '--count', `${base}..${tip}`], { cwd })).trim()),
    durationMs: total(({ durationMs }) => durationMs),
    costUsd: total(({ costUsd }) => costUsd),
    tokens: total(({ tokens }) => tokens),
  };
}

/** What choosing did: where the chosen work is now, and the refs under which the rest is kept. */
export interface RaceChoice {
  readonly chosen: Contender;
  readonly integration: Integration;
  readonly kept: readonly { readonly key: string; readonly ref: string }[];
}

/**
 * Merges one attempt into the branch of the run. The others stay reachable as `refs/squad/race/<run>/<n>`; their
 * worktrees are removed, each after a backup of all that is in it.
 */
export async function chooseContender(
  world: WorktreeWorld,
  book: RunBook,
  choice: { readonly chosen: Contender; readonly all: readonly Contender[] },
): Promise<RaceChoice> {
  const cwd = world.home.worktreeRoot;
  const { chosen, all } = choice;
  const { base = '', integration = '', id, items } = book.run;
  const merged = await integrateBranch(cwd, {
    branch: chosen.branch ?? '',
    start: base,
    integration,
    title: chosen.key,
  });
  const kept: { key: string; ref: string }[] = [];
  for (const other of all) {
    if (other.key === chosen.key || other.commit === undefined || other.branch === undefined) continue;
    const ref = `refs/squad/race/${id}/${items.indexOf(other.key) + 1}`;
    await git(['update-ref', ref, other.commit], { cwd });
    kept.push({ key: other.key, ref });
    const record = readWorktrees(world.store, world.home.squadDir).find(
      ({ branch }) => branch === other.branch,
    );
    if (record !== undefined) await removeWorktree(world, record, { force: true });
    else await runGit(['update-ref', '-d', `refs/heads/${other.branch}`, other.commit], { cwd });
  }
  return { chosen, integration: merged, kept };
}
