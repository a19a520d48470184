import { join } from 'node:path';
import { renderBase } from '../model/lock-state.ts';
import { epochName, epochOf, slotName, type LogPlace } from './layout.ts';
import { stepError } from './lock-error.ts';
import type { LogView } from './log-view.ts';
import { makeId, type Protocol } from './protocol.ts';
import { packArchive, sweepLitter } from './tidy-log.ts';
import { noteToken } from './token-mark.ts';

/**
 * Begins the epoch after a sealed one: everybody computes the same base, and renames a finished folder to its place;
 * the first wins, the others find it there.
 */
export function* rollEpoch(place: LogPlace, sealed: LogView): Protocol<void> {
  const epoch = sealed.epoch + 1;
  const folder = join(place.temporary, yield* makeId());
  const made = yield { kind: 'makeFolder', path: folder };
  if (made.code !== '') throw stepError({ kind: 'makeFolder', path: folder }, made);
  const create = { kind: 'create', path: join(folder, slotName(0)), text: renderBase(sealed.state) } as const;
  const created = yield create;
  if (created.code !== '') {
    yield { kind: 'removeFolder', path: folder };
    // Taken for litter by somebody whose clock is ahead: nothing was done yet, and others may have begun the epoch.
    if (created.code === 'ENOENT') return;
    throw stepError(create, created);
  }
  const rename = { kind: 'rename', from: folder, to: join(place.log, epochName(epoch)) } as const;
  const renamed = yield rename;
  if (renamed.code !== '') {
    yield { kind: 'removeFolder', path: folder };
    // Some file systems have no word for "somebody was first": then the epoch that is there tells.
    const isKnown = ['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(renamed.code);
    if (!isKnown && (yield { kind: 'list', path: rename.to }).code !== '') throw stepError(rename, renamed);
    return;
  }
  yield* noteToken(place, sealed.state.nextToken);
  yield* archiveOld(place);
  yield* packArchive(place, epoch);
  yield* sweepLitter(place);
}

// The two newest epochs stay: a process that slept in the older one must find it whole, or find it gone.
function* archiveOld(place: LogPlace): Protocol<void> {
  const { names } = yield { kind: 'list', path: place.log };
  const epochs = (names ?? []).flatMap((name) => epochOf(name) ?? []).sort((a, b) => a - b);
  for (const epoch of epochs.slice(0, -2)) {
    const name = epochName(epoch);
    const { code } = yield { kind: 'rename', from: join(place.log, name), to: join(place.archive, name) };
    if (code === 'ENOTEMPTY' || code === 'EEXIST') yield* discardRevenant(place, name);
  }
}

// An epoch that is archived already was made again by a helper that slept; its folder holds nothing but the base.
function* discardRevenant(place: LogPlace, name: string): Protocol<void> {
  const to = join(place.temporary, yield* makeId());
  const { code } = yield { kind: 'rename', from: join(place.log, name), to };
  if (code === '') yield { kind: 'removeFolder', path: to };
}
