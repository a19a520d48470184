import { join } from 'node:path';
import { epochName, epochOf, slotName, type LogPlace } from '../log/layout.ts';
import { drive } from '../log/drive.ts';
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
  const name = requireResource(resource);
  return drive(readHistory(desk.place, name), desk.world);
}

function* readHistory(place: LogPlace, name: string): Protocol<HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  for (const folder of yield* epochFolders(place)) {
    let state = yield* readBase(folder);
    for (let slot = 1; state !== undefined; slot += 1) {
      const { code, text } = yield { kind: 'read', path: join(folder, slotName(slot)) };
      if (code !== '') break;
      const step = replay(state, text ?? '', name);
      entries.push(...step.entries);
      state = step.state;
    }
  }
  return entries;
}

function* epochFolders(place: LogPlace): Protocol<string[]> {
  const folders: [number, string][] = [];
  for (const parent of [place.archive, place.log]) {
    const { names } = yield { kind: 'list', path: parent };
    for (const name of names ?? []) {
      const epoch = epochOf(name);
      if (epoch !== undefined) folders.push([epoch, join(parent, epochName(epoch))]);
    }
  }
  return folders.sort(([a], [b]) => a - b).map(([, folder]) => folder);
}

function* readBase(folder: string): Protocol<LockState | undefined> {
  const { code, text } = yield { kind: 'read', path: join(folder, slotName(0)) };
  const base = code === '' ? parseBase(text ?? '') : undefined;
  return base?.kind === 'state' ? base.state : undefined;
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
        .filter((lease) => meets(lease) && !lost.has(lease))
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
