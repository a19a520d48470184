import { parseBase, parseChanges, renderBase, renderChanges, type LockState } from '../model/lock-state.ts';
import { recordLine } from './layout.ts';
import type { LogView } from './log-view.ts';

/** Rendering more characters than this would cost what a cold start saves. */
export const MAX_SNAPSHOT = 4096;
const MAX_CHANGED = 24;

/**
 * The state that a record leads to, to stand behind it in its file: a cold start then need not fold what came before.
 * Of a large table only what differs from the epoch's base. It names what it builds on, the record before or the base, by its
 * text, and the boot in which it was written; nothing where even that is too large. Known before the record is linked: if the
 * slot is lost, nobody will look at it.
 */
export function renderSnapshot(
  before: LogView,
  after: LockState,
  { boot, wholeUpTo }: { readonly boot: string; readonly wholeUpTo: number },
): string {
  const ground = groundOf(before);
  if (boot === '' || ground === undefined) return '';
  const found = renderState(before, after, wholeUpTo);
  if (found === undefined) return '';
  const { mark, text } = found;
  const length = ground.length + text.length;
  if (length > MAX_SNAPSHOT) return '';
  return `${snapshotLabel(before.epoch, before.slot + 1, mark)}${ground.length} ${length} ${boot}\n${ground}${text}`;
}

const WHOLE = '=';
const CHANGES = '+';

function renderState(
  { isOnBase }: LogView,
  after: LockState,
  wholeUpTo: number,
): { readonly mark: string; readonly text: string } | undefined {
  if (after.leases.weight <= wholeUpTo) return { mark: WHOLE, text: renderBase(after) };
  const isWorthIt = isOnBase === true && after.leases.changes.size <= MAX_CHANGED;
  return isWorthIt ? { mark: CHANGES, text: renderChanges(after) } : undefined;
}

// The base is at hand where it was just read.
function groundOf({ epoch, slot, lastText, anchor }: LogView): string | undefined {
  if (slot === 0) return anchor.slot === 0 && anchor.epoch === epoch ? anchor.text : undefined;
  const isLine = lastText.startsWith('{') && lastText.indexOf('\n') === lastText.length - 1;
  return isLine ? lastText : undefined;
}

/** A state found behind a record. */
export interface Snapshot {
  /** Text of the record in the slot before, or of the base. */
  readonly ground: string;
  /** The state, given what the epoch's base is if only what differs from it was written. */
  readonly state:
    | { readonly kind: 'whole'; readonly state: LockState }
    | { readonly kind: 'changes'; readonly onBase: (base: LockState) => LockState | undefined };
}

/**
 * The snapshot behind the record of a slot. One of another boot is passed over, since only a crash of the machine can leave
 * a part of it.
 */
export function snapshotIn(
  text: string,
  at: { readonly epoch: number; readonly slot: number; readonly boot: string },
): Snapshot | undefined {
  const line = recordLine(text, at.epoch, at.slot);
  if (line === undefined) return undefined;
  const mark = [WHOLE, CHANGES].find((each) =>
    text.startsWith(snapshotLabel(at.epoch, at.slot, each), line.end),
  );
  if (mark === undefined) return undefined;
  const head = text.indexOf('\n', line.end);
  const [ground, length, boot] = text.slice(text.indexOf(mark, line.end) + 1, head).split(' ');
  const body = text.slice(head + 1, head + 1 + Number(length));
  if (boot !== at.boot || body.length !== Number(length)) return undefined;
  const state = stateIn(body.slice(Number(ground)), mark);
  return state === undefined ? undefined : { ground: body.slice(0, Number(ground)), state };
}

function stateIn(text: string, mark: string): Snapshot['state'] | undefined {
  if (mark === CHANGES) return { kind: 'changes', onBase: (base) => parseChanges(text, base) };
  const reading = parseBase(text);
  return reading.kind === 'state' ? { kind: 'whole', state: reading.state } : undefined;
}

function snapshotLabel(epoch: number, slot: number, mark: string): string {
  return `${epoch}/${slot}${mark}`;
}
