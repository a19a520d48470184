import { isSameProcess } from '#store';
import { placeIndex, type Place } from './base-rows.ts';
import type { LockItem, Ticket } from './lease.ts';

type Row = readonly [
  id: string,
  agent: string,
  session: string,
  /** A single name is taken exclusively. */
  items: string | readonly LockItem[],
  place: number,
  since: readonly [wallMs: number, bootMs: number],
  ends: readonly [wallMs: number, bootMs: number],
  terms: readonly [ttlMs: number, maxHoldMs: number],
  /** Who waits there, and whether it is the holder too. */
  waiter: readonly [pid: number, start: string, isHolder: 0 | 1] | 0,
  rest: Partial<Ticket> | 0,
];

/** A ticket as one line of JSON, with its boot and host entered in the list. */
export function encodeTicket(ticket: Ticket, places: Place[]): string {
  const { id, agent, session, items, since, ends, ttlMs, maxHoldMs, waiter, holder, ...rest } = ticket;
  const { boot, host } = since;
  if (ends.boot !== boot || ends.host !== host) return JSON.stringify(ticket);
  const isHolder = waiter !== undefined && holder !== undefined && isSameProcess(waiter, holder);
  const isLocal = waiter?.boot === boot && waiter.host === host && waiter.namespace === undefined;
  const others: Partial<Ticket> = {
    ...rest,
    ...(waiter === undefined || isLocal ? {} : { waiter }),
    ...(holder === undefined || (isLocal && isHolder) ? {} : { holder }),
  };
  const [first] = items;
  const row: Row = [
    id,
    agent,
    session,
    items.length === 1 && first?.mode === 'exclusive' ? first.name : items,
    placeIndex(since, places),
    [since.wallMs, since.bootMs],
    [ends.wallMs, ends.bootMs],
    [ttlMs, maxHoldMs],
    isLocal ? [waiter.pid, waiter.start, isHolder ? 1 : 0] : 0,
    Object.keys(others).length === 0 ? 0 : others,
  ];
  return JSON.stringify(row);
}

/** What {@link encodeTicket} wrote, parsed. */
export function decodeTicket(value: unknown, places: readonly Place[]): Ticket {
  if (!Array.isArray(value)) return value as Ticket;
  const [id, agent, session, items, place, since, ends, terms, waiting, rest] = value as unknown as Row;
  const { boot, host } = places[place] ?? { boot: '', host: '' };
  const waiter = waiting === 0 ? undefined : { host, boot, pid: waiting[0], start: waiting[1] };
  return {
    id,
    agent,
    session,
    items: typeof items === 'string' ? [{ name: items, mode: 'exclusive' }] : items,
    since: { wallMs: since[0], bootMs: since[1], boot, host },
    ends: { wallMs: ends[0], bootMs: ends[1], boot, host },
    ttlMs: terms[0],
    maxHoldMs: terms[1],
    ...(waiter === undefined ? {} : { waiter }),
    ...(waiter === undefined || waiting === 0 || waiting[2] === 0 ? {} : { holder: waiter }),
    ...(rest === 0 ? {} : rest),
  };
}
