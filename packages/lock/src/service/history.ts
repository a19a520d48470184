import { join } from 'node:path';
import { epochName, epochOf, recordIn, slotName, type LogPlace } from '../log/layout.ts';
import { drive } from '../log/drive.ts';
import { packPath } from '../log/tidy-log.ts';
import type { Protocol } from '../log/protocol.ts';
import { apply, skip } from '../model/apply.ts';
import type { Lease } from '../model/lease.ts';
import { parseBase, type LockState } from '../model/lock-state.ts';
import { decodeSlot, type LockRecord } from '../model/record.ts';
import { displayResource, resourcesOverlap } from '../model/resource.ts';
import type { Desk } from './desk.ts';
import { requireResource } from './request-terms.ts';

/** One thing that happened to a resource. */
export interface HistoryEntry {
  /** Position in the log. */
  readonly position: number;
  readonly at: number;
  readonly event:
    | 'acquired'
    | 'renewed'
    | 'released'
    | 'expired'
    | 'dead'
    | 'broken'
    | 'transferred'
    | 'queued'
    | 'refused';
  readonly resource: string;
  readonly agent: string;
  readonly token?: number;
  /** Who caused it, when that is somebody else. */
  readonly by?: string;
  readonly purpose?: string;
  readonly reason?: string;
}

/** Everything the log still holds about a resource and what it overlaps, oldest first. */
export function history(desk: Desk, resource: string): readonly HistoryEntry[] {
  const name = requireResource(desk, resource);
  return drive(readHistory(desk.place, name), desk.world);
}

function* readHistory(place: LogPlace, name: string): Protocol<HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  for (const epoch of yield* epochsOf(place)) {
    const [first, ...slots] = yield* readEpoch(place, epoch);
    const base = first === undefined ? undefined : parseBase(first);
    if (base?.kind !== 'state') continue;
    let state = base.state;
    for (const text of slots) {
      const step = replay(state, text, name);
      entries.push(...step.entries);
      state = step.state;
    }
  }
  return entries;
}

function* epochsOf(place: LogPlace): Protocol<number[]> {
  const epochs = new Set<number>();
  for (const folder of [place.archive, place.log]) {
    const { names } = yield { kind: 'list', path: folder };
    for (const name of names ?? []) {
      const epoch = epochOf(name.replace(/\.ndjson$/u, ''));
      if (epoch !== undefined) epochs.add(epoch);
    }
  }
  return [...epochs].sort((a, b) => a - b);
}

// Base and slots of an epoch, wherever it is kept now.
function* readEpoch(place: LogPlace, epoch: number): Protocol<string[]> {
  const pack = yield { kind: 'read', path: packPath(place, epoch) };
  if (pack.code === '')
    return (pack.text ?? '')
      .trimEnd()
      .split('\n')
      .map((line) => String(JSON.parse(line)));
  for (const parent of [place.log, place.archive]) {
    const texts: string[] = [];
    for (let slot = 0; ; slot += 1) {
      const { code, text } = yield { kind: 'read', path: join(parent, epochName(epoch), slotName(slot)) };
      if (code !== '') break;
      texts.push(slot === 0 ? (text ?? '') : recordIn(text ?? '', epoch, slot));
    }
    if (texts.length > 0) return texts;
  }
  return [];
}

function replay(
  state: LockState,
  text: string,
  name: string,
): { readonly state: LockState; readonly entries: HistoryEntry[] } {
  const slot = decodeSlot(text);
  if (slot.kind !== 'record') return { state: skip(state), entries: [] };
  const { record } = slot;
  const applied = apply(state, record);
  const meets = (lease: Lease): boolean => resourcesOverlap(lease.resource, name);
  const entry = (event: HistoryEntry['event'], lease: Lease): HistoryEntry => ({
    position: applied.state.position,
    at: record.at.wallMs,
    event,
    resource: displayResource(lease.resource),
    agent: lease.agent,
    token: lease.token,
    ...(lease.agent === record.agent ? {} : { by: record.agent }),
    ...(lease.purpose === undefined ? {} : { purpose: lease.purpose }),
    ...(record.op === 'break' && event === 'broken' ? { reason: record.reason } : {}),
  });
  const { effects } = applied;
  const lost = new Set(effects.losses.map(({ lease }) => lease));
  return {
    state: applied.state,
    entries: [
      ...effects.losses.filter(({ lease }) => meets(lease)).map(({ lease, why }) => entry(why, lease)),
      ...effects.freed
        .filter((lease) => meets(lease) && !lost.has(lease) && lease.reserved !== true)
        .map((lease) => entry(releaseEvent(record), lease)),
      ...effects.held.filter(meets).map((lease) => entry(holdEvent(record, state, lease), lease)),
    ],
  };
}

function releaseEvent(record: LockRecord): HistoryEntry['event'] {
  return record.op === 'transfer' ? 'transferred' : 'released';
}

function holdEvent(record: LockRecord, before: LockState, lease: Lease): HistoryEntry['event'] {
  if (record.op === 'release' && before.leases.of(lease.resource).some(({ token }) => token === lease.token))
    return 'released';
  return record.op === 'renew' ? 'renewed' : 'acquired';
}
