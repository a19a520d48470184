import { join } from 'node:path';
import { requireDuration, renderInstant } from '#protocol';
import { readWorktree, writeWorktree } from '#worktree';
import { checkOut, integrationPath } from './integration-tree.ts';
import type { Check, CheckKind, MergeRun, RunEntry } from './run-record.ts';
import { runShell } from './run-shell.ts';
import { runFolder } from './runs.ts';
import type { MergeWorld } from './world.ts';

/** What of a run is checked, and where the output goes. */
export interface Trial {
  readonly commit: string;
  /** Names the files of the output. */
  readonly name: string;
}

/** Outcomes of the checks that ran: all of them, or up to the first red one. */
export interface Verdict {
  readonly isGreen: boolean;
  readonly checks: readonly Check[];
}

/** Whether anything of a run is checked by a command. */
export function hasChecks(run: MergeRun): boolean {
  return commandsOf(run).length > 0;
}

/** The commands of a run, for people. */
export function describeChecks(run: MergeRun, between = ', '): string {
  return commandsOf(run)
    .map(({ command }) => command)
    .join(between);
}

/** What a check that is red says of itself. */
export function redWords({ kind, exitCode }: Check): string {
  const what = kind === 'types' ? 'the type check' : 'the test';
  return exitCode === TIMED_OUT ? `${what} did not end in time` : `${what} is red (exit ${exitCode})`;
}

const TIMED_OUT = 124;

/**
 * Runs the checks of a run on a commit in the integration worktree, types before tests, up to the first red one.
 * `undefined` when the person asked to stop: nothing was shown then.
 */
export async function runChecks(
  world: MergeWorld,
  run: MergeRun,
  trial: Trial,
): Promise<Verdict | undefined> {
  await checkOut(world, trial.commit);
  const checks: Check[] = [];
  for (const { kind, command } of commandsOf(run)) {
    const check = await runOne(world, run, { kind, command, trial });
    if (check === undefined) return undefined;
    checks.push(check);
    if (check.exitCode !== 0) return { isGreen: false, checks };
  }
  return { isGreen: true, checks };
}

interface CheckCommand {
  readonly kind: CheckKind;
  readonly command: string;
}

function commandsOf({ types = '', test }: MergeRun): readonly CheckCommand[] {
  return [
    { kind: 'types' as const, command: types },
    { kind: 'test' as const, command: test },
  ].filter(({ command }) => command !== '');
}

async function runOne(
  world: MergeWorld,
  run: MergeRun,
  { kind, command, trial }: CheckCommand & { readonly trial: Trial },
): Promise<Check | undefined> {
  const timeoutMs = requireDuration(world.merge.testTimeout);
  const { signal } = world;
  const began = world.clock.wallMs();
  const { exitCode, output } = await runShell(command, {
    cwd: integrationPath(world),
    env: { ...world.env, SQUAD_INTEGRATION: '1' },
    timeoutMs,
    ...(signal === undefined ? {} : { signal }),
  });
  if (signal?.aborted === true) return undefined;
  const file = kind === 'test' ? `${trial.name}.log` : `${trial.name}.${kind}.log`;
  const text = `$ ${command}\n# at ${trial.commit}\n${output}\n# exit ${exitCode}\n`;
  world.store.writeAtomic(join(runFolder(world.home.squadDir, run.id), file), text);
  const tookMs = Math.max(0, world.clock.wallMs() - began);
  return { kind, command, exitCode, commit: trial.commit, tookMs, log: `merge/${run.id}/${file}` };
}

/**
 * Notes the test of a branch in its worktree's own record, where `squad-worktree status` finds it. The commit is that of the
 * branch: its work is what was judged.
 */
export function rememberTest(world: MergeWorld, entry: RunEntry, { checks }: Verdict): void {
  const test = checks.find(({ kind }) => kind === 'test');
  const record = readWorktree(world.store, world.home.squadDir, entry.name);
  if (record === undefined || test === undefined) return;
  const { command, exitCode } = test;
  const lastTest = { command, exitCode, commit: entry.tip, at: renderInstant(world.clock.wallMs()) };
  writeWorktree(world.store, world.home.squadDir, { ...record, lastTest });
}
