import { dirname, join } from 'node:path';
import { renderBase } from '../model/lock-state.ts';
import { tokenMarkPath } from './create-log.ts';
import { epochName, epochOf, slotName, type LogPlace } from './layout.ts';
import { stepError } from './lock-error.ts';
import { makeId, type Protocol } from './protocol.ts';
import { packArchive, sweepLitter } from './tidy-log.ts';
import type { LogView } from './read-log.ts';

/**
 * Begins the epoch after a sealed one: everybody computes the same base, and renames a finished folder to its place;
 * the first wins, the others find it there. Returns the view of the new epoch, or `undefined` to look anew.
 */
export function* rollEpoch(place: LogPlace, sealed: LogView): Protocol<LogView | undefined> {
  const epoch = sealed.epoch + 1;
  const folder = join(place.temporary, yield* makeId());
  const made = yield { kind: 'makeFolder', path: folder };
  if (made.code !== '') throw stepError({ kind: 'makeFolder', path: folder }, made);
  const create = { kind: 'create', path: join(folder, slotName(0)), text: renderBase(sealed.state) } as const;
  const created = yield create;
  if (created.code !== '') {
    yield { kind: 'removeFolder', path: folder };
    throw stepError(create, created);
  }
  const rename = { kind: 'rename', from: folder, to: join(place.log, epochName(epoch)) } as const;
  const renamed = yield rename;
  if (renamed.code !== '') {
    yield { kind: 'removeFolder', path: folder };
    // Some file systems have no word for "somebody was first": then the epoch that is there tells.
    const isKnown = ['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(renamed.code);
    if (!isKnown && (yield { kind: 'list', path: rename.to }).code !== '') throw stepError(rename, renamed);
    return undefined;
  }
  yield* noteToken(place, sealed.state.nextToken);
  yield* archiveOld(place);
  yield* packArchive(place, epoch);
  yield* sweepLitter(place);
  // Another helper may have won long ago and this one slept: only the listing knows.
  return undefined;
}

// Far ahead, so that few epochs write it: to put a file in the place of another makes some file systems write to the disk.
const TOKENS_AHEAD = 1_048_576;

function* noteToken(place: LogPlace, nextToken: number): Protocol<void> {
  const path = tokenMarkPath(place);
  const known = yield { kind: 'read', path };
  if (known.code === '' && Number(known.text) - nextToken > TOKENS_AHEAD / 2) return;
  const temporary = join(place.temporary, yield* makeId());
  const created = yield { kind: 'create', path: temporary, text: `${nextToken + TOKENS_AHEAD}\n` };
  if (created.code !== '') return;
  yield { kind: 'makeFolder', path: dirname(path) };
  const renamed = yield { kind: 'rename', from: temporary, to: path };
  if (renamed.code !== '') yield { kind: 'remove', path: temporary };
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
