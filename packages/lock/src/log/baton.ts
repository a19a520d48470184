import { parseBase, renderBase } from '../model/lock-state.ts';
import type { Protocol } from './protocol.ts';
import type { LogView } from './log-view.ts';

// Above this a waiter is only woken, and reads the log itself.
const MAX_BATON = 65_536;

/**
 * Wakes a waiter by writing into its file what the log amounts to: it then need not fold what was written while it slept.
 * A baton is a view like one that the waiter had read itself: it may be old, and is proven against the log like any
 * other before anything is decided on it.
 */
export function* passBaton(paths: readonly string[], view: LogView): Protocol<void> {
  if (paths.length === 0) return;
  const text = view.state.leases.weight > MAX_BATON ? '' : encodeBaton(view);
  for (const path of paths) {
    if (text === '' || text.length > MAX_BATON) yield { kind: 'touch', path };
    else yield { kind: 'overwrite', path, text };
  }
}

/** The newer of the view that was left in a wake file, if it is whole, and the one that is known. */
export function* takeBaton(
  path: string,
  known: LogView | undefined,
): Protocol<{ readonly view: LogView | undefined; readonly isThere: boolean }> {
  const { code, text = '' } = yield { kind: 'read', path, isExpected: true };
  const found = decodeBaton(text);
  const isNewer =
    known === undefined ||
    (found !== undefined &&
      (found.epoch > known.epoch || (found.epoch === known.epoch && found.slot > known.slot)));
  return { view: isNewer ? found : known, isThere: code !== 'ENOENT' };
}

// Who reads it begins with the whole table: of whether it is on the epoch's base nothing is said.
function encodeBaton({ epoch, slot, lastText, sealed, anchor, state }: LogView): string {
  const body = `${JSON.stringify({ epoch, slot, lastText, sealed, anchor })}\n${renderBase(state)}`;
  return `${body.length} ${sumOf(body)} ${body}`;
}

// Two writers, one of whom slept, may leave parts of both: the sum tells.
function decodeBaton(text: string): LogView | undefined {
  const frame = /^(\d+) (\d+) /u.exec(text);
  if (frame === null) return undefined;
  const body = text.slice(frame[0].length, frame[0].length + Number(frame[1]));
  if (body.length !== Number(frame[1]) || sumOf(body) !== Number(frame[2])) return undefined;
  const end = body.indexOf('\n');
  const base = parseBase(body.slice(end + 1));
  if (base.kind !== 'state') return undefined;
  return { ...(JSON.parse(body.slice(0, end)) as Omit<LogView, 'state'>), state: base.state };
}

// FNV-1a.
function sumOf(text: string): number {
  let sum = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193);
  return sum >>> 0;
}
