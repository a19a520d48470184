import { join } from 'node:path';
import { isSquadError } from '#protocol';
import { apply, type Applied } from '../model/apply.ts';
import type { LockState } from '../model/lock-state.ts';
import type { Moment } from '../model/moment.ts';
import { encodeRecord, type LockRecord } from '../model/record.ts';
import { epochName, recordIn, slotName, slotPath, type LogPlace } from './layout.ts';
import { logRestless, stepError, unsureError } from './lock-error.ts';
import { anchoredAtEnd, type Anchor, type LogView } from './log-view.ts';
import { discardPage, writeLine, type LogWriter } from './page.ts';
import { makeId, readClock, type Protocol } from './protocol.ts';
import { readSlot } from './open-epoch.ts';
import { advance, prove } from './read-log.ts';
import { renderSnapshot } from './snapshot.ts';
import { packPath } from './tidy-log.ts';

/** What the writer of a record sees of the log before it writes. */
export interface Before {
  readonly state: LockState;
  readonly now: Moment;
  /** Id that the record must carry. */
  readonly id: string;
}

/** A record, and what it makes of the state that it was decided on. */
export interface Prepared {
  readonly record: LockRecord;
  readonly applied: Applied;
}

/** A decision taken on the state as it is: a record to append, or nothing, because it would change nothing. */
export type Decide<T> = (
  before: Before,
) => Protocol<({ readonly kind: 'append' } & Prepared) | { readonly kind: 'answer'; readonly value: T }>;

/** How an append ended. */
export type Appended<T> =
  | ({ readonly kind: 'committed'; readonly view: LogView; readonly before: LockState } & Prepared)
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
      view = yield* prove(place, view);
      if (view !== undefined) return { kind: 'answered', view, value: decision.value };
      continue;
    }
    const text = encodeRecord(decision.record);
    const link = yield* linkNext(writer, view, { text, ...decision });
    if (link === 'lost') continue;
    if (link !== 'gone' && (yield* orUnsure(isInLog(place, view, text))))
      return yield* committed(writer, view, { text, ...decision });
    view = undefined;
  }
  throw logRestless(place.log);
}

interface Line extends Prepared {
  readonly text: string;
}

// What was decided on is what was before the slot that was won: what the record makes of it is known already.
function* committed<T>(writer: LogWriter, view: LogView, line: Line): Protocol<Appended<T>> {
  const { record, applied, text } = line;
  const own = anchoredAtEnd(after(view, line));
  const isFull = own.slot >= writer.place.epochSize || text.length > LARGE_RECORD;
  const next = isFull ? yield* sealIfPossible(writer, own, record) : own;
  return { kind: 'committed', view: next, before: view.state, record, applied };
}

function after(view: LogView, { text, applied }: Line): LogView {
  return { ...view, slot: view.slot + 1, lastText: text, state: applied.state };
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
  const line = { record, text: encodeRecord(record), applied: apply(view.state, record) };
  if ((yield* linkNext(writer, view, line)) !== 'won') return view;
  return yield* advance(writer.place, { ...after(view, line), sealed: true });
}

/** `won`: the slot is ours. `lost`: somebody else's record is there. `gone`: the epoch was archived before. `unknown`: after. */
function* linkNext(
  writer: LogWriter,
  view: LogView,
  line: Line,
): Protocol<'won' | 'lost' | 'gone' | 'unknown'> {
  const { place } = writer;
  const at = { epoch: view.epoch, slot: view.slot + 1 };
  const { text } = line;
  const from = yield* writeLine(writer, at, text + snapshotBehind(writer, view, line));
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
  if ((yield* orUnsure(prove(place, view))) !== undefined) throw stepError(link, linked);
  return 'unknown';
}

// Behind a seal it would never be looked for: the next epoch has a base.
function snapshotBehind(writer: LogWriter, view: LogView, { record, applied }: Line): string {
  if (writer.keepsState === undefined || record.op === 'seal') return '';
  return renderSnapshot(view, applied.state, { boot: record.at.boot, wholeUpTo: writer.keepsState });
}

// Once the link was tried, what cannot be read leaves open whether the change was made.
function* orUnsure<T>(look: Protocol<T>): Protocol<T> {
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

// After a link: it went into the true epoch, not into one that was archived and brought back meanwhile. Where the log has
// moved on since, that must hold for the record and for what the decision was based on.
function* isInLog(place: LogPlace, view: LogView, text: string): Protocol<boolean> {
  if ((yield* prove(place, view)) !== undefined) return true;
  const own = { epoch: view.epoch, slot: view.slot + 1, text };
  return (yield* isKept(place, own)) && (yield* isKept(place, view.anchor));
}

// An epoch that is in the archive is only there; one that is not there yet was the true one until now.
function* isKept(place: LogPlace, { epoch, slot, text }: Anchor): Protocol<boolean> {
  const holds = (file: string): boolean => (slot === 0 ? file : recordIn(file, epoch, slot)) === text;
  const atPlace = yield* readSlot(place, epoch, slot);
  const archived = yield { kind: 'read', path: join(place.archive, epochName(epoch), slotName(slot)) };
  if (archived.code === '') return holds(archived.text ?? '');
  const pack = yield { kind: 'read', path: packPath(place, epoch) };
  if (pack.code === '') return `\n${pack.text ?? ''}`.includes(`\n${JSON.stringify(text)}\n`);
  return atPlace !== undefined && holds(atPlace);
}
