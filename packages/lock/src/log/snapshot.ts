import { parseBase, renderBase, type LockState } from '../model/lock-state.ts';
import { recordLine } from './layout.ts';
import type { LogView } from './log-view.ts';

// With its record it is read by one call, and rendering more than this would cost what a cold start saves.
const MAX_SNAPSHOT = 4096;

/**
 * The state that a record leads to, to stand behind it in its file: a cold start then need not fold what came before.
 * It names what it builds on, the record before or the base, by its text, and the boot in which it was written; nothing where
 * the state is too large. Known before the record is linked: if the slot is lost, nobody will look at it.
 */
export function renderSnapshot(before: LogView, after: LockState, boot: string): string {
  const ground = groundOf(before);
  if (boot === '' || ground === undefined || after.leases.weight > MAX_SNAPSHOT) return '';
  const body = ground + renderBase(after);
  return body.length > MAX_SNAPSHOT
    ? ''
    : `${snapshotLabel(before.epoch, before.slot + 1)}${ground.length} ${body.length} ${boot}\n${body}`;
}

// The base is at hand where it was just read.
function groundOf({ epoch, slot, lastText, anchor }: LogView): string | undefined {
  if (slot === 0) return anchor.slot === 0 && anchor.epoch === epoch ? anchor.text : undefined;
  return /^\{.*\n$/u.test(lastText) ? lastText : undefined;
}

/** A state found behind a record. */
interface Snapshot {
  /** Text of the record in the slot before, or of the base. */
  readonly ground: string;
  readonly state: LockState;
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
  const label = snapshotLabel(at.epoch, at.slot);
  if (line === undefined || !text.startsWith(label, line.end)) return undefined;
  const head = text.indexOf('\n', line.end);
  const [ground, length, boot] = text.slice(line.end + label.length, head).split(' ');
  const body = text.slice(head + 1, head + 1 + Number(length));
  if (boot !== at.boot || body.length !== Number(length)) return undefined;
  const base = parseBase(body.slice(Number(ground)));
  return base.kind === 'state' ? { ground: body.slice(0, Number(ground)), state: base.state } : undefined;
}

function snapshotLabel(epoch: number, slot: number): string {
  return `${epoch}/${slot}=`;
}
