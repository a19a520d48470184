import type { Program } from '../shell/command.ts';
import { auditCommand } from './audit.ts';
import { checkCommand } from './check.ts';
import { commitCommand } from './commit.ts';
import { exportCommand } from './export.ts';
import { hooksCommand } from './hooks.ts';
import { importCommand } from './import.ts';
import { lintCommand } from './lint.ts';
import { whoCommand } from './who.ts';

/** `squad-own`. */
export const ownProgram: Program = {
  name: 'squad-own',
  summary: 'Whose each path is, and whether changes keep to it',
  commands: [
    whoCommand,
    checkCommand,
    commitCommand,
    lintCommand,
    importCommand,
    exportCommand,
    auditCommand,
    hooksCommand,
  ],
};
