import { join } from 'node:path';
import { isSquadError } from '#protocol';
import type { Applied } from '../model/apply.ts';
import type { LockState } from '../model/lock-state.ts';
import type { Moment } from '../model/moment.ts';
import type { LockRecord } from '../model/record.ts';
import { epochName, recordIn, slotName, slotPath, type LogPlace } from './layout.ts';
import { logRestless, stepError, unsureError } from './lock-error.ts';
import { discardPage, writeLine, type LogWriter } from './page.ts';
import { makeId, readClock, type Protocol } from './protocol.ts';
import { advance, foldSlot, isStillEpoch, newestEpoch, type LogView } from './read-log.ts';
import { packPath } from './tidy-log.ts';

/** What the writer of a record sees of the log before it writes. */
export interface Before {
  readonly state: LockState;
  readonly now: Moment;
  /** Id that the record must carry. */
  readonly id: string;
}

/** A decision taken on the state as it is: a record to append, or nothing, because it would change nothing. */
export type Decide<T> = (
  before: Before,
) => Protocol<
  { readonly kind: 'append'; readonly record: LockRecord } | { readonly kind: 'answer'; readonly value: T }
>;

/** How an append ended. */
export type Appended<T> =
  | {
      readonly kind: 'committed';
      readonly view: LogView;
      readonly before: LockState;
      readonly record: LockRecord;
      readonly applied: Applied;
    }
  | { readonly kind: 'answered'; readonly view: LogView; readonly value: T };

const MAX_ATTEMPTS = 10_000;

// A record of this many characters is dearer to replay at every cold start than a base, which is searched, not parsed.
const LARGE_RECORD = 16 * 1024;

/**
 * Decides on the newest state and commits the decision by compare-and-swap: the record is linked to the next free
 * slot, and whoever finds the slot taken reads what is there and decides again. Nothing that another process has
 * written is ever touched, so a pause or a crash between any two steps harms nobody.
 */
export function* append<T>(
  writer: LogWriter,
  known: LogView | undefined,
  decide: Decide<T>,
): Protocol<Appended<T>> {
  const { place } = writer;
  let view = known;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    view = yield* advance(place, view);
    const now = yield* readClock();
    const decision = yield* decide({ state: view.state, now, id: yield* makeId() });
    if (decision.kind === 'answer') {
      if (yield* isStillEpoch(place, view)) return { kind: 'answered', view, value: decision.value };
      view = undefined;
      continue;
    }
    const text = `${JSON.stringify(decision.record)}\n`;
    const link = yield* linkNext(writer, view, text);
    if (link === 'lost') continue;
    if (link === 'gone' || !(yield* orUnsure(isInLog(place, view, text)))) {
      view = undefined;
      continue;
    }
    return yield* committed(writer, view, decision.record, text);
  }
  throw logRestless(place.log);
}

function* committed<T>(
  writer: LogWriter,
  view: LogView,
  record: LockRecord,
  text: string,
): Protocol<Appended<T>> {
  const { place } = writer;
  const folded = foldSlot(view, text, slotPath(place, view.epoch, view.slot + 1));
  const { applied } = folded;
  if (applied === undefined) throw new Error(`a record this program wrote does not decode: ${text}`);
  const isFull = folded.view.slot >= place.epochSize || text.length > LARGE_RECORD;
  const next = isFull ? yield* sealIfPossible(writer, folded.view, record) : folded.view;
  return { kind: 'committed', view: next, before: view.state, record, applied };
}

// Whoever fills an epoch closes it; if that fails or is overtaken, the next append does. The record is committed all the same.
function* sealIfPossible(writer: LogWriter, view: LogView, last: LockRecord): Protocol<LogView> {
  try {
    return yield* seal(writer, view, last);
  } catch (error) {
    if (isSquadError(error, 'FILE_UNREADABLE', 'FILE_UNWRITABLE')) return view;
    throw error;
  }
}

function* seal(writer: LogWriter, view: LogView, last: LockRecord): Protocol<LogView> {
  const record: LockRecord = {
    v: 1,
    op: 'seal',
    id: yield* makeId(),
    agent: last.agent,
    at: yield* readClock(),
  };
  const text = `${JSON.stringify(record)}\n`;
  if ((yield* linkNext(writer, view, text)) !== 'won') return view;
  const path = slotPath(writer.place, view.epoch, view.slot + 1);
  return yield* advance(writer.place, foldSlot(view, text, path).view);
}

/** `won`: the slot is ours. `lost`: somebody else's record is there. `gone`: the epoch was archived before. `unknown`: after. */
function* linkNext(
  writer: LogWriter,
  view: LogView,
  text: string,
): Protocol<'won' | 'lost' | 'gone' | 'unknown'> {
  const { place } = writer;
  const at = { epoch: view.epoch, slot: view.slot + 1 };
  const from = yield* writeLine(writer, at, text);
  if (from === undefined) {
    yield* restoreFolder(place);
    return 'gone';
  }
  const link = { kind: 'link', from, to: slotPath(place, at.epoch, at.slot) } as const;
  const linked = yield link;
  if (linked.code === '') return 'won';
  if (linked.code !== 'EEXIST') yield* discardPage(writer);
  if (linked.code === 'ENOENT') return 'gone';
  // Whatever the error, only the slot tells whether the link was made: a reply can be lost.
  const found = yield { kind: 'read', path: link.to };
  if (found.code === '') return recordIn(found.text ?? '', at.epoch, at.slot) === text ? 'won' : 'lost';
  // Taken by a record that was archived since: read on, and find out.
  if (linked.code === 'EEXIST') return 'lost';
  // Nothing there, in the epoch that was meant: the error is the truth. Else only the archive can tell.
  if (yield* orUnsure(isStillEpoch(place, view))) throw stepError(link, linked);
  return 'unknown';
}

// Once the link was tried, what cannot be read leaves open whether the change was made.
function* orUnsure(look: Protocol<boolean>): Protocol<boolean> {
  try {
    return yield* look;
  } catch (error) {
    throw isSquadError(error, 'FILE_UNREADABLE') ? unsureError(error) : error;
  }
}

// The folder for unfinished files was removed by hand; if the whole log was, reading will make a new one.
function* restoreFolder(place: LogPlace): Protocol<void> {
  const { code } = yield { kind: 'list', path: place.log };
  if (code !== '') return;
  const step = { kind: 'makeFolder', path: place.temporary } as const;
  const answer = yield step;
  if (answer.code !== '') throw stepError(step, answer);
}

// After a link: it went into the true epoch, not into one that was archived and brought back meanwhile. With only the
// base to go by, the epoch must be one of the two newest, which are never archived. An epoch that was archived since
// holds the record in the archive, if it was true.
function* isInLog(place: LogPlace, view: LogView, text: string): Protocol<boolean> {
  const newest = view.slot === 0 ? yield* newestEpoch(place) : undefined;
  if (
    newest === undefined ? yield* isStillEpoch(place, view) : newest - view.epoch <= 1 && newest >= view.epoch
  )
    return true;
  const archived = join(place.archive, epochName(view.epoch), slotName(view.slot + 1));
  const found = yield { kind: 'read', path: archived };
  if (found.code === '') return recordIn(found.text ?? '', view.epoch, view.slot + 1) === text;
  const pack = yield { kind: 'read', path: packPath(place, view.epoch) };
  return pack.code === '' && (pack.text ?? '').includes(`\n${JSON.stringify(text)}\n`);
}
