import { EXIT, printableLine } from '#protocol';
import type { Standing, TaskMove, TaskVerb } from '#tasks';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { whichPerson } from '../shell/squad.ts';
import { claimTask, MOVE_OPTIONS, openTaskDesk, standingJson, type TaskDesk } from './task-desk.ts';

interface MoveSpec {
  readonly verb: TaskVerb;
  readonly summary: string;
  readonly example: string;
  readonly act: (call: Call, desk: TaskDesk, standing: Standing) => Outcome | undefined;
}

const SPECS: readonly MoveSpec[] = [
  {
    verb: 'claim',
    summary:
      'Take a ready task for yourself; of several agents that ask at once, one gets it (exit 3 for the others).',
    example: 'squad-task claim T-03',
    act: claimTask,
  },
  {
    verb: 'start',
    summary: 'Claim a task, if you have not, and say that you work on it.',
    example: 'squad-task start T-03',
    act(call, desk, standing) {
      const refused = claimTask(call, desk, standing);
      if (refused === undefined) desk.say(standing, { status: 'ACTIVE', move: 'STARTED' });
      return refused;
    },
  },
  {
    verb: 'fail',
    summary: 'Say that you cannot do a task, and why; its dependents wait until somebody retries it.',
    example: 'squad-task fail T-03 --reason "the API it needs does not exist"',
    act: (call, desk, standing) => say(call, desk, { standing, status: 'FAILED' }),
  },
  {
    verb: 'skip',
    summary: 'Leave a task out; its dependents may start.',
    example: 'squad-task skip T-03 --reason "done elsewhere"',
    act: (call, desk, standing) => say(call, desk, { standing, status: 'READY', move: 'SKIPPED' }),
  },
  {
    verb: 'retry',
    summary: 'Open a failed, skipped, finished or abandoned task again.',
    example: 'squad-task retry T-03',
    act: (call, desk, standing) => say(call, desk, { standing, status: 'READY', move: 'RETRY' }),
  },
  {
    verb: 'approve',
    summary:
      'Approve a finished checkpoint, so that its dependents may start; only a person can (default: human-<login>).',
    example: 'squad-task approve T-03',
    act: (call, desk, standing) => say(call, desk, { standing, status: 'READY', move: 'APPROVED' }),
  },
  {
    verb: 'reject',
    summary: 'Send a finished checkpoint back; its dependents go on waiting and its agent is told why.',
    example: 'squad-task reject T-03 --reason "the totals are wrong"',
    act: (call, desk, standing) => say(call, desk, { standing, status: 'READY', move: 'REJECTED' }),
  },
];

/** The commands that move one task. */
export const moveCommands: readonly Command[] = SPECS.map(({ verb, summary, example, act }): Command => ({
  name: verb,
  summary,
  positionals: '<task>',
  minPositionals: 1,
  maxPositionals: 1,
  options: MOVE_OPTIONS,
  examples: [example],
  async action(call) {
    const [id = ''] = call.positionals;
    const isVerdict = verb === 'approve' || verb === 'reject';
    const desk = await openTaskDesk(call, isVerdict ? whichPerson(call) : undefined);
    const refused = act(call, desk, desk.may(id, verb));
    if (refused !== undefined) return refused;
    const now = desk.standing(id);
    return {
      exitCode: EXIT.done,
      json: { kind: now.state, task: standingJson(now) },
      text: `${id} is ${now.state}${now.agent === undefined ? '' : ` with ${now.agent}`}${verb === 'reject' && now.reason !== undefined ? `, ${printableLine(now.reason)}` : ''}`,
    };
  },
}));

function say(
  call: Call,
  desk: TaskDesk,
  what: { standing: Standing; status: 'READY' | 'FAILED'; move?: TaskMove },
): undefined {
  const { standing, status, move } = what;
  const note = call.value('reason');
  desk.say(standing, { status, ...(move && { move }), ...(note !== undefined && { note }) });
  desk.claims.release(standing.task.id, desk.comms.me);
  return undefined;
}
