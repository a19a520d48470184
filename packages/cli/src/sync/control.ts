import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { appendBlock, isAddressedTo, isSameAgent, journalDraftOf, listCommAuthors, readComms } from '#comms';
import {
  COORDINATOR_ID,
  EXIT,
  parseAgentId,
  requireDuration,
  SquadError,
  type ControlBlock,
} from '#protocol';
import type { Call, Command, Outcome } from '../shell/command.ts';
import type { Io } from '../shell/io.ts';
import { openSquad, type Squad } from '../shell/squad.ts';

const POLL_MS = 200;

/** `squad-sync pause`, `resume`, `stop`. */
export const controlCommands: readonly Command[] = (
  [
    ['pause', 'tell agents to pause at the next safe point'],
    ['resume', 'tell paused agents to go on'],
    ['stop', 'tell agents to finish what they hold and stop'],
  ] as const
).map(([name, summary]) => ({
  name,
  summary,
  positionals: '[agent]',
  maxPositionals: 1,
  options: {
    reason: { kind: 'value', value: 'TEXT', summary: 'why' },
    deadline: { kind: 'value', value: 'DURATION', summary: 'by when agents must acknowledge (default 2m)' },
    wait: { kind: 'flag', summary: 'wait until all have acknowledged; exit 3 at the deadline' },
  },
  examples: [`squad-sync ${name}`, `squad-sync ${name} agent-1-frontend --wait`],
  action: (call) => command(call, name),
}));

async function command(call: Call, name: ControlBlock['command']): Promise<Outcome> {
  const { io } = call;
  const squad = openSquad(io);
  const to = targetOf(call.positionals[0]);
  const deadlineMs = deadlineOf(call);
  const { block, text } = sendControl(io, squad, { name, to, deadlineMs, reason: call.value('reason') });
  const missing = call.flag('wait')
    ? await waitForAcks(call, squad, { id: block.id, to, deadlineMs })
    : undefined;
  return {
    exitCode: missing === undefined || missing.length === 0 ? EXIT.done : EXIT.contention,
    json: { kind: name, id: block.id, to, missing: missing ?? null },
    text,
    ...(missing === undefined || missing.length === 0
      ? {}
      : { notice: `not acknowledged by ${missing.join(', ')}` }),
  };
}

/** What agents are told. */
export interface ControlOrder {
  readonly name: ControlBlock['command'];
  readonly to: string;
  readonly deadlineMs: number;
  readonly reason: string | undefined;
}

/** Writes the order into the coordinator's file and sets or removes the flag that programs look at. */
export function sendControl(
  io: Io,
  squad: Squad,
  order: ControlOrder,
): { block: Omit<ControlBlock, 'range'>; text: string } {
  const { name, to, deadlineMs, reason } = order;
  const at = Math.floor(io.clock.wallMs() / 1000) * 1000;
  const block = {
    kind: 'control' as const,
    author: COORDINATOR_ID,
    at,
    extra: {},
    id: `C-${io.newId()}`,
    command: name,
    to,
    ...(reason === undefined ? {} : { reason }),
    deadline: at + deadlineMs,
  };
  const text = appendBlock(io.store, squad.squadDir, block);
  squad.journal.record(journalDraftOf(block));
  setFlags(io, squad, { name, to, text });
  return { block, text };
}

function targetOf(typed: string | undefined): string {
  if (typed === undefined || typed === 'all') return 'all';
  const id = parseAgentId(typed);
  if (id.ok) return id.value;
  throw new SquadError({
    code: 'AGENT_ID_INVALID',
    message: id.error,
    hint: 'name one agent, or none for all',
  });
}

function deadlineOf(call: Call): number {
  return requireDuration(call.value('deadline') ?? '2m', { hint: 'as --deadline 2m' });
}

// A flag is what programs look at without reading messages: it stands as long as the order does.
function setFlags(
  io: Io,
  squad: Squad,
  order: { name: ControlBlock['command']; to: string; text: string },
): void {
  const { store } = io;
  const suffix = order.to === 'all' ? '' : `-${order.to}`;
  const flag = (name: string): string => join(squad.squadDir, 'control', `${name}${suffix}.flag`);
  if (order.name === 'resume') {
    store.removeFile(flag('pause'));
    store.removeFile(flag('stop'));
  } else store.writeAtomic(flag(order.name), order.text);
}

async function waitForAcks(
  call: Call,
  squad: Squad,
  order: { id: string; to: string; deadlineMs: number },
): Promise<readonly string[]> {
  const { store, clock, signal } = call.io;
  const until = clock.bootMs() + order.deadlineMs;
  for (;;) {
    const { blocks } = readComms(store, squad.squadDir);
    const acks = blocks
      .filter((block) => block.kind === 'ack' && block.id === order.id)
      .map(({ author }) => author);
    const missing = listCommAuthors(store, squad.squadDir)
      .filter((agent) => agent !== COORDINATOR_ID && isAddressedTo(order.to, agent))
      .filter((agent) => !acks.some((ack) => isSameAgent(ack, agent)));
    if (missing.length === 0 || clock.bootMs() >= until || signal.aborted) return missing;
    await delay(POLL_MS, undefined, { signal }).catch(() => {});
  }
}
