import type { ControlBlock, ReassignmentBlock } from '#protocol';
import { bareName } from './decode-handoff.ts';
import type { FieldReader } from './field-reader.ts';

const COMMANDS: Readonly<Record<string, ControlBlock['command']>> = {
  pause: 'pause',
  hold: 'pause',
  resume: 'resume',
  continue: 'resume',
  stop: 'stop',
  abort: 'stop',
};

/** `## Control`: pause, resume or stop. */
export function decodeControl(fields: FieldReader): ControlBlock | undefined {
  const word = fields.word('command')?.toLowerCase();
  const command = word !== undefined && Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  if (command === undefined) {
    fields.problem({
      severity: 'error',
      message: 'a control block without a command',
      expected: 'pause | resume | stop',
    });
    return undefined;
  }
  const reason = fields.text('reason') ?? fields.prose();
  const deadline = fields.instant('deadline');
  return {
    kind: 'control',
    author: fields.author,
    at: fields.raw.at,
    range: fields.raw.range,
    id: fields.id('C'),
    command,
    to: bareName(fields.word('to') ?? 'all'),
    ...(reason === undefined ? {} : { reason }),
    ...(deadline === undefined ? {} : { deadline }),
    extra: fields.extra(),
  };
}

/** `## Task Reassignment Notice`; every other field is part of the package. */
export function decodeReassignment(fields: FieldReader): ReassignmentBlock | undefined {
  const taskId = fields.word('task');
  const to = fields.word('to');
  if (taskId === undefined || to === undefined) {
    fields.problem({
      severity: 'error',
      message: 'a reassignment without task or receiver',
      expected: 'Task, To',
    });
    return undefined;
  }
  return {
    kind: 'reassignment',
    author: fields.author,
    at: fields.raw.at,
    range: fields.raw.range,
    id: fields.id('R'),
    taskId,
    from: bareName(fields.word('from') ?? ''),
    to: bareName(to),
    reason: fields.text('reason') ?? fields.prose() ?? '',
    details: fields.extra(),
    extra: {},
  };
}
