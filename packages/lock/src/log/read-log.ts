import { recordIn, type LogPlace } from './layout.ts';
import { logRestless } from './lock-error.ts';
import { anchoredAtEnd, type LogView } from './log-view.ts';
import { foldSlots, MAX_ROUNDS, newestEpoch, openEpoch, readKnownSlot } from './open-epoch.ts';
import type { Protocol } from './protocol.ts';
import { rollEpoch } from './roll-log.ts';

/**
 * Folds whatever the log has beyond `known`, helping to roll a sealed epoch. The result was complete at some instant
 * if the next step that relies on it proves so: {@link prove} after it, or after a link that finds its slot free.
 */
export function* advance(place: LogPlace, known: LogView | undefined): Protocol<LogView> {
  let view = known;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    view = view === undefined ? yield* openNewest(place) : yield* catchFolder(place, view);
    if (view === undefined) continue;
    if (!view.sealed) return view;
    view = yield* enterNext(place, view);
  }
  throw logRestless(place.log);
}

// An anchor must stand in an epoch that was never archived: the second listing tells. A base is listed whenever it is proven.
function* openNewest(place: LogPlace): Protocol<LogView | undefined> {
  const epoch = yield* newestEpoch(place);
  const view = yield* openEpoch(place, epoch);
  if (view === undefined) return undefined;
  if (view.slot > 0 && (yield* newestEpoch(place)) > epoch + 1) return undefined;
  return yield* catchFolder(place, view);
}

// Nothing is folded onto a base that was read earlier and has no record to show that it is still the same.
function* catchFolder(place: LogPlace, view: LogView): Protocol<LogView | undefined> {
  const next = yield* foldSlots(place, view);
  return view.anchor.slot === 0 && next.slot > 0 ? undefined : next;
}

// The next epoch has begun already, as a rule. What is proven of the one before anchors it, and is all its base is made of.
function* enterNext(place: LogPlace, sealed: LogView): Protocol<LogView | undefined> {
  const proven = yield* prove(place, sealed);
  if (proven === undefined) return undefined;
  const next = yield* openEpoch(place, proven.epoch + 1);
  if (next !== undefined) return { ...next, anchor: proven.anchor };
  yield* rollEpoch(place, proven);
  return proven;
}

/** The state of the log as it was at some instant during the call. */
export function* catchUp(place: LogPlace, known: LogView | undefined): Protocol<LogView> {
  let view = known;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    view = yield* prove(place, yield* advance(place, view));
    if (view !== undefined) return view;
  }
  throw logRestless(place.log);
}

/**
 * The view, if all of it came from the true log: its anchor still stands where it was found. An epoch is archived
 * only when two newer ones have begun, so an anchor in the epoch before is as good. Slots never vanish one by one, so
 * what was absent before this call was absent from the true log. With nothing but a base to go by, the listing decides.
 */
export function* prove(place: LogPlace, view: LogView): Protocol<LogView | undefined> {
  const { epoch, slot, text } = view.anchor;
  const found = yield* readKnownSlot(place, epoch, slot);
  if (found === undefined) return undefined;
  if (slot > 0) return recordIn(found, epoch, slot) === text ? anchoredAtEnd(view) : undefined;
  return found === text && (yield* newestEpoch(place)) <= epoch + 1 ? view : undefined;
}
