import type { Program } from '../shell/command.ts';
import { acquireCommand } from './acquire.ts';
import { breakCommand } from './break.ts';
import { historyCommand, listCommand, statusCommand } from './look.ts';
import { rebuildCommand } from './rebuild.ts';
import { releaseCommand } from './release.ts';
import { renewCommand } from './renew.ts';
import { runCommand } from './run-command.ts';
import { verifyCommand } from './verify.ts';

/** `squad-lock`. */
export const lockProgram: Program = {
  name: 'squad-lock',
  summary: 'Leases on files, folders, patterns and operations: never two exclusive holders',
  commands: [
    acquireCommand,
    releaseCommand,
    renewCommand,
    statusCommand,
    listCommand,
    verifyCommand,
    breakCommand,
    runCommand,
    historyCommand,
    rebuildCommand,
  ],
};
