import type { UnplacedBlock } from '#comms';
import { EXIT, requireDuration, SquadError } from '#protocol';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { AGENT_OPTION } from '../shell/squad.ts';
import { blockBase, openDesk, wordsOf, type CommsDesk } from './comms-desk.ts';

const RESPOND_BY = {
  'respond-by': { kind: 'value', value: 'DURATION', summary: 'how long the answer has time' },
} as const;

/** `squad-comms ask`. */
export const askCommand: Command = {
  name: 'ask',
  summary: 'Ask an agent, or all',
  positionals: '<to> <text…>',
  minPositionals: 2,
  options: { ...AGENT_OPTION, ...RESPOND_BY },
  examples: ['squad-comms ask agent-2-backend "Is count a number?" --respond-by 10m'],
  action: async (call) => {
    const desk = openDesk(call);
    const [to = ''] = call.positionals;
    const text = wordsOf(call, 1, 'the question');
    return send(desk, {
      kind: 'question',
      ...blockBase(desk),
      id: desk.newId('Q'),
      to,
      text,
      ...dueOf(call, desk),
    });
  },
};

/** `squad-comms answer`. */
export const answerCommand: Command = {
  name: 'answer',
  summary: 'Answer a question',
  positionals: '<id> <text…>',
  minPositionals: 2,
  options: AGENT_OPTION,
  examples: ['squad-comms answer Q-01JD… "Yes, an integer."'],
  action: async (call) => reply(call, 'answer'),
};

/** `squad-comms ack`. */
export const ackCommand: Command = {
  name: 'ack',
  summary: 'Acknowledge a broadcast, a control or a reassignment',
  positionals: '<id> [text…]',
  minPositionals: 1,
  options: AGENT_OPTION,
  examples: ['squad-comms ack C-01JD…'],
  action: async (call) => reply(call, 'ack'),
};

/** `squad-comms broadcast`. */
export const broadcastCommand: Command = {
  name: 'broadcast',
  summary: 'Tell every agent',
  positionals: '<text…>',
  minPositionals: 1,
  options: { ...AGENT_OPTION, ...RESPOND_BY },
  examples: ['squad-comms broadcast "main is red, do not rebase"'],
  action: async (call) => {
    const desk = openDesk(call);
    const text = wordsOf(call, 0, 'the message');
    return send(desk, {
      kind: 'broadcast',
      ...blockBase(desk),
      id: desk.newId('B'),
      text,
      ...dueOf(call, desk),
    });
  },
};

async function reply(call: Call, kind: 'answer' | 'ack'): Promise<Outcome> {
  const desk = openDesk(call);
  const [id = ''] = call.positionals;
  const asked = desk.read().find((block) => 'id' in block && block.id === id && block.author !== desk.me);
  if (asked === undefined) {
    throw new SquadError({
      code: 'USAGE',
      message: `nothing with the id "${id}" was said to you`,
      hint: 'squad-comms inbox',
    });
  }
  const text = kind === 'answer' ? wordsOf(call, 1, 'the answer') : call.positionals.slice(1).join(' ');
  return send(desk, { kind, ...blockBase(desk), id, to: asked.author, text });
}

function dueOf(call: Call, desk: CommsDesk): { respondBy?: number } {
  const typed = call.value('respond-by');
  if (typed === undefined) return {};
  return { respondBy: desk.at + requireDuration(typed, { hint: 'as --respond-by 10m' }) };
}

function send(desk: CommsDesk, block: UnplacedBlock & { readonly id: string }): Outcome {
  return { exitCode: EXIT.done, json: { kind: block.kind, id: block.id }, text: desk.write(block) };
}
