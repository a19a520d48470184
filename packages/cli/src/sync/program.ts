import type { Program } from '../shell/command.ts';
import { watchCommand } from './watch.ts';

/** `squad-sync`. */
export const syncProgram: Program = {
  name: 'squad-sync',
  summary: 'The coordinator: sees every agent, resolves what it may, reports what it observed.',
  commands: [watchCommand],
};
