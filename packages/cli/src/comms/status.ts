import { foldLastStatus, type UnplacedBlock } from '#comms';
import { EXIT, parseStatus, SquadError, STATUSES, type StatusBlock } from '#protocol';
import { openLocksFor } from '../lock/open-locks.ts';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { AGENT_OPTION } from '../shell/squad.ts';
import { blockBase, openDesk, type CommsDesk } from './comms-desk.ts';

/** `squad-comms status`. */
export const statusCommand: Command = {
  name: 'status',
  summary: 'Say what you are doing; also renews your leases',
  positionals: '<status>',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    ...AGENT_OPTION,
    task: { kind: 'value', value: 'ID', summary: 'the task, as T-03' },
    title: { kind: 'value', value: 'TEXT', summary: 'what the task is' },
    files: { kind: 'list', value: 'PATHS', summary: 'files changed, with commas between' },
    progress: { kind: 'value', value: 'N/M', summary: 'as 3/5' },
    next: { kind: 'value', value: 'TEXT', summary: 'what comes next' },
    'waiting-for': { kind: 'value', value: 'TEXT', summary: 'a path, task, handoff or agent' },
    alternative: { kind: 'value', value: 'TEXT', summary: 'what you do meanwhile' },
    note: { kind: 'value', value: 'TEXT', summary: 'anything else' },
  },
  examples: [
    'squad-comms status ACTIVE --task T-03 --files frontend/a.tsx --progress 3/5 --next "API integration"',
    'squad-comms status BLOCKED --waiting-for /shared/types/user.ts --alternative "tests"',
  ],
  action: tellStatus,
};

async function tellStatus(call: Call): Promise<Outcome> {
  const desk = openDesk(call);
  const block = statusBlock(call, desk);
  const text = desk.write(block);
  const { locks } = await openLocksFor(call);
  const { renewed, notices } = locks.renew({ agent: desk.me, all: true });
  const lost = notices.map(({ resource, why, by }) => `you lost the lease of ${resource} (${why}, by ${by})`);
  return {
    exitCode: EXIT.done,
    json: { ...block, renewed: renewed.map(({ resource }) => resource), lost: notices },
    text,
    ...(lost.length === 0 ? {} : { notice: lost.join('\n') }),
  };
}

function statusBlock(call: Call, desk: CommsDesk): Extract<UnplacedBlock, { kind: 'status' }> {
  const [word = ''] = call.positionals;
  const status = parseStatus(word);
  if (status === undefined) {
    throw new SquadError({
      code: 'USAGE',
      message: `"${word}" is no status`,
      hint: `one of: ${STATUSES.join(' ')}`,
    });
  }
  const waitingFor = call.value('waiting-for');
  return {
    kind: 'status',
    ...blockBase(desk),
    status,
    ...valueAs(call, 'task', 'taskId'),
    ...valueAs(call, 'title', 'taskTitle'),
    filesModified: desk.paths(call.list('files')).map((path) => ({ path })),
    ...progressOf(call.value('progress')),
    ...valueAs(call, 'next', 'next'),
    ...(waitingFor === undefined ? {} : { waitingFor, waitingSince: waitingSince(desk, waitingFor) }),
    ...valueAs(call, 'alternative', 'alternative'),
    ...valueAs(call, 'note', 'note'),
  };
}

function valueAs<K extends string>(call: Call, option: string, key: K): { [P in K]?: string } {
  const value = call.value(option)?.trim();
  return value === undefined || value === '' ? {} : ({ [key]: value } as { [P in K]?: string });
}

function progressOf(text: string | undefined): Pick<StatusBlock, 'done' | 'total'> {
  if (text === undefined) return {};
  const [, done, total] = /^(\d+)\/(\d+)$/u.exec(text.trim()) ?? [];
  if (done === undefined || total === undefined) {
    throw new SquadError({ code: 'USAGE', message: `"${text}" is no progress`, hint: 'write it as 3/5' });
  }
  return { done: Number(done), total: Number(total) };
}

// Waiting began when the agent first said it waits for this.
function waitingSince(desk: CommsDesk, waitingFor: string): number {
  const last = foldLastStatus(desk.read()).get(desk.me)?.block;
  const isSame = last?.kind === 'status' && last.waitingFor === waitingFor;
  return isSame ? (last.waitingSince ?? last.at ?? desk.at) : desk.at;
}
