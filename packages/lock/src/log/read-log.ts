import { join } from 'node:path';
import { apply, skip, type Applied } from '../model/apply.ts';
import { parseBase, type LockState } from '../model/lock-state.ts';
import { decodeSlot } from '../model/record.ts';
import { createLog } from './create-log.ts';
import { epochOf, recordIn, slotPath, type LogPlace } from './layout.ts';
import { formatTooNew, logRestless, logUnreadable, stepError } from './lock-error.ts';
import type { Protocol, ProtocolAnswer } from './protocol.ts';
import { rollEpoch } from './roll-log.ts';

/** What one process knows of the log: the fold of an epoch up to a slot. */
export interface LogView {
  readonly epoch: number;
  /** The last slot folded; 0 is the base alone. */
  readonly slot: number;
  /** Exact text of the record in that slot: proves later that the folder at this path is still this epoch. */
  readonly lastText: string;
  readonly state: LockState;
  readonly sealed: boolean;
}

// Each round is spoilt only by somebody else's progress, so this bound is never met by a working file system.
const MAX_ROUNDS = 1000;

/**
 * Folds whatever the log has beyond `known`, helping to roll a sealed epoch. The result was complete at some instant
 * if the next step that relies on it proves so: {@link isStillEpoch} after it, or a link that finds its slot free.
 */
export function* advance(place: LogPlace, known: LogView | undefined): Protocol<LogView> {
  let view = known;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    view ??= yield* openEpoch(place, yield* newestEpoch(place));
    if (view === undefined) continue;
    view = yield* foldSlots(place, view);
    if (!view.sealed) return view;
    // Begun already, as a rule. Whether it is the newest is proven later, as for any other reading.
    view = (yield* openEpoch(place, view.epoch + 1)) ?? (yield* rollEpoch(place, view));
  }
  throw logRestless(place.log);
}

/** The state of the log as it was at some instant during the call. */
export function* catchUp(place: LogPlace, known: LogView | undefined): Protocol<LogView> {
  let view = known;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    view = yield* advance(place, view);
    if (yield* isStillEpoch(place, view)) return view;
    view = undefined;
  }
  throw logRestless(place.log);
}

/**
 * Whether the folder at the epoch's path is still the one that was read. Its last folded slot must hold exactly what
 * was folded: an epoch that was archived, or brought back by a process that slept, lacks it. Slots never vanish one
 * by one, so what was absent before this call was absent from the true log. With nothing folded but the base, the
 * listing decides.
 */
export function* isStillEpoch(place: LogPlace, view: LogView): Protocol<boolean> {
  if (view.slot === 0) return (yield* newestEpoch(place)) === view.epoch;
  const step = { kind: 'read', path: slotPath(place, view.epoch, view.slot) } as const;
  const answer = yield step;
  if (answer.code !== '' && answer.code !== 'ENOENT') throw stepError(step, answer);
  return answer.code === '' && recordIn(answer.text ?? '', view.epoch, view.slot) === view.lastText;
}

/** Number of the newest epoch; makes the log when there is none at all. */
export function* newestEpoch(place: LogPlace): Protocol<number> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const step = { kind: 'list', path: place.log } as const;
    const answer = yield step;
    if (answer.code === '') return newestOf(place, answer);
    if (answer.code !== 'ENOENT') throw stepError(step, answer);
    yield* createLog(place);
  }
  throw logUnreadable(place.log, 'it vanishes as soon as it is made');
}

function newestOf(place: LogPlace, { names }: ProtocolAnswer): number {
  const epochs = (names ?? []).flatMap((name) => epochOf(name) ?? []);
  if (epochs.length === 0) throw logUnreadable(place.log, 'it holds no epoch');
  return Math.max(...epochs);
}

// Nothing where it has not begun yet, or where two newer ones came meanwhile.
function* openEpoch(place: LogPlace, epoch: number): Protocol<LogView | undefined> {
  const path = slotPath(place, epoch, 0);
  const answer = yield { kind: 'read', path };
  if (answer.code === 'ENOENT') return undefined;
  if (answer.code !== '') throw stepError({ kind: 'read', path }, answer);
  const base = parseBase(answer.text ?? '');
  if (base.kind === 'newer') throw formatTooNew(path, base.version);
  const state = base.kind === 'state' ? base.state : yield* rebuildBase(place, epoch);
  return { epoch, slot: 0, lastText: '', state, sealed: false };
}

// A base that a crash of the machine left unreadable is what the epoch before it, which is always kept, amounts to.
function* rebuildBase(place: LogPlace, epoch: number): Protocol<LockState> {
  const path = slotPath(place, epoch - 1, 0);
  const answer = yield { kind: 'read', path };
  const base = answer.code === '' ? parseBase(answer.text ?? '') : undefined;
  if (base?.kind !== 'state')
    throw logUnreadable(join(place.log), `neither base of the last two epochs is readable`);
  const first: LogView = { epoch: epoch - 1, slot: 0, lastText: '', state: base.state, sealed: false };
  const view = yield* foldSlots(place, first);
  if (!view.sealed) throw logUnreadable(place.log, 'an epoch follows one that was never sealed');
  return view.state;
}

/** Folds slots until the next one is missing or the epoch is sealed. */
export function* foldSlots(place: LogPlace, from: LogView): Protocol<LogView> {
  let view = from;
  while (!view.sealed) {
    const path = slotPath(place, view.epoch, view.slot + 1);
    const answer = yield { kind: 'read', path };
    if (answer.code === 'ENOENT') return view;
    if (answer.code !== '') throw stepError({ kind: 'read', path }, answer);
    const text = recordIn(answer.text ?? '', view.epoch, view.slot + 1);
    view = foldSlot(view, text, path).view;
  }
  return view;
}

/** The view after one more slot, with what the record in it did. */
export function foldSlot(
  view: LogView,
  text: string,
  path: string,
): { readonly view: LogView; readonly applied?: Applied } {
  const slot = view.slot + 1;
  const reading = decodeSlot(text);
  if (reading.kind === 'newer') throw formatTooNew(path, reading.version);
  if (reading.kind === 'unusable')
    return { view: { ...view, slot, lastText: text, state: skip(view.state) } };
  const applied = apply(view.state, reading.record);
  const sealed = reading.record.op === 'seal';
  return { view: { ...view, slot, lastText: text, state: applied.state, sealed }, applied };
}
