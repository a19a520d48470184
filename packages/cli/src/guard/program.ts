import { GUARD_EVENTS } from '#guard';
import type { Program } from '../shell/command.ts';
import { bindCommand } from './bind.ts';
import { hookCommand } from './hook-command.ts';

/** `squad-guard`. */
export const guardProgram: Program = {
  name: 'squad-guard',
  summary: "Answers coding agents' hooks: who may write what, before it is written.",
  commands: [...GUARD_EVENTS.map(hookCommand), bindCommand],
};
