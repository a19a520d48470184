import { join } from 'node:path';
import { git, INERT, mergedHow, resolveCommit } from '#git';
import { parseDuration, renderInstant, SquadError } from '#protocol';
import { readWorktree, writeWorktree } from '#worktree';
import { findCulprit } from './find-culprit.ts';
import { integrate } from './integrate.ts';
import { checkOut, integrationPath } from './integration-tree.ts';
import type { MergeRun, RunEntry } from './run-record.ts';
import { runFolder, writeRun } from './runs.ts';
import { runShell } from './run-shell.ts';
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
  if (run.test === '' || run.baseline !== undefined) return run;
  world.onStep(`testing ${run.target} before anything is merged: ${run.test}`);
  const tested = await test(world, run, { commit: run.from, log: 'baseline.log' });
  if (tested === undefined) return run;
  if (tested === 0) return save(world, { ...run, baseline: tested });
  const reason = `${run.target} itself is red (exit ${tested}; output: .squad/merge/${run.id}/baseline.log)`;
  return save(world, { ...run, baseline: tested, state: 'stopped', reason });
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
  if (run.batch || run.test === '') {
    const state = run.test === '' ? 'merged' : 'integrated';
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
  world.onStep(`testing ${entry.name}: ${run.test}`);
  const exitCode = await test(world, run, { commit, log: `${entry.name}.log` });
  if (exitCode === undefined) return run;
  remember(world, run, entry, exitCode);
  return exitCode === 0
    ? update(world, { ...run, head: commit }, entry, { state: 'merged' })
    : update(world, run, entry, park(run, entry.name, exitCode));
}

function park(run: MergeRun, name: string, exitCode: number): Partial<RunEntry> {
  const log = `merge/${run.id}/${name}.log`;
  const reason = exitCode === 124 ? 'the test did not end in time' : `the test is red (exit ${exitCode})`;
  return { state: 'parked', reason, log };
}

/** Tests the whole batch once; red: finds the first branch that made it so, parks it, and queues those after it anew. */
async function testBatch(world: MergeWorld, run: MergeRun, handOff: HandOff): Promise<MergeRun> {
  const batch = run.entries.filter(({ state }) => state === 'integrated');
  const commits = [run.verified ?? run.from, ...batch.flatMap(({ commit }) => commit ?? [])];
  const tryAt = async (index: number): Promise<boolean | undefined> => {
    const name = batch[index - 1]?.name ?? 'before';
    world.onStep(`testing up to ${name}: ${run.test}`);
    const exitCode = await test(world, run, { commit: commits[index] ?? run.from, log: `${name}.log` });
    return exitCode === undefined ? undefined : exitCode === 0;
  };
  const culprit = await findCulprit(batch.length, tryAt);
  if (culprit === undefined) return run;
  const good = new Set(batch.slice(0, culprit - 1).map(({ name }) => name));
  const bad = batch[culprit - 1];
  const head = (bad === undefined ? commits.at(-1) : commits[culprit - 1]) ?? run.from;
  const entries = run.entries.map((entry) => {
    if (good.has(entry.name)) return { ...entry, state: 'merged' as const };
    if (entry.name === bad?.name) return { ...entry, ...park(run, entry.name, 1) };
    if (entry.state !== 'integrated' && entry.state !== 'blocked') return entry;
    const { commit: _, reason: __, ...rest } = entry;
    return { ...rest, state: 'queued' as const };
  });
  const after = save(world, { ...run, head, verified: head, entries });
  return bad === undefined ? after : handOver(world, after, { ...bad, ...park(run, bad.name, 1) }, handOff);
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

interface Trial {
  readonly commit: string;
  readonly log: string;
}

/** Exit code of the test on a commit; `undefined` when the person asked to stop. The output goes to the run's folder. */
async function test(world: MergeWorld, run: MergeRun, { commit, log }: Trial): Promise<number | undefined> {
  const timeout = parseDuration(world.merge.testTimeout);
  if (!timeout.ok)
    throw new SquadError({ code: 'DURATION_INVALID', message: `merge.testTimeout: ${timeout.error}` });
  await checkOut(world, commit);
  const cwd = integrationPath(world);
  const env = { ...world.env, SQUAD_INTEGRATION: '1' };
  const signal = world.signal === undefined ? {} : { signal: world.signal };
  const { exitCode, output } = await runShell(run.test, { cwd, env, timeoutMs: timeout.value, ...signal });
  if (world.signal?.aborted === true) return undefined;
  const text = `$ ${run.test}\n# at ${commit}\n${output}\n# exit ${exitCode}\n`;
  world.store.writeAtomic(join(runFolder(world.home.squadDir, run.id), log), text);
  return exitCode;
}

// The worktree's own record says what was last tested of it; only then is the commit a tip of its own.
function remember(world: MergeWorld, run: MergeRun, entry: RunEntry, exitCode: number): void {
  const record = readWorktree(world.store, world.home.squadDir, entry.name);
  if (record === undefined) return;
  const at = renderInstant(world.clock.wallMs());
  const lastTest = { command: run.test, exitCode, commit: entry.tip, at };
  writeWorktree(world.store, world.home.squadDir, { ...record, lastTest });
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
