import { takeRefLock } from '#git';
import { renderInstant, SquadError } from '#protocol';
import { identifyProcess, livenessOf, processIdentitySchema } from '#store';
import type { Selection } from './candidate.ts';
import { land, type Landing } from './land.ts';
import { advance, type HandOff } from './queue.ts';
import type { MergeRun, Strategy } from './run-record.ts';
import { readRuns, writeRun } from './runs.ts';
import type { MergeWorld } from './world.ts';

/** How a new run is to merge. */
export interface RunRequest {
  readonly strategy: Strategy;
  readonly test: string;
  readonly types: string;
  /** Test once for all branches and search for the culprit, instead of after each. */
  readonly batch: boolean;
  /** Names in the order of merging. */
  readonly order: readonly string[];
}

/** How a run ended, and what became of the target. */
export interface RunResult {
  readonly run: MergeRun;
  readonly landing: Landing | undefined;
}

/** A new run on record, its queue not begun. */
export function startRun(world: MergeWorld, selection: Selection, request: RunRequest): MergeRun {
  const entries = request.order.flatMap((name) => {
    const found = selection.candidates.find((candidate) => candidate.name === name);
    if (found === undefined) return [];
    const { commits: _, uncommitted: __, ...entry } = found;
    return [{ ...entry, state: 'queued' as const }];
  });
  const { strategy, test, types, batch } = request;
  return writeRun(world.store, world.home.squadDir, {
    version: 1,
    id: world.newId(),
    target: selection.target,
    from: selection.targetCommit,
    strategy,
    test,
    types,
    batch,
    state: 'running',
    head: selection.targetCommit,
    startedAt: renderInstant(world.clock.wallMs(), 'milliseconds'),
    entries,
  });
}

/** The run that was not finished, if there is one. */
export function unfinishedRun(world: MergeWorld): MergeRun | undefined {
  return readRuns(world.store, world.home.squadDir).findLast(
    ({ state }) => state === 'running' || state === 'ready',
  );
}

// A target that other people push to may move a few times; for ever means that something is wrong.
const REBUILDS = 3;

/** Works through a run and lands it. When the target moved on meanwhile, everything is merged onto it anew. */
export async function finishRun(world: MergeWorld, start: MergeRun, handOff: HandOff): Promise<RunResult> {
  let run = start;
  for (let rebuild = 0; ; rebuild += 1) {
    run = await advance(world, run, handOff);
    if (run.state !== 'ready') return { run, landing: undefined };
    if (run.head === run.from) {
      const reason = run.entries.length === 0 ? 'there was nothing to merge' : 'no branch could be merged';
      const stopped = { ...run, state: 'stopped' as const, reason, finishedAt: now(world) };
      return { run: writeRun(world.store, world.home.squadDir, stopped), landing: undefined };
    }
    const landing = await land(world, { ...run, finishedAt: now(world) });
    if (landing.kind !== 'moved' || rebuild === REBUILDS)
      return { run: landing.kind === 'landed' ? landing.run : run, landing };
    world.onStep(`${run.target} moved on meanwhile; merging onto ${landing.tip.slice(0, 12)}`);
    run = writeRun(world.store, world.home.squadDir, onto(run, landing.tip));
  }
}

function onto(run: MergeRun, tip: string): MergeRun {
  const { baseline: _, verified: __, ...rest } = run;
  const entries = run.entries.map(({ name, branch, tip: own, dependsOn, agent, purpose }) => ({
    name,
    branch,
    tip: own,
    dependsOn,
    state: 'queued' as const,
    ...(agent === undefined ? {} : { agent }),
    ...(purpose === undefined ? {} : { purpose }),
  }));
  return { ...rest, state: 'running', from: tip, head: tip, entries };
}

function now(world: MergeWorld): string {
  return renderInstant(world.clock.wallMs(), 'milliseconds');
}

/** Runs `work` while no other process of this repository merges; `MERGE_BUSY` when one does. */
export async function mergingAlone<T>(world: MergeWorld, work: () => Promise<T>): Promise<T> {
  const identity = identifyProcess(process.pid);
  const text = `${JSON.stringify({ ...identity, pid: process.pid, id: world.newId() })}\n`;
  const lock = await takeRefLock(world.home.mainRoot, { name: 'merge', text, isGone });
  if (lock.kind === 'busy') {
    throw new SquadError({
      code: 'MERGE_BUSY',
      message: `another squad-merge is at work here (process ${/"pid":(\d+)/u.exec(lock.text)?.[1] ?? 'unknown'})`,
      hint: 'wait until it has ended; if it was on another machine that is gone: git update-ref -d refs/squad/lock/merge',
    });
  }
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

function isGone(text: string): boolean {
  try {
    const holder = processIdentitySchema.decode(JSON.parse(text));
    return holder.ok && livenessOf(holder.value) === 'dead';
  } catch {
    return true;
  }
}
