import { dirname, join } from 'node:path';
import type { LogPlace } from './layout.ts';
import { makeId, type Protocol } from './protocol.ts';

// Far ahead, so that few epochs write it: to put a file in the place of another makes some file systems write to the disk.
const TOKENS_AHEAD = 1_048_576;

// Where the highest token that may have been given is noted, beside the log, so that deleting the log does not reset it.
function markPath(place: LogPlace): string {
  return join(place.views, '..', '.run', 'lock-token');
}

/** The first token of a new log: above all that an earlier one may have given. Notes that it may be given itself. */
export function* firstToken(place: LogPlace, temporaryFolder: string): Protocol<number> {
  const token = (yield* readMark(place)) + 1;
  yield* writeMark(place, token + TOKENS_AHEAD, temporaryFolder);
  return token;
}

/** Notes that tokens from this one on may be given, if that is not noted yet. */
export function* noteToken(place: LogPlace, nextToken: number): Protocol<void> {
  if ((yield* readMark(place)) - nextToken > TOKENS_AHEAD / 2) return;
  yield* writeMark(place, nextToken + TOKENS_AHEAD, place.temporary);
}

function* readMark(place: LogPlace): Protocol<number> {
  const { code, text } = yield { kind: 'read', path: markPath(place) };
  const mark = code === '' ? Number((text ?? '').trim()) : 0;
  return Number.isSafeInteger(mark) && mark > 0 ? mark : 0;
}

function* writeMark(place: LogPlace, mark: number, temporaryFolder: string): Protocol<void> {
  const path = markPath(place);
  const temporary = join(temporaryFolder, yield* makeId());
  const created = yield { kind: 'create', path: temporary, text: `${mark}\n` };
  if (created.code !== '') return;
  yield { kind: 'makeFolder', path: dirname(path) };
  const renamed = yield { kind: 'rename', from: temporary, to: path };
  if (renamed.code !== '') yield { kind: 'remove', path: temporary };
}
