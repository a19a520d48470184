import { isSameAgent, listCommAuthors } from '#comms';
import { EXIT, parseAgentId, SquadError } from '#protocol';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { AGENT_OPTION } from '../shell/squad.ts';
import { blockBase, openDesk } from './comms-desk.ts';

/** `squad-comms handoff`. */
export const handoffCommand: Command = {
  name: 'handoff',
  summary: 'Offer files to another agent',
  positionals: '<to> [path…]',
  minPositionals: 1,
  options: {
    ...AGENT_OPTION,
    file: {
      kind: 'list',
      value: 'PATH',
      summary: 'a file or folder to hand over; may be given several times',
    },
    notes: { kind: 'value', value: 'TEXT', summary: 'what the receiver must know' },
    state: { kind: 'value', value: 'TEXT', summary: 'how far the file is' },
  },
  examples: ['squad-comms handoff agent-2-backend --file shared/types/metrics.ts --notes "interfaces added"'],
  action: offer,
};

async function offer(call: Call): Promise<Outcome> {
  const desk = openDesk(call);
  const [typed = '', ...more] = call.positionals;
  const to = parseAgentId(typed);
  if (!to.ok)
    throw new SquadError({ code: 'AGENT_ID_INVALID', message: to.error, hint: 'as in agent-2-backend' });
  const files = desk.paths([...call.list('file'), ...more]);
  if (files.length === 0) {
    throw new SquadError({ code: 'USAGE', message: 'no file to hand over', hint: 'add --file <path>' });
  }
  if (isSameAgent(to.value, desk.me)) {
    throw new SquadError({
      code: 'USAGE',
      message: 'this would hand the files to yourself',
      hint: 'name another agent',
    });
  }
  const notes = call.value('notes');
  const state = call.value('state');
  const block = {
    kind: 'handoff-request' as const,
    ...blockBase(desk),
    id: desk.newId('H'),
    from: desk.me,
    to: to.value,
    files,
    ...(state === undefined ? {} : { state }),
    ...(notes === undefined ? {} : { notes }),
  };
  const text = desk.write(block);
  const isKnown = listCommAuthors(call.io.store, desk.squad.squadDir).some((name) =>
    isSameAgent(name, to.value),
  );
  return {
    exitCode: EXIT.done,
    json: { kind: 'requested', id: block.id, to: block.to, files },
    text,
    ...(isKnown ? {} : { notice: `nothing was heard of ${to.value} yet: is that its id?` }),
  };
}
