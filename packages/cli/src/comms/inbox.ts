import { foldInbox, type InboxItem } from '#comms';
import { EXIT, requireDuration, printableLine, renderInstant } from '#protocol';
import { setTimeout as delay } from 'node:timers/promises';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { AGENT_OPTION } from '../shell/squad.ts';
import { openDesk } from './comms-desk.ts';

const POLL_MS = 200;

/** `squad-comms inbox`. */
export const inboxCommand: Command = {
  name: 'inbox',
  summary: 'What is addressed to you and not answered',
  options: {
    ...AGENT_OPTION,
    wait: { kind: 'value', value: 'DURATION', summary: 'wait this long for something to arrive' },
  },
  examples: ['squad-comms inbox', 'squad-comms inbox --wait 2m --json'],
  action: showInbox,
};

async function showInbox(call: Call): Promise<Outcome> {
  const desk = openDesk(call);
  const { clock, signal } = call.io;
  const until = clock.bootMs() + waitMs(call);
  let items = foldInbox(desk.read(), desk.me);
  while (items.length === 0 && clock.bootMs() < until && !signal.aborted) {
    await delay(POLL_MS, undefined, { signal }).catch(() => {});
    items = foldInbox(desk.read(), desk.me);
  }
  return {
    exitCode: items.length === 0 && call.value('wait') !== undefined ? EXIT.contention : EXIT.done,
    json: { kind: 'inbox', agent: desk.me, items },
    text: items.length === 0 ? 'nothing waits for you' : items.map(renderItem).join('\n'),
  };
}

function waitMs(call: Call): number {
  const text = call.value('wait');
  return text === undefined ? 0 : requireDuration(text, { hint: 'as --wait 2m' });
}

function renderItem(item: InboxItem): string {
  const when = item.at === undefined ? '' : ` ${renderInstant(item.at)}`;
  const due = item.respondBy === undefined ? '' : ` (by ${renderInstant(item.respondBy)})`;
  return `${item.id}${when} ${item.from}: ${printableLine(item.summary)}${due}\n  answer: ${item.answer}`;
}
