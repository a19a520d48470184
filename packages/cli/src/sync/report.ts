import { join } from 'node:path';
import { measure, renderReport, replay } from '#coordinator';
import { EXIT } from '#protocol';
import { readJournal } from '#store';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { openCoordinator } from './open-coordinator.ts';

/** `squad-sync report`. */
export const reportCommand: Command = {
  name: 'report',
  summary: 'The state in markdown: summary, agents, changes, blockers, opportunities, next actions',
  options: { 'no-save': { kind: 'flag', summary: 'print only, keep no copy in .squad/reports/' } },
  examples: ['squad-sync report', 'squad-sync report --json'],
  action: report,
};

async function report(call: Call): Promise<Outcome> {
  const { squad, tick } = await openCoordinator(call, { acts: false, writes: false });
  const { store } = call.io;
  const past = replay(readJournal(store, squad.squadDir).events);
  const metrics = measure(past);
  const now = await tick(0);
  const text = renderReport({ tick: now, past, metrics });
  if (!call.flag('no-save')) {
    const name = `parallel-report-${now.record.at.replaceAll(':', '-')}.md`;
    store.writeAtomic(join(squad.squadDir, 'reports', name), text);
  }
  return { exitCode: EXIT.done, json: { status: now.record, metrics }, text: text.trimEnd() };
}
