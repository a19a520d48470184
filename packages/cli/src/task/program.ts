import type { Program } from '../shell/command.ts';
import { doneCommand } from './done.ts';
import { gateCommand } from './gate.ts';
import { graphCommand } from './graph.ts';
import { importCommand } from './import.ts';
import { moveCommands } from './moves.ts';
import { nextCommand } from './next.ts';

/** `squad-task`. */
export const taskProgram: Program = {
  name: 'squad-task',
  summary: 'The task graph as data: what is ready, who has it, what is done',
  commands: [graphCommand, importCommand, nextCommand, ...moveCommands, gateCommand, doneCommand],
};
