import { EXIT } from '#protocol';
import type { Command } from '../shell/command.ts';
import { AGENT_OPTION } from '../shell/squad.ts';
import { blockBase, openDesk, wordsOf } from './comms-desk.ts';

/** `squad-comms error`. */
export const errorCommand: Command = {
  name: 'error',
  summary: 'Report a failure and what you tried',
  positionals: '<text…>',
  minPositionals: 1,
  options: {
    ...AGENT_OPTION,
    task: { kind: 'value', value: 'ID', summary: 'the task that failed' },
    tried: { kind: 'list', value: 'TEXT', summary: 'an attempted fix; may be given several times' },
  },
  examples: ['squad-comms error "types do not build" --task T-03 --tried "npm ci" --tried "older compiler"'],
  action: async (call) => {
    const desk = openDesk(call);
    const task = call.value('task');
    const text = desk.write({
      kind: 'error-report',
      ...blockBase(desk),
      ...(task === undefined ? {} : { taskId: task }),
      error: wordsOf(call, 0, 'the error'),
      attempts: call.list('tried'),
    });
    return { exitCode: EXIT.done, json: { kind: 'error-report', task }, text };
  },
};

/** `squad-comms request`. */
export const requestCommand: Command = {
  name: 'request',
  summary: 'Ask for a path that another agent owns',
  positionals: '<path>',
  minPositionals: 1,
  maxPositionals: 1,
  options: { ...AGENT_OPTION, reason: { kind: 'value', value: 'TEXT', summary: 'what you need it for' } },
  examples: ['squad-comms request shared/constants/limits.ts --reason "new page size"'],
  action: async (call) => {
    const desk = openDesk(call);
    const [path = ''] = desk.paths(call.positionals);
    const reason = call.value('reason');
    const id = desk.newId('O');
    const text = desk.write({
      kind: 'ownership-request',
      ...blockBase(desk),
      id,
      path,
      ...(reason === undefined ? {} : { reason }),
    });
    return { exitCode: EXIT.done, json: { kind: 'ownership-request', id, path }, text };
  },
};
