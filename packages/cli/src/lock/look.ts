import { displayResource } from '#lock';
import { EXIT, printableLine, renderDuration, renderInstant } from '#protocol';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { openLocksFor, resourcesOf } from './open-locks.ts';
import { leaseJson, obstacleJson } from './words.ts';
import type { HeldLease, HistoryEntry, WaitingTicket } from '#lock';

/** `squad-lock status`. */
export const statusCommand: Command = {
  name: 'status',
  summary: 'Who holds a path, or anything that covers it',
  positionals: '<path>',
  minPositionals: 1,
  maxPositionals: 1,
  options: {},
  examples: ['squad-lock status shared/types/metrics.ts'],
  action: statusAction,
};

async function statusAction(call: Call): Promise<Outcome> {
  const { locks, squad } = await openLocksFor(call);
  const [name = ''] = resourcesOf(call, squad);
  const leases = locks.leasesOn(name);
  const waiting = locks
    .table()
    .waiting.filter(({ behind, resources }) =>
      [...behind.map(({ wanted }) => wanted), ...resources.map((each) => each.name)].includes(
        displayResource(name),
      ),
    );
  return {
    exitCode: EXIT.done,
    json: {
      path: displayResource(name),
      free: leases.length === 0,
      leases: leases.map(leaseJson),
      waiting: waiting.map(ticketJson),
    },
    text: [
      ...(leases.length === 0 ? [`${displayResource(name)} is free`] : leases.map(holdLine)),
      ...waiting.map(ticketLine),
    ].join('\n'),
  };
}

/** `squad-lock list`. */
export const listCommand: Command = {
  name: 'list',
  summary: 'Every lease in force; with --waiting, who waits for what',
  options: {
    waiting: { kind: 'flag', summary: 'the queue, in order of service, and whom each waits for' },
    agent: { kind: 'value', value: 'ID', summary: 'only this agent' },
  },
  examples: ['squad-lock list', 'squad-lock list --waiting'],
  action: listAction,
};

async function listAction(call: Call): Promise<Outcome> {
  const { locks } = await openLocksFor(call);
  const { leases, waiting } = locks.table();
  const agent = call.value('agent');
  const mine = leases.filter((lease) => agent === undefined || lease.agent === agent);
  const queue = waiting.filter((ticket) => agent === undefined || ticket.agent === agent);
  if (call.flag('waiting')) {
    return {
      exitCode: EXIT.done,
      json: { waiting: queue.map(ticketJson) },
      text: queue.length === 0 ? 'nobody waits' : queue.map(ticketLine).join('\n'),
    };
  }
  return {
    exitCode: EXIT.done,
    json: { leases: mine.map(leaseJson), waiting: queue.map(ticketJson) },
    text: mine.length === 0 ? 'no leases' : mine.map(holdLine).join('\n'),
  };
}

function holdLine(lease: HeldLease): string {
  const why = lease.purpose === undefined ? '' : `: ${printableLine(lease.purpose, 80)}`;
  const mode = lease.mode === 'shared' ? ' (shared)' : '';
  const verb = lease.reserved ? 'kept for' : 'held by';
  const left = renderDuration(lease.remainingMs);
  return `${lease.resource}${mode} ${verb} ${lease.agent} since ${renderInstant(lease.acquiredAt)}, ${left} left, token ${lease.token}${why}`;
}

function ticketLine(ticket: WaitingTicket): string {
  const wants = ticket.resources.map(({ name }) => name).join(', ');
  const behind = ticket.behind.map(
    ({ agent, resource, kind }) =>
      `${agent} (${kind === 'ticket' ? 'asked first for' : 'holds'} ${resource})`,
  );
  return `${ticket.agent} waits for ${wants} since ${renderInstant(ticket.since)} behind ${[...new Set(behind)].join(', ') || 'nobody'}`;
}

function ticketJson(ticket: WaitingTicket): object {
  return {
    id: ticket.id,
    agent: ticket.agent,
    resources: ticket.resources.map(({ name, mode }) => ({ path: name, mode: mode ?? 'exclusive' })),
    since: renderInstant(ticket.since, 'milliseconds'),
    behind: ticket.behind.map(obstacleJson),
    ...(ticket.purpose === undefined ? {} : { purpose: ticket.purpose }),
  };
}

/** `squad-lock history`. */
export const historyCommand: Command = {
  name: 'history',
  summary: 'What happened to a path and everything it overlaps, oldest first',
  positionals: '<path>',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    limit: { kind: 'value', value: 'N', summary: 'only the last N events (default 50; 0 for all)' },
  },
  examples: ['squad-lock history shared/types/metrics.ts'],
  action: historyAction,
};

async function historyAction(call: Call): Promise<Outcome> {
  const { locks, squad } = await openLocksFor(call);
  const [name = ''] = resourcesOf(call, squad);
  const events = locks.history(name);
  const limit = Number(call.value('limit') ?? '50');
  const shown = Number.isInteger(limit) && limit > 0 ? events.slice(-limit) : events;
  return {
    exitCode: EXIT.done,
    json: {
      path: displayResource(name),
      events: shown.map(({ resource, ...event }) => ({
        ...event,
        at: renderInstant(event.at, 'milliseconds'),
        path: resource,
      })),
    },
    text: shown.length === 0 ? 'nothing has happened to it' : shown.map(eventLine).join('\n'),
  };
}

function eventLine({ at, event, resource, agent, token, by, purpose, reason }: HistoryEntry): string {
  const who = by === undefined ? agent : `${agent} (by ${by})`;
  const note = printableLine(reason ?? purpose ?? '', 80);
  const number = token === undefined ? '' : ` token ${token}`;
  return `${renderInstant(at)} ${event.padEnd(11)} ${resource} ${who}${number}${note === '' ? '' : `: ${note}`}`;
}
