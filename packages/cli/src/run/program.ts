import type { Program } from '../shell/command.ts';
import { crossCommand } from './cross.ts';
import { fanoutCommand } from './fanout.ts';
import { lensCommands } from './lenses.ts';
import { pairCommand } from './pair.ts';
import { chooseCommand, raceCommand } from './race.ts';
import { statusCommand } from './status.ts';
import { stopCommand } from './stop.ts';
import { tasksCommand } from './tasks.ts';
import { testCommand } from './test-matrix.ts';

/** `squad-run`. */
export const runProgram: Program = {
  name: 'squad-run',
  summary: 'Runs agents as supervised processes, each in its own worktree, and loses none of their work',
  commands: [
    tasksCommand,
    fanoutCommand,
    raceCommand,
    chooseCommand,
    pairCommand,
    crossCommand,
    ...lensCommands,
    testCommand,
    statusCommand,
    stopCommand,
  ],
};
