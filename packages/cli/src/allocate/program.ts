import type { Program } from '../shell/command.ts';
import { allocateCommand } from './allocate.ts';

/** `squad-allocate`. */
export const allocateProgram: Program = {
  name: 'squad-allocate',
  summary: 'Turns a requirements document into one plan per agent, with exclusive files and a schedule',
  commands: [allocateCommand],
};
