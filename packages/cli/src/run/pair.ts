import { EXIT } from '#protocol';
import { runPair, type PairReport } from '#runner';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { openSquad } from '../shell/squad.ts';
import { readGraph } from '../task/task-graph.ts';
import { watchInterrupts } from './interrupts.ts';
import { createProgress } from './progress.ts';
import { clientName, readRunOptions, requireTask, ONE_TASK_OPTIONS } from './run-options.ts';
import { readCount } from './settings.ts';
import { busyOutcome } from './tasks.ts';

/** `squad-run pair`. */
export const pairCommand: Command = {
  name: 'pair',
  summary:
    'One agent writes, another reviews; findings go back until there are none or the rounds are used up. Only clean work is merged',
  positionals: '<task>',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    ...ONE_TASK_OPTIONS,
    reviewer: { kind: 'value', value: 'CLIENT', summary: 'who reviews (default: the same client as --with)' },
    rounds: { kind: 'value', value: 'N', summary: 'at most so many (default 3)' },
  },
  examples: ['squad-run pair T-03 --with claude --reviewer codex --rounds 2'],
  action: pairAction,
};

async function pairAction(call: Call): Promise<Outcome> {
  const { graph } = await readGraph(call, openSquad(call.io));
  const task = requireTask(graph, call.positionals[0] ?? '');
  const rounds = readCount(call, 'rounds', { fallback: 3, min: 1, max: 20 });
  const reviewer = call.value('reviewer') === undefined ? clientName(call) : clientName(call, 'reviewer');
  const options = await readRunOptions(call, graph);
  const interrupts = watchInterrupts(call.io);
  const progress = createProgress(call, 2 * rounds);
  try {
    return outcomeOf(
      await runPair({
        ...options,
        ...interrupts,
        task,
        reviewer,
        rounds,
        onChange: progress.note,
        onEvent: progress.event,
      }),
    );
  } catch (error) {
    return busyOutcome(error);
  } finally {
    interrupts.dismiss();
    progress.end();
  }
}

function outcomeOf(report: PairReport): Outcome {
  const { id, isClean, rounds, findings, branch, integration, reason } = report;
  const list = findings.map(
    ({ severity, path, line, message }) =>
      `  ${severity} ${path ?? ''}${line === undefined ? '' : `:${line}`} ${message}`,
  );
  return {
    exitCode: isClean ? EXIT.done : EXIT.failed,
    json: {
      run: id,
      isClean,
      rounds,
      findings,
      branch: branch ?? null,
      integration: integration ?? null,
      reason: reason ?? null,
    },
    text: isClean
      ? `clean after ${rounds} round${rounds === 1 ? '' : 's'}; merged into ${integration ?? ''}`
      : [`${reason ?? 'not clean'}; the work stays on ${branch ?? 'no branch'}`, ...list].join('\n'),
  };
}
