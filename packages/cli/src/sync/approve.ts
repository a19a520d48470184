import { EXIT, nearest, SquadError } from '#protocol';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { AGENT_OPTION, whichPerson } from '../shell/squad.ts';
import { approveTask } from '../task/give-verdict.ts';
import { openCoordinator } from './open-coordinator.ts';

/** `squad-sync approve`. */
export const approveCommand: Command = {
  name: 'approve',
  summary: 'Approve what waits for a person: a checkpoint by its task, or a proposed action by its key',
  positionals: '<task|key>',
  minPositionals: 1,
  maxPositionals: 1,
  options: AGENT_OPTION,
  examples: ['squad-sync approve T-03', 'squad-sync approve reassign-task:T-03#1'],
  action: approve,
};

async function approve(call: Call): Promise<Outcome> {
  const [subject = ''] = call.positionals;
  const person = whichPerson(call);
  const { tick, perform } = await openCoordinator(call, { acts: false, writes: false });
  const seen = await tick(0);
  const { needs } = seen.record;
  const need = needs.find((each) => each.subject === subject);
  if (need === undefined)
    throw notWaiting(
      subject,
      needs.map((each) => each.subject),
    );
  if (need.kind === 'checkpoint') {
    const state = await approveTask(call, person, subject);
    return {
      exitCode: EXIT.done,
      json: { kind: 'approved', subject, by: person, state },
      text: `${subject} was approved by ${person}; the coordinator tells who waits for it`,
    };
  }
  const action = seen.judgement.actions.find(({ key }) => key === subject);
  const done = action === undefined ? 0 : await perform([action], seen);
  return {
    exitCode: done === 1 ? EXIT.done : EXIT.failed,
    json: { kind: done === 1 ? 'approved' : 'failed', subject, by: person, undo: action?.undo ?? null },
    text:
      done === 1
        ? `done: ${subject}; back with: ${action?.undo ?? ''}`
        : `${subject} came to nothing; see .squad/logs/events.ndjson`,
  };
}

function notWaiting(subject: string, waiting: readonly string[]): SquadError {
  const near = nearest(subject, waiting);
  const there = waiting.length === 0 ? 'nothing does' : `there are: ${waiting.join(', ')}`;
  return new SquadError({
    code: 'USAGE',
    message: `"${subject}" does not wait for approval`,
    hint: near === undefined ? there : `did you mean ${near}?`,
    data: { waiting },
  });
}
