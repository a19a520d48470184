import { EXIT, printableLine } from '#protocol';
import { blockBase } from '../comms/comms-desk.ts';
import { prove } from '../comms/prove.ts';
import { readDurationMs } from '../run/settings.ts';
import type { Command } from '../shell/command.ts';
import { MOVE_OPTIONS, openTaskDesk } from './task-desk.ts';

/** `squad-task gate`. */
export const gateCommand: Command = {
  name: 'gate',
  summary:
    'Run the commands that a task needs and note how each ended, without finishing the task; exit 1 at the first that fails',
  positionals: '<task>',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    ...MOVE_OPTIONS,
    run: { kind: 'list', value: 'COMMAND', summary: 'only this command; may be given several times' },
    timeout: { kind: 'value', value: 'DURATION', summary: 'for each command (default 30m)' },
  },
  examples: ['squad-task gate T-03', 'squad-task gate T-03 --run "npm test"'],
  async action(call) {
    const [id = ''] = call.positionals;
    const desk = await openTaskDesk(call);
    const standing = desk.standing(id);
    const named = call.list('run');
    const commands = named.length > 0 ? named : desk.gatesOf(standing);
    if (commands.length === 0) {
      const text = `${id} needs no command: name one with --run, or set task.gates in .squad/config.yaml`;
      return { exitCode: EXIT.done, json: { kind: 'no-gates', task: id, evidence: [] }, text };
    }
    const timeoutMs = readDurationMs(call, 'timeout', 30 * 60_000);
    const { evidence, failed } = await prove(call.io, desk.comms.squad, { commands, timeoutMs });
    desk.comms.write({ kind: 'gate', ...blockBase(desk.comms), taskId: id, evidence });
    return {
      exitCode: failed === undefined ? EXIT.done : EXIT.failed,
      json: { kind: failed === undefined ? 'passed' : 'failed', task: id, evidence },
      text: evidence
        .map(
          ({ command, exitCode, commit }) =>
            `${id} ${exitCode === 0 ? 'passed' : `failed (exit ${exitCode})`}: ${printableLine(command)}${commit === undefined ? '' : ` at ${commit.slice(0, 9)}`}`,
        )
        .join('\n'),
    };
  },
};
