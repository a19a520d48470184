import { dirname, join } from 'node:path';
import { emptyState, renderBase } from '../model/lock-state.ts';
import { epochName, slotName, type LogPlace } from './layout.ts';
import { squadDirGone, stepError } from './lock-error.ts';
import { makeId, type Protocol } from './protocol.ts';
import { firstToken } from './token-mark.ts';

const FOLDERS = ['archive', 'tmp', 'wake', 'shown', 'removing'];

/**
 * Makes the log in one step: a finished folder is renamed to its place, which fails if another process was first.
 * A log that exists is never begun anew, whatever its listing says; nor is one where `.squad/` itself was removed.
 */
export function* createLog(place: LogPlace): Protocol<void> {
  const squadDir = dirname(place.views);
  if ((yield { kind: 'list', path: squadDir }).code === 'ENOENT') throw squadDirGone(squadDir);
  const id = yield* makeId();
  const folder = join(place.views, `.new-${id}`);
  const epoch = join(folder, epochName(1));
  for (const path of [epoch, ...FOLDERS.map((name) => join(folder, name))]) {
    const step = { kind: 'makeFolder', path } as const;
    const answer = yield step;
    if (answer.code !== '') throw stepError(step, answer);
  }
  const nextToken = yield* firstToken(place, join(folder, 'tmp'));
  const create = {
    kind: 'create',
    path: join(epoch, slotName(0)),
    text: renderBase(emptyState(nextToken)),
  } as const;
  const created = yield create;
  if (created.code !== '') {
    yield { kind: 'removeFolder', path: folder };
    if (created.code === 'ENOENT') return;
    throw stepError(create, created);
  }
  const rename = { kind: 'rename', from: folder, to: place.log } as const;
  const renamed = yield rename;
  if (renamed.code === '') return;
  yield { kind: 'removeFolder', path: folder };
  const isThere = ['ENOTEMPTY', 'EEXIST'].includes(renamed.code);
  if (!isThere && (yield { kind: 'list', path: place.log }).code !== '') throw stepError(rename, renamed);
}
