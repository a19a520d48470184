import { apply, skip } from '../model/apply.ts';
import type { LockState } from '../model/lock-state.ts';
import { decodeSlot } from '../model/record.ts';
import { formatTooNew } from './lock-error.ts';

/** What one process knows of the log: the fold of an epoch up to a slot. */
export interface LogView {
  readonly epoch: number;
  /** The last slot folded; 0 is the base alone. */
  readonly slot: number;
  /** Exact text of the record in that slot. */
  readonly lastText: string;
  readonly state: LockState;
  readonly sealed: boolean;
  readonly anchor: Anchor;
  /** Whether the table began with the base of this very epoch. */
  readonly isOnBase?: boolean;
}

/**
 * A slot as it was found, before anything else in the view was read or when all of that was proven. While it still stands
 * there, the folder is the one that was read: an epoch that was archived and brought back by a process that slept, or one
 * of a log that was deleted and begun anew, holds other records. Slot 0 stands for the base, which such a folder may share.
 */
export interface Anchor {
  readonly epoch: number;
  readonly slot: number;
  readonly text: string;
}

/** The same view, anchored at its last slot: for a view that was just proven. */
export function anchoredAtEnd(view: LogView): LogView {
  const { epoch, slot, lastText } = view;
  return slot === 0 ? view : { ...view, anchor: { epoch, slot, text: lastText } };
}

/** The view after one more slot. */
export function foldSlot(view: LogView, text: string, path: string): LogView {
  const slot = view.slot + 1;
  const reading = decodeSlot(text);
  if (reading.kind === 'newer') throw formatTooNew(path, reading.version);
  if (reading.kind === 'unusable') return { ...view, slot, lastText: text, state: skip(view.state) };
  const { state } = apply(view.state, reading.record);
  return { ...view, slot, lastText: text, state, sealed: reading.record.op === 'seal' };
}
