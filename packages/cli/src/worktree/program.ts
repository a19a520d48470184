import type { Program } from '../shell/command.ts';
import {
  backupCommand,
  moveCommand,
  pruneCommand,
  removeCommand,
  restoreCommand,
  syncCommand,
} from './change.ts';
import { createCommand } from './create.ts';
import { envCommand, listCommand, pathCommand, statusCommand } from './show.ts';

/** `squad-worktree`. */
export const worktreeProgram: Program = {
  name: 'squad-worktree',
  summary: 'One worktree and branch per agent, task or feature; nothing in one is ever lost',
  commands: [
    createCommand,
    listCommand,
    statusCommand,
    pathCommand,
    envCommand,
    syncCommand,
    moveCommand,
    removeCommand,
    restoreCommand,
    pruneCommand,
    backupCommand,
  ],
};
