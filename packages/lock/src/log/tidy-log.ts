import { join } from 'node:path';
import { epochName, epochOf, recordIn, slotName, type LogPlace } from './layout.ts';
import { processOfName } from './process-name.ts';
import { judge, makeId, readClock, type Protocol } from './protocol.ts';

/** Unfinished files older than this belong to nobody who still runs, or to somebody who will start again without them. */
export const LITTER_AGE_MS = 600_000;
const FORGOTTEN_MS = 86_400_000;

// Epochs this far behind the newest are packed; packs beyond the second number are removed, oldest first.
const UNPACKED_EPOCHS = 8;
const KEPT_EPOCHS = 2048;

/**
 * Removes what killed processes left behind: unfinished files older than an age, and wake files of waiters that are
 * gone. A process that slept and finds its file removed starts its attempt again; it never finds a part of it.
 */
export function* sweepLitter(place: LogPlace, olderThanMs: number = LITTER_AGE_MS): Protocol<void> {
  const now = yield* readClock();
  // Whose clock ran ahead left names of the future.
  const isOld = (name: string): boolean => Math.abs(now.wallMs - bornMs(name)) >= olderThanMs;
  const { names = [] } = yield { kind: 'list', path: place.temporary };
  for (const name of names.filter(isOld)) yield* discard(place, join(place.temporary, name));
  const views = yield { kind: 'list', path: place.views };
  for (const name of views.names ?? []) {
    if (name.startsWith('.new-') && isOld(name.slice('.new-'.length)))
      yield* discard(place, join(place.views, name));
  }
  const wakes = yield { kind: 'list', path: place.wake };
  for (const name of wakes.names ?? []) {
    const [owner = '', id = ''] = name.split('.');
    if (yield* isLeftBehind(owner, id)) yield { kind: 'remove', path: join(place.wake, name) };
  }
}

// Taken away in one step: whoever wakes up with a folder that is half removed must not put it in the place of an epoch.
function* discard(place: LogPlace, path: string): Protocol<void> {
  const taken = join(place.temporary, yield* makeId());
  const { code } = yield { kind: 'rename', from: path, to: taken };
  if (code === '') yield { kind: 'removeFolder', path: taken };
}

/**
 * Whether a file that bears a process's name and an id outlived its process: that is provably gone, or, where nobody can
 * tell (another sandbox), was not heard of for a day.
 */
export function* isLeftBehind(owner: string, id: string): Protocol<boolean> {
  const now = yield* readClock();
  const process = processOfName(owner, now);
  const life = process === undefined ? 'unknown' : yield* judge(process);
  return life === 'dead' || (life === 'unknown' && Math.abs(now.wallMs - bornMs(id)) >= FORGOTTEN_MS);
}

// The first ten characters of an id are its time (ULID).
function bornMs(id: string): number {
  const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  let ms = 0;
  for (const character of id.slice(0, 10)) {
    const digit = ALPHABET.indexOf(character);
    if (digit === -1) return Infinity;
    ms = ms * 32 + digit;
  }
  return ms;
}

/** Path of an epoch that is kept as one file: its base and each slot as a JSON string, a line each. */
export function packPath(place: LogPlace, epoch: number): string {
  return join(place.archive, `${epochName(epoch)}.ndjson`);
}

/** Makes one file of each archived epoch that is far behind, and drops the oldest beyond what is kept for history. */
export function* packArchive(place: LogPlace, newest: number): Protocol<void> {
  const { names = [] } = yield { kind: 'list', path: place.archive };
  const folders = names.flatMap((name) => epochOf(name) ?? []);
  for (const epoch of folders.filter((each) => each < newest - UNPACKED_EPOCHS).slice(0, 4))
    yield* pack(place, epoch);
  for (const name of names.filter((each) => each.endsWith('.ndjson'))) {
    const epoch = epochOf(name.slice(0, -'.ndjson'.length));
    if (epoch !== undefined && epoch < newest - KEPT_EPOCHS)
      yield { kind: 'remove', path: join(place.archive, name) };
  }
}

function* pack(place: LogPlace, epoch: number): Protocol<void> {
  const folder = join(place.archive, epochName(epoch));
  const lines: string[] = [];
  for (let slot = 0; ; slot += 1) {
    const { code, text } = yield { kind: 'read', path: join(folder, slotName(slot)) };
    if (code === 'ENOENT') break;
    if (code !== '') return;
    lines.push(JSON.stringify(slot === 0 ? (text ?? '') : recordIn(text ?? '', epoch, slot)));
  }
  if (lines.length === 0) return;
  const temporary = join(place.temporary, yield* makeId());
  const created = yield { kind: 'create', path: temporary, text: `${lines.join('\n')}\n` };
  const linked =
    created.code === '' ? yield { kind: 'link', from: temporary, to: packPath(place, epoch) } : created;
  yield { kind: 'remove', path: temporary };
  if (linked.code === '' || linked.code === 'EEXIST') yield { kind: 'removeFolder', path: folder };
}
