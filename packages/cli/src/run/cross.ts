import { runCross } from '#runner';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { openSquad } from '../shell/squad.ts';
import { readGraph } from '../task/task-graph.ts';
import { FINDINGS_OPTIONS, reportFindings } from './findings-report.ts';
import { watchInterrupts } from './interrupts.ts';
import { createProgress } from './progress.ts';
import { ONE_TASK_OPTIONS, readRunOptions } from './run-options.ts';
import { busyOutcome } from './tasks.ts';

const { run: _run, ...OPTIONS } = ONE_TASK_OPTIONS;

/** `squad-run cross`. */
export const crossCommand: Command = {
  name: 'cross',
  summary:
    "Each agent's finished work of a run is reviewed by a second agent and tested by a third; one merged report.",
  positionals: '<run>',
  minPositionals: 1,
  maxPositionals: 1,
  options: { ...OPTIONS, ...FINDINGS_OPTIONS },
  examples: ['squad-run cross 01KABC… --with claude'],
  action: crossAction,
};

async function crossAction(call: Call): Promise<Outcome> {
  const { graph } = await readGraph(call, openSquad(call.io));
  const options = await readRunOptions(call, graph);
  const interrupts = watchInterrupts(call.io);
  const progress = createProgress(call, 2 * graph.tasks.length);
  try {
    const [verifiedRun = ''] = call.positionals;
    const report = await runCross({
      ...options,
      ...interrupts,
      verifiedRun,
      tasks: graph.tasks,
      onChange: progress.note,
      onEvent: progress.event,
    });
    return reportFindings(call, 'cross', {
      ...report,
      run: report.id,
      title: `Cross-verification of run ${verifiedRun}`,
    });
  } catch (error) {
    return busyOutcome(error);
  } finally {
    interrupts.dismiss();
    progress.end();
  }
}
