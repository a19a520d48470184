import { EXIT, isSquadError, type ExitCode } from '#protocol';
import { runPlans, type PlansReport } from '#runner';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { openSquad } from '../shell/squad.ts';
import { startInBackground } from './background.ts';
import { previewRun } from './dry-run.ts';
import { watchInterrupts } from './interrupts.ts';
import { renderCounts, renderItems } from './item-table.ts';
import { createProgress } from './progress.ts';
import { readRunOptions, RUN_OPTIONS, selectGraph } from './run-options.ts';

/** `squad-run`. */
export const tasksCommand: Command = {
  name: '',
  summary: 'Run one agent per ready task (or per plan), supervised, and join what they finish',
  options: {
    ...RUN_OPTIONS,
    'dry-run': {
      kind: 'flag',
      summary: 'show tasks per wave, folders, branches and disk need; start nothing',
    },
    background: { kind: 'flag', summary: 'go on without this terminal; see: squad-run status' },
  },
  examples: [
    'squad-run --with claude --dry-run',
    "squad-run --with claude --max-concurrent 4 --validate 'npm test' --max-budget-usd 20",
    "squad-run --tasks .claude/tasks --with 'my-agent {prompt}'",
    'squad-run --run 01KABC… --retry-failed --with claude',
  ],
  action: runAction,
};

async function runAction(call: Call): Promise<Outcome> {
  const squad = openSquad(call.io);
  const graph = await selectGraph(call, squad);
  if (call.flag('dry-run')) return previewRun(call, graph);
  const options = await readRunOptions(call, graph);
  if (call.flag('background')) return startInBackground(call, options);
  const interrupts = watchInterrupts(call.io);
  const progress = createProgress(call, graph.tasks.length);
  try {
    return outcomeOf(
      await runPlans({ ...options, ...interrupts, onChange: progress.note, onEvent: progress.event }),
    );
  } catch (error) {
    return busyOutcome(error);
  } finally {
    interrupts.dismiss();
    progress.end();
  }
}

/** Another runner is at the run: nothing is wrong, so exit 3. Anything else is thrown on. */
export function busyOutcome(error: unknown): Outcome {
  if (!isSquadError(error, 'RUN_BUSY')) throw error;
  const { code, message, hint } = error;
  return {
    exitCode: EXIT.contention,
    json: { error: { code, message, hint } },
    text: `${message}\n  ${hint ?? ''}`,
  };
}

/** A run's report as an outcome: 0 only when every task is done (or was before). */
export function outcomeOf(report: PlansReport): Outcome {
  const { id, items, spentUsd, stopped, integration } = report;
  const next =
    integration === undefined
      ? 'the work is in this tree, uncommitted'
      : `the finished work is on branch ${integration}: look with git log --stat ${integration}, take it with git merge --ff-only ${integration}`;
  const retry = items.some(({ state }) => state === 'failed' || state === 'pending')
    ? `\nagain: squad-run --run ${id} --retry-failed …the same options`
    : '';
  return {
    exitCode: exitCodeOf(report),
    json: { run: id, integration: integration ?? null, items, spentUsd, stopped: stopped ?? null },
    text: `${renderItems(items)}\n\nrun ${id}: ${renderCounts(items)}${stopped === undefined ? '' : `; ${stopped}`}\n${next}${retry}`,
  };
}

function exitCodeOf({ items, stopped }: PlansReport): ExitCode {
  return stopped === undefined && items.every(({ state }) => state === 'done' || state === 'skipped')
    ? EXIT.done
    : EXIT.failed;
}
