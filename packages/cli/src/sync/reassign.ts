import { isSameAgent } from '#comms';
import { EXIT, parseAgentId, SquadError } from '#protocol';
import type { Action } from '#coordinator';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { openCoordinator } from './open-coordinator.ts';

/** `squad-sync reassign`. */
export const reassignCommand: Command = {
  name: 'reassign',
  summary: 'Move a task, its leases and ownership to another agent, and save the old one’s uncommitted work',
  positionals: '<task>',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    to: { kind: 'value', value: 'ID', summary: 'the agent that takes it over' },
    reason: { kind: 'value', value: 'TEXT', summary: 'why' },
  },
  examples: ['squad-sync reassign T-03 --to agent-2-backend --reason "agent-1 is gone"'],
  action: reassign,
};

async function reassign(call: Call): Promise<Outcome> {
  const to = parseAgentId(call.value('to') ?? '');
  if (!to.ok) throw new SquadError({ code: 'USAGE', message: to.error, hint: 'add --to <agent>' });
  const { tick, perform } = await openCoordinator(call, { acts: false, writes: false });
  const [id = ''] = call.positionals;
  const seen = await tick(0);
  const task = seen.judgement.tasks.find((each) => each.id === id);
  if (task === undefined) {
    const known = seen.judgement.tasks.map((each) => each.id).join(', ');
    throw new SquadError({
      code: 'USAGE',
      message: `there is no task "${id}"`,
      hint: known === '' ? 'squad-allocate makes tasks' : `one of: ${known}`,
    });
  }
  if (isSameAgent(task.agent, to.value))
    return { exitCode: EXIT.done, json: { kind: 'moot' }, text: `${id} is ${to.value}’s already` };
  const action: Action = {
    kind: 'reassign-task',
    key: `reassign-task:${id}#person`,
    policy: 'act',
    taskId: id,
    from: task.agent,
    to: to.value,
    attempt: 0,
    isByPerson: true,
    reason: call.value('reason') ?? 'a person decided so',
    evidence: [],
    undo: `squad-sync reassign ${id} --to ${task.agent}`,
  };
  const done = await perform([action], seen);
  return {
    exitCode: done === 1 ? EXIT.done : EXIT.failed,
    json: {
      kind: done === 1 ? 'reassigned' : 'failed',
      task: id,
      from: task.agent,
      to: to.value,
      undo: action.undo,
    },
    text:
      done === 1
        ? `${id} is ${to.value}’s now; back with: ${action.undo}`
        : `${id} could not be moved; see .squad/logs/events.ndjson`,
  };
}
