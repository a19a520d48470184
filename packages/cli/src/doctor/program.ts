import type { Program } from '../shell/command.ts';
import { doctorCommand } from './doctor-command.ts';

/** `squad-doctor`. */
export const doctorProgram: Program = {
  name: 'squad-doctor',
  summary: 'Finds what keeps a squad from working, and repairs what it safely can',
  commands: [doctorCommand],
};
