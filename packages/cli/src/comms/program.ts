import type { Program } from '../shell/command.ts';
import { doneCommand } from './done.ts';
import { handoffCommand } from './handoff.ts';
import { handoffMoveCommands } from './handoff-moves.ts';
import { inboxCommand } from './inbox.ts';
import { logCommand } from './log.ts';
import { ackCommand, answerCommand, askCommand, broadcastCommand } from './messages.ts';
import { errorCommand, requestCommand } from './reports.ts';
import { statusCommand } from './status.ts';

/** `squad-comms`. */
export const commsProgram: Program = {
  name: 'squad-comms',
  summary: 'Statuses, handoffs, questions and completion reports in .squad/comms/<agent>-comm.md',
  commands: [
    statusCommand,
    handoffCommand,
    ...handoffMoveCommands,
    inboxCommand,
    logCommand,
    askCommand,
    answerCommand,
    ackCommand,
    broadcastCommand,
    errorCommand,
    requestCommand,
    doneCommand,
  ],
};
