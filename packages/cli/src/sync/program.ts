import type { Program } from '../shell/command.ts';
import { approveCommand } from './approve.ts';
import { controlCommands } from './control.ts';
import { metricsCommand } from './metrics.ts';
import { reassignCommand } from './reassign.ts';
import { replayCommand } from './replay.ts';
import { reportCommand } from './report.ts';
import { serveCommand } from './serve.ts';
import { simulateCommand } from './simulate.ts';
import { watchCommand } from './watch.ts';

/** `squad-sync`. */
export const syncProgram: Program = {
  name: 'squad-sync',
  summary: 'The coordinator: sees every agent, resolves what it may, reports what it observed',
  commands: [
    watchCommand,
    reportCommand,
    metricsCommand,
    replayCommand,
    reassignCommand,
    approveCommand,
    serveCommand,
    simulateCommand,
    ...controlCommands,
  ],
};
