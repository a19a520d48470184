import type { Program } from '../shell/command.ts';
import { fanoutCommand } from './fanout.ts';
import { statusCommand } from './status.ts';
import { stopCommand } from './stop.ts';
import { tasksCommand } from './tasks.ts';

/** `squad-run`. */
export const runProgram: Program = {
  name: 'squad-run',
  summary: 'Runs agents as supervised processes, each in its own worktree, and loses none of their work.',
  commands: [tasksCommand, fanoutCommand, statusCommand, stopCommand],
};
