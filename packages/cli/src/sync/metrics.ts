import { join } from 'node:path';
import { measure, renderMetrics, renderPrometheus, replay } from '#coordinator';
import { EXIT, renderInstant, SquadError } from '#protocol';
import { readJournal } from '#store';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { openSquad } from '../shell/squad.ts';

/** `squad-sync metrics`. */
export const metricsCommand: Command = {
  name: 'metrics',
  summary: 'What the journal measured: completion, waits, conflicts, efficiency, speed-up',
  options: { format: { kind: 'value', value: 'FORMAT', summary: 'markdown (default) or prometheus' } },
  examples: ['squad-sync metrics', 'squad-sync metrics --json', 'squad-sync metrics --format prometheus'],
  action: metrics,
};

async function metrics(call: Call): Promise<Outcome> {
  const format = call.value('format') ?? 'markdown';
  if (format !== 'markdown' && format !== 'prometheus') {
    throw new SquadError({
      code: 'USAGE',
      message: `"${format}" is no format`,
      hint: 'markdown or prometheus; --json for JSON',
    });
  }
  const { store, clock } = call.io;
  const { squadDir } = openSquad(call.io);
  const { events, unreadable } = readJournal(store, squadDir);
  const measured = measure(replay(events));
  const markdown = renderMetrics(measured, renderInstant(clock.wallMs()));
  store.writeAtomic(join(squadDir, 'metrics', 'parallel-performance.md'), markdown);
  return {
    exitCode: EXIT.done,
    json: { ...measured, unreadable },
    text: (format === 'prometheus' ? renderPrometheus(measured) : markdown).trimEnd(),
    ...(unreadable === 0
      ? {}
      : { notice: `${unreadable} lines of the journal could not be read and were left out` }),
  };
}
