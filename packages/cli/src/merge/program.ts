import type { Program } from '../shell/command.ts';
import { forecastCommand, planCommand } from './look.ts';
import { runCommand } from './run.ts';
import { undoCommand } from './undo.ts';

/** `squad-merge`. */
export const mergeProgram: Program = {
  name: 'squad-merge',
  summary: 'From finished branches to a tested target: plan, forecast, merge, undo',
  commands: [planCommand, forecastCommand, runCommand, undoCommand],
};
