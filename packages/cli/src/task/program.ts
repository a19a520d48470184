import type { Program } from '../shell/command.ts';
import { graphCommand } from './graph.ts';

/** `squad-task`. */
export const taskProgram: Program = {
  name: 'squad-task',
  summary: 'The task graph as data: what is ready, who has it, what is done.',
  commands: [graphCommand],
};
