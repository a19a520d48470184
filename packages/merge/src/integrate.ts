import {
  forkPoint,
  git,
  identityOr,
  isAncestor,
  mergeTree,
  replay,
  treeOf,
  writeCommit,
  type SettlePick,
} from '#git';
import type { MergeRun, RunEntry } from './run-record.ts';
import { settleConflict } from './settle.ts';
import type { MergeWorld } from './world.ts';

/** What bringing one branch onto the integration line gave; nothing is checked out but by a regenerating command. */
export type Integration =
  | { readonly kind: 'commit'; readonly commit: string; readonly settled?: Readonly<Record<string, string>> }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'conflict'; readonly files: readonly string[]; readonly why: string };

/** Brings one branch onto a commit in the way of the run's strategy. The branch itself never moves. */
export async function integrate(
  world: MergeWorld,
  run: MergeRun,
  entry: RunEntry,
  onto: string,
): Promise<Integration> {
  const cwd = world.home.mainRoot;
  if (await isAncestor(cwd, entry.tip, onto)) return { kind: 'nothing' };
  if (run.strategy === 'rebase' || run.strategy === 'cherry-pick') return replayed(world, run, entry, onto);
  const merge = await mergeTree(cwd, [onto, entry.tip]);
  if (merge.kind === 'refused') return { kind: 'conflict', files: [], why: merge.reason };
  if (merge.kind === 'clean') return commitMerge(world, run, { entry, onto, tree: merge.tree });
  const settlement = await settleConflict(world, merge, [onto, entry.tip]);
  if (settlement.kind === 'open') return { kind: 'conflict', files: settlement.files, why: settlement.why };
  const done = await commitMerge(world, run, { entry, onto, tree: settlement.tree });
  return done.kind === 'commit' ? { ...done, settled: settlement.how } : done;
}

async function commitMerge(
  world: MergeWorld,
  run: MergeRun,
  what: { entry: RunEntry; onto: string; tree: string },
): Promise<Integration> {
  const cwd = world.home.mainRoot;
  const { entry, onto, tree } = what;
  const isSquash = run.strategy === 'squash';
  if (isSquash && tree === (await treeOf(cwd, onto))) return { kind: 'nothing' };
  const subjects = lines(
    await git(['log', '--reverse', '--no-merges', '--format=%s', `${onto}..${entry.tip}`], { cwd }),
  );
  const message = isSquash ? squashMessage(run, entry, subjects) : mergeMessage(run, entry, subjects);
  const parents = isSquash ? [onto] : [onto, entry.tip];
  const commit = await writeCommit(cwd, { tree, parents, message, env: await identityOr(cwd) });
  return { kind: 'commit', commit };
}

async function replayed(
  world: MergeWorld,
  run: MergeRun,
  entry: RunEntry,
  onto: string,
): Promise<Integration> {
  const cwd = world.home.mainRoot;
  const settled: Record<string, string> = {};
  let why: string | undefined;
  const settle: SettlePick = async (merge, sides) => {
    const settlement = await settleConflict(world, merge, sides);
    if (settlement.kind === 'open') why = settlement.why;
    else Object.assign(settled, settlement.how);
    return settlement.kind === 'settled' ? settlement.tree : undefined;
  };
  const base = (await forkPoint(cwd, entry.tip, onto)) ?? '';
  const range = { base, tip: entry.tip, note: run.strategy === 'cherry-pick', settle };
  const done = await replay(cwd, range, onto);
  if (done.kind === 'done')
    return done.applied === 0 ? { kind: 'nothing' } : { kind: 'commit', commit: done.tip, ...known(settled) };
  if (done.kind === 'conflict') {
    const at = `commit ${done.commit.slice(0, 12)} "${done.subject}" does not apply`;
    return { kind: 'conflict', files: done.paths, why: why === undefined ? at : `${at}: ${why}` };
  }
  const holds = `it holds the merge commit ${done.commit.slice(0, 12)}; merge it with --strategy sequential or squash`;
  return { kind: 'conflict', files: [], why: holds };
}

function known(settled: Readonly<Record<string, string>>): { settled?: Readonly<Record<string, string>> } {
  return Object.keys(settled).length === 0 ? {} : { settled };
}

function mergeMessage(run: MergeRun, entry: RunEntry, subjects: readonly string[]): string {
  return `merge(${entry.name}): ${summaryOf(entry, subjects)}\n\nMerge branch '${entry.branch}' into ${run.target}.\n${list(subjects)}\nSquad-Run: ${run.id}\n`;
}

const CONVENTIONAL = /^(\w+)(?:\([^)]*\))?!?: (.+)$/u;
const BY_WEIGHT = ['feat', 'fix', 'perf', 'refactor', 'build', 'ci', 'test', 'docs', 'style', 'chore'];

function squashMessage(run: MergeRun, entry: RunEntry, subjects: readonly string[]): string {
  const types = new Set(subjects.flatMap((subject) => CONVENTIONAL.exec(subject)?.[1] ?? []));
  const type = BY_WEIGHT.find((candidate) => types.has(candidate)) ?? 'feat';
  return `${type}(${entry.name}): ${summaryOf(entry, subjects)}\n${list(subjects)}\nSquad-Branch: ${entry.branch}\nSquad-Tip: ${entry.tip}\nSquad-Run: ${run.id}\n`;
}

function summaryOf(entry: RunEntry, subjects: readonly string[]): string {
  const [only] = subjects;
  const text = entry.purpose?.split('\n')[0] ?? (subjects.length === 1 ? only : undefined) ?? entry.branch;
  return (CONVENTIONAL.exec(text)?.[2] ?? text).slice(0, 72);
}

function list(subjects: readonly string[]): string {
  return subjects.length === 0 ? '' : `\n${subjects.map((subject) => `- ${subject}`).join('\n')}\n`;
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
