import { git, INERT, mergedHow, resolveCommit } from '#git';
import { readWorktree } from '#worktree';
import { describeChecks, hasChecks, redWords, rememberTest, runChecks, type Verdict } from './checks.ts';
import { findCulprit } from './find-culprit.ts';
import { integrate } from './integrate.ts';
import type { Check, MergeRun, RunEntry } from './run-record.ts';
import { writeRun } from './runs.ts';
import type { MergeWorld } from './world.ts';

/** Told of each branch that could not go in, so that it can be handed to somebody; returns where that is written. */
export type HandOff = (run: MergeRun, entry: RunEntry) => Promise<string | undefined>;

/**
 * Works through a run's queue until each branch is in or out, and returns the run, `ready` to land or `stopped`.
 * Every step is on disk before the next begins, and each begins from commits alone: killed anywhere, calling it
 * again goes on where it was.
 */
export async function advance(world: MergeWorld, start: MergeRun, handOff: HandOff): Promise<MergeRun> {
  let run = await checkBaseline(world, start);
  while (run.state === 'running') {
    const entry = nextEntry(run);
    const before = run;
    if (entry !== undefined) run = await advanceAndHandOver(world, run, { entry, handOff });
    else if (run.entries.some(({ state }) => state === 'integrated'))
      run = await testBatch(world, run, handOff);
    else return save(world, { ...run, state: 'ready' });
    if (world.signal?.aborted === true || run === before) return run;
  }
  return run;
}

async function advanceAndHandOver(
  world: MergeWorld,
  run: MergeRun,
  { entry, handOff }: { entry: RunEntry; handOff: HandOff },
): Promise<MergeRun> {
  const next = await advanceOne(world, run, entry);
  const after = next.entries.find(({ name }) => name === entry.name);
  const isOut = after?.state === 'conflict' || after?.state === 'parked';
  return isOut ? handOver(world, next, after, handOff) : next;
}

function nextEntry(run: MergeRun): RunEntry | undefined {
  return run.entries.find(({ state }) => state === 'queued' || state === 'merging' || state === 'testing');
}

async function checkBaseline(world: MergeWorld, run: MergeRun): Promise<MergeRun> {
  if (!hasChecks(run) || run.baseline !== undefined) return run;
  world.onStep(`testing ${run.target} before anything is merged: ${describeChecks(run)}`);
  const verdict = await runChecks(world, run, { commit: run.from, name: 'baseline' });
  if (verdict === undefined) return run;
  const red = redCheck(verdict);
  if (red === undefined) return save(world, { ...run, baseline: 0 });
  const reason = `${run.target} is red by itself: ${redWords(red)}; output: .squad/${red.log}`;
  return save(world, { ...run, baseline: red.exitCode, state: 'stopped', reason });
}

async function advanceOne(world: MergeWorld, run: MergeRun, entry: RunEntry): Promise<MergeRun> {
  const blocker = await missingDependency(world, run, entry);
  if (blocker !== undefined)
    return update(world, run, entry, { state: 'blocked', reason: `needs ${blocker}, which is not in` });
  await keep(world, run, entry);
  const started = update(world, run, entry, { state: 'merging' });
  world.onStep(`merging ${entry.name}`);
  const result = await integrate(world, started, entry, run.head);
  if (result.kind === 'nothing')
    return update(world, started, entry, { state: 'nothing', reason: 'in already' });
  if (result.kind === 'conflict')
    return update(world, started, entry, { state: 'conflict', reason: result.why, files: result.files });
  const brought = { commit: result.commit, ...(result.settled ? { settled: result.settled } : {}) };
  await setRef(world, run, 'head', result.commit);
  if (run.batch || !hasChecks(run)) {
    const state = hasChecks(run) ? 'integrated' : 'merged';
    return update(world, { ...started, head: result.commit }, entry, { ...brought, state });
  }
  return testOne(
    world,
    update(world, started, entry, { ...brought, state: 'testing' }),
    entry,
    result.commit,
  );
}

async function testOne(world: MergeWorld, run: MergeRun, entry: RunEntry, commit: string): Promise<MergeRun> {
  world.onStep(`testing ${entry.name}: ${describeChecks(run)}`);
  const verdict = await runChecks(world, run, { commit, name: entry.name });
  if (verdict === undefined) return run;
  rememberTest(world, entry, verdict);
  const { checks } = verdict;
  return verdict.isGreen
    ? update(world, { ...run, head: commit }, entry, { checks, state: 'merged' })
    : update(world, run, entry, park(verdict));
}

function redCheck({ checks }: Verdict): Check | undefined {
  return checks.find(({ exitCode }) => exitCode !== 0);
}

function park(verdict: Verdict): Partial<RunEntry> {
  const red = redCheck(verdict);
  const why = red === undefined ? {} : { reason: redWords(red), log: red.log };
  return { state: 'parked', checks: verdict.checks, ...why };
}

/** Tests the whole batch once; red: finds the first branch that made it so, parks it, and queues those after it anew. */
async function testBatch(world: MergeWorld, run: MergeRun, handOff: HandOff): Promise<MergeRun> {
  const batch = run.entries.filter(({ state }) => state === 'integrated');
  const commits = [run.verified ?? run.from, ...batch.flatMap(({ commit }) => commit ?? [])];
  const verdicts = new Map<string, Verdict>();
  const tryAt = async (index: number): Promise<boolean | undefined> => {
    const name = batch[index - 1]?.name ?? 'before';
    world.onStep(`testing up to ${name}: ${describeChecks(run)}`);
    const verdict = await runChecks(world, run, { commit: commits[index] ?? run.from, name });
    if (verdict !== undefined) verdicts.set(name, verdict);
    return verdict?.isGreen;
  };
  const culprit = await findCulprit(batch.length, tryAt);
  if (culprit === undefined) return run;
  const good = new Set(batch.slice(0, culprit - 1).map(({ name }) => name));
  const bad = batch[culprit - 1];
  const head = (bad === undefined ? commits.at(-1) : commits[culprit - 1]) ?? run.from;
  const entries = run.entries.map((entry) => {
    const verdict = verdicts.get(entry.name);
    const checks = verdict === undefined ? {} : { checks: verdict.checks };
    if (good.has(entry.name)) return { ...entry, ...checks, state: 'merged' as const };
    if (entry.name === bad?.name && verdict !== undefined) return { ...entry, ...park(verdict) };
    if (entry.state !== 'integrated' && entry.state !== 'blocked') return entry;
    const { commit: _, reason: __, ...rest } = entry;
    return { ...rest, state: 'queued' as const };
  });
  const after = save(world, { ...run, head, verified: head, entries });
  const parked = after.entries.find(({ name }) => name === bad?.name);
  return parked === undefined ? after : handOver(world, after, parked, handOff);
}

async function handOver(
  world: MergeWorld,
  run: MergeRun,
  entry: RunEntry,
  handOff: HandOff,
): Promise<MergeRun> {
  const handoff = await handOff(run, entry);
  return handoff === undefined ? run : update(world, run, entry, { handoff });
}

async function missingDependency(
  world: MergeWorld,
  run: MergeRun,
  entry: RunEntry,
): Promise<string | undefined> {
  const cwd = world.home.mainRoot;
  for (const name of entry.dependsOn) {
    const inRun = run.entries.find((other) => other.name === name);
    if (inRun !== undefined) {
      if (!['merged', 'integrated', 'nothing'].includes(inRun.state)) return name;
      continue;
    }
    const record = readWorktree(world.store, world.home.squadDir, name);
    const tip = record === undefined ? undefined : await resolveCommit(cwd, `refs/heads/${record.branch}`);
    if (tip !== undefined && (await mergedHow(cwd, tip, run.head)) === undefined) return name;
  }
  return undefined;
}

async function keep(world: MergeWorld, run: MergeRun, entry: RunEntry): Promise<void> {
  const cwd = world.home.mainRoot;
  const ref = (name: string): string => `refs/squad/backup/merge/${run.id}/${name}`;
  const input = `update ${ref('target')} ${run.from}\nupdate ${ref(`branch-${entry.name}`)} ${entry.tip}\n`;
  await git([...INERT, 'update-ref', '--stdin'], { cwd, input });
}

async function setRef(world: MergeWorld, run: MergeRun, name: string, commit: string): Promise<void> {
  const ref = `refs/squad/integration/${run.id}/${name}`;
  await git([...INERT, 'update-ref', ref, commit], { cwd: world.home.mainRoot });
}

function update(world: MergeWorld, run: MergeRun, entry: RunEntry, change: Partial<RunEntry>): MergeRun {
  const entries = run.entries.map((other) => (other.name === entry.name ? { ...other, ...change } : other));
  return save(world, { ...run, entries });
}

function save(world: MergeWorld, run: MergeRun): MergeRun {
  return writeRun(world.store, world.home.squadDir, run);
}
