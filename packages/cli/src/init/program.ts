import type { Program } from '../shell/command.ts';
import { initCommand } from './init.ts';

/** `squad-init`. */
export const initProgram: Program = {
  name: 'squad-init',
  summary: 'Prepares a repository: .squad/, slash commands, rules. Idempotent; never overwrites an edit',
  commands: [initCommand],
};
