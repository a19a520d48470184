import { EXIT, type Evidence } from '#protocol';
import { writtenBy, type Standing } from '#tasks';
import { blockBase } from '../comms/comms-desk.ts';
import { countUncommitted, prove } from '../comms/prove.ts';
import { readDurationMs } from '../run/settings.ts';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { MOVE_OPTIONS, openTaskDesk, standingJson, type TaskDesk } from './task-desk.ts';

/** `squad-task done`. */
export const doneCommand: Command = {
  name: 'done',
  summary:
    'Finish a task: the commands it needs and your evidence are run, and a failing one makes it not done',
  positionals: '<task>',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    ...MOVE_OPTIONS,
    evidence: {
      kind: 'list',
      value: 'COMMAND',
      summary: 'a command that must succeed, beside those the task needs',
    },
    summary: { kind: 'value', value: 'TEXT', summary: 'what was done' },
    timeout: { kind: 'value', value: 'DURATION', summary: 'for each command (default 30m)' },
  },
  examples: [
    'squad-task done T-03',
    'squad-task done T-03 --evidence "npm test" --summary "dashboard renders"',
  ],
  async action(call) {
    const [id = ''] = call.positionals;
    const desk = await openTaskDesk(call);
    const standing = desk.may(id, 'done');
    const commands = [...new Set([...desk.gatesOf(standing), ...call.list('evidence')])];
    const timeoutMs = readDurationMs(call, 'timeout', 30 * 60_000);
    const { evidence, failed } = await prove(call.io, desk.comms.squad, { commands, timeoutMs });
    if (failed !== undefined) {
      desk.comms.write({ kind: 'gate', ...blockBase(desk.comms), taskId: id, evidence });
      return notDone(id, failed);
    }
    const uncommitted = await report(call, desk, { standing, evidence });
    desk.claims.release(id, desk.comms.me);
    return outcomeOf(desk, id, uncommitted);
  },
};

async function report(
  call: Call,
  { comms }: TaskDesk,
  { standing, evidence }: { standing: Standing; evidence: readonly Evidence[] },
): Promise<number> {
  const summary = call.value('summary');
  const uncommitted = await countUncommitted(comms.squad, writtenBy(standing.task));
  comms.write({
    kind: 'completion',
    ...blockBase(comms),
    at: call.io.clock.wallMs(),
    taskId: standing.task.id,
    ...(summary === undefined ? {} : { summary }),
    filesModified: [],
    evidence,
    extra: uncommitted === 0 ? {} : { Uncommitted: `${uncommitted} files` },
  });
  return uncommitted;
}

function notDone(id: string, failed: Evidence): Outcome {
  return {
    exitCode: EXIT.failed,
    json: { kind: 'evidence-failed', task: id, failed },
    text: `${id} is not done: "${failed.command}" exited with ${failed.exitCode}`,
  };
}

function outcomeOf(desk: TaskDesk, id: string, uncommitted: number): Outcome {
  const now = desk.standing(id);
  const next = now.state === 'review' ? `\n  a person has to approve it: squad-task approve ${id}` : '';
  const claims = [
    ...(now.isProven ? [] : ['without a command that proves it']),
    ...(uncommitted === 0 ? [] : [`with ${uncommitted} of its files not committed`]),
  ];
  const claim = claims.length === 0 ? '' : `\n  ${claims.join(' and ')}, this is a claim`;
  return {
    exitCode: EXIT.done,
    json: { kind: now.state, task: standingJson(now) },
    text: `${id} is ${now.state}${next}${claim}`,
  };
}
