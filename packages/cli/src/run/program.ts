import type { Program } from '../shell/command.ts';
import { fanoutCommand } from './fanout.ts';

/** `squad-run`. */
export const runProgram: Program = {
  name: 'squad-run',
  summary: 'Runs agents as supervised processes, each in its own worktree, and loses none of their work.',
  commands: [fanoutCommand],
};
