import { parseBase, type LockState } from '../model/lock-state.ts';
import { createLog } from './create-log.ts';
import { epochOf, epochPath, recordIn, slotOf, slotPath, type LogPlace } from './layout.ts';
import { formatTooNew, logUnreadable, stepError } from './lock-error.ts';
import { foldSlot, type LogView } from './log-view.ts';
import { readClock, type Protocol, type ProtocolStep } from './protocol.ts';
import { snapshotIn, type Snapshot } from './snapshot.ts';

/** Each round is spoilt only by somebody else's progress, so this bound is never met by a working file system. */
export const MAX_ROUNDS = 1000;

/** Number of the newest epoch; makes the log when there is none at all. */
export function* newestEpoch(place: LogPlace): Protocol<number> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const step = { kind: 'list', path: place.log } as const;
    const answer = yield step;
    if (answer.code === 'ENOENT') {
      yield* createLog(place);
      continue;
    }
    if (answer.code !== '') throw stepError(step, answer);
    const epochs = (answer.names ?? []).flatMap((name) => epochOf(name) ?? []);
    if (epochs.length === 0) throw logUnreadable(place.log, 'it holds no epoch');
    return Math.max(...epochs);
  }
  throw logUnreadable(place.log, 'it vanishes as soon as it is made');
}

/**
 * An epoch from a late record that keeps the state it led to, or else from its base; later slots are still to be folded.
 * Nothing where it has not begun yet, or where two newer ones came meanwhile.
 */
export function* openEpoch(place: LogPlace, epoch: number): Protocol<LogView | undefined> {
  const step = { kind: 'list', path: epochPath(place, epoch) } as const;
  const answer = yield step;
  if (answer.code === 'ENOENT') return undefined;
  if (answer.code !== '') throw stepError(step, answer);
  // A listing may be old; but slots do not vanish one by one, so what it names is there, in whatever is this epoch.
  const newest = Math.max(0, ...(answer.names ?? []).map(slotOf));
  return (yield* openAtSnapshot(place, epoch, newest)) ?? (yield* openAtBase(place, epoch, newest > 0));
}

// Programs that stay keep no snapshots: behind more records of theirs than this the base is read.
const LOOK_BACK = 2;

function* openAtSnapshot(place: LogPlace, epoch: number, newest: number): Protocol<LogView | undefined> {
  if (newest < 2) return undefined;
  const { boot } = yield* readClock();
  for (let slot = newest; slot > 1 && slot > newest - LOOK_BACK; slot -= 1) {
    const text = yield* readKnownSlot(place, epoch, slot);
    const snapshot = snapshotIn(text ?? '', { epoch, slot, boot });
    if (text === undefined || snapshot === undefined) continue;
    // Written for this slot, but by a process that had slept and knew another log: then it builds on something else.
    const before = yield* readKnownSlot(place, epoch, slot - 1);
    if (recordIn(before ?? '', epoch, slot - 1) !== snapshot.ground) continue;
    const found = yield* stateOf(place, epoch, snapshot);
    if (found === undefined) continue;
    const lastText = recordIn(text, epoch, slot);
    return { epoch, slot, lastText, ...found, sealed: false, anchor: { epoch, slot, text: lastText } };
  }
  return undefined;
}

// The base is read after the slot, so that the slot's anchor proves that they belong together.
function* stateOf(
  place: LogPlace,
  epoch: number,
  { state: found }: Snapshot,
): Protocol<Pick<LogView, 'state' | 'isOnBase'> | undefined> {
  if (found.kind === 'whole') return { state: found.state };
  const base = parseBase((yield* readKnownSlot(place, epoch, 0)) ?? '');
  const state = base.kind === 'state' ? found.onBase(base.state) : undefined;
  return state === undefined ? undefined : { state, isOnBase: true };
}

// The first slot is read before the base: while it stands there, base and slots belong together.
function* openAtBase(place: LogPlace, epoch: number, hasSlots: boolean): Protocol<LogView | undefined> {
  const first = hasSlots ? yield* readKnownSlot(place, epoch, 1) : undefined;
  const path = slotPath(place, epoch, 0);
  const answer = yield { kind: 'read', path };
  if (answer.code === 'ENOENT') return undefined;
  if (answer.code !== '') throw stepError({ kind: 'read', path }, answer);
  const text = answer.text ?? '';
  const base = parseBase(text);
  if (base.kind === 'newer') throw formatTooNew(path, base.version);
  const state = base.kind === 'state' ? base.state : yield* rebuildBase(place, epoch);
  const bare = { ...bareView(epoch, text, state), isOnBase: base.kind === 'state' };
  if (first === undefined) return bare;
  const lastText = recordIn(first, epoch, 1);
  const anchor = { epoch, slot: 1, text: lastText };
  const { boot } = yield* readClock();
  const snapshot = snapshotIn(first, { epoch, slot: 1, boot });
  if (snapshot?.ground === text && snapshot.state.kind === 'whole')
    return { ...bare, slot: 1, lastText, state: snapshot.state.state, anchor, isOnBase: false };
  return { ...foldSlot(bare, lastText, slotPath(place, epoch, 1)), anchor };
}

// What an epoch begins with, by the text of its base.
function bareView(epoch: number, text: string, state: LockState): LogView {
  return { epoch, slot: 0, lastText: '', state, sealed: false, anchor: { epoch, slot: 0, text } };
}

// A base that a crash of the machine left unreadable is what the epoch before it, which is always kept, amounts to.
function* rebuildBase(place: LogPlace, epoch: number): Protocol<LockState> {
  const { text = '' } = yield { kind: 'read', path: slotPath(place, epoch - 1, 0) };
  const base = parseBase(text);
  if (base.kind !== 'state')
    throw logUnreadable(place.log, `neither base of the last two epochs is readable`);
  const view = yield* foldSlots(place, bareView(epoch - 1, text, base.state));
  if (!view.sealed) throw logUnreadable(place.log, 'an epoch follows one that was never sealed');
  return view.state;
}

/** Folds slots until the next one is missing or the epoch is sealed. */
export function* foldSlots(place: LogPlace, from: LogView): Protocol<LogView> {
  let view = from;
  while (!view.sealed) {
    const { epoch } = view;
    const slot = view.slot + 1;
    const text = yield* readSlot(place, epoch, slot);
    if (text === undefined) return view;
    view = foldSlot(view, recordIn(text, epoch, slot), slotPath(place, epoch, slot));
  }
  return view;
}

/** The file of a slot that was there before, or that the listing names; nothing where it is missing all the same. */
export function* readKnownSlot(place: LogPlace, epoch: number, slot: number): Protocol<string | undefined> {
  return yield* textOf({ kind: 'read', path: slotPath(place, epoch, slot), isExpected: true });
}

/** The file of a slot; nothing where it is missing. */
export function* readSlot(place: LogPlace, epoch: number, slot: number): Protocol<string | undefined> {
  return yield* textOf({ kind: 'read', path: slotPath(place, epoch, slot) });
}

function* textOf(step: ProtocolStep & { readonly kind: 'read' }): Protocol<string | undefined> {
  const answer = yield step;
  if (answer.code === 'ENOENT') return undefined;
  if (answer.code !== '') throw stepError(step, answer);
  return answer.text ?? '';
}
