import { byCodeUnit } from '#store';
import { BaseRows, encodeRow, type Place } from './base-rows.ts';
import { LeaseTable } from './lease-table.ts';
import type { Lease, Notice, Ticket } from './lease.ts';
import { decodeTicket, encodeTicket } from './ticket-row.ts';

/** What the log amounts to. */
export interface LockState {
  /** Records folded since the log began, over all epochs. */
  readonly position: number;
  /** The token of the next grant. */
  readonly nextToken: number;
  readonly leases: LeaseTable;
  readonly tickets: readonly Ticket[];
  readonly notices: readonly Notice[];
}

/** Nothing held, nobody waiting. */
export function emptyState(nextToken = 1): LockState {
  return { position: 0, nextToken, leases: LeaseTable.empty, tickets: [], notices: [] };
}

const FORMAT = 1;

/** The base of an epoch: the same bytes from whoever computes it. Leases come first in order of their names. */
export function renderBase(state: LockState): string {
  const patterns = state.leases.patterns.toSorted(byCodeUnit);
  return render(state, state.leases, { patterns });
}

/** What is to be known of a state beside the base that its table began with. */
export function renderChanges(state: LockState): string {
  const changes = [...state.leases.changes];
  const ended = changes.flatMap(([resource, rows]) => (rows.length === 0 ? [resource] : []));
  const held = changes.flatMap(([, rows]) => rows);
  return render(state, held, { patterns: [], ended });
}

function render(
  state: LockState,
  leases: Iterable<Lease>,
  more: { readonly patterns: readonly string[]; readonly ended?: readonly string[] },
): string {
  const { position, nextToken, tickets, notices } = state;
  const places: Place[] = [];
  const rows = [...leases].sort(byNameAndToken).map((lease) => encodeRow(lease, places));
  const queue = tickets.map((ticket) => encodeTicket(ticket, places)).join(',');
  const head = { v: FORMAT, position, nextToken, count: rows.length, notices, ...more, places };
  return `${[`${JSON.stringify(head).slice(0, -1)},"tickets":[${queue}]}`, ...rows].join('\n')}\n`;
}

/** A base as found: the state, nothing usable, or one of a later format. */
export type BaseReading =
  | {
      readonly kind: 'state';
      readonly state: LockState;
      /** Of changes: the resources that are held no more. */
      readonly ended?: readonly string[];
    }
  | { readonly kind: 'unusable' }
  | { readonly kind: 'newer'; readonly version: number };

/** The state that {@link renderChanges} wrote down, on the state of the same base; `undefined` where it is not usable. */
export function parseChanges(text: string, base: LockState): LockState | undefined {
  const reading = parseBase(text);
  if (reading.kind !== 'state' || reading.ended === undefined) return undefined;
  const { leases } = reading.state;
  const { table, put } = base.leases.edit();
  for (const resource of [...reading.ended, ...leases.resources()]) put(resource, leases.of(resource));
  return { ...reading.state, leases: table };
}

/** Reads a base. It was machine-made and published whole, so only its outline is checked. */
export function parseBase(text: string): BaseReading {
  const end = text.indexOf('\n');
  let head: unknown;
  try {
    head = JSON.parse(end === -1 ? text : text.slice(0, end));
  } catch {
    return { kind: 'unusable' };
  }
  if (typeof head !== 'object' || head === null || !('v' in head)) return { kind: 'unusable' };
  if (typeof head.v === 'number' && head.v > FORMAT) return { kind: 'newer', version: head.v };
  const { position, nextToken, tickets, notices, patterns, places, ended } = head as Partial<
    Record<string, unknown>
  >;
  const lists = [tickets, notices, patterns, places];
  const isWhole = typeof position === 'number' && typeof nextToken === 'number' && lists.every(Array.isArray);
  // A base is written whole; one that does not end in a newline was cut by a crash of the machine.
  if (!isWhole || !text.endsWith('\n')) return { kind: 'unusable' };
  const rows = new BaseRows(text, end + 1, places as Place[]);
  return {
    kind: 'state',
    state: {
      position,
      nextToken,
      leases: LeaseTable.ofBase(rows, patterns as string[]),
      tickets: (tickets as unknown[]).map((row) => decodeTicket(row, places as Place[])),
      notices: notices as Notice[],
    },
    ...(Array.isArray(ended) ? { ended: ended as string[] } : {}),
  };
}

function byNameAndToken(a: Lease, b: Lease): number {
  if (a.resource !== b.resource) return a.resource < b.resource ? -1 : 1;
  return a.token - b.token || (a.agent < b.agent ? -1 : 1);
}
