import type { TextChange } from '#ownership';
import type { TextEdit } from '../hook/text-edits.ts';

/**
 * What edits make of a text; `undefined` when one of them does not stand in it exactly once (or, where it is meant for
 * every place, at all): then the client finds a place of its own, which only the commit can judge.
 */
export function changeBy(before: string | undefined, edits: readonly TextEdit[]): TextChange | undefined {
  if (edits.length === 0) return undefined;
  // Clients find `\n` in files with `\r\n`.
  let after = before?.replaceAll('\r\n', '\n');
  for (const edit of edits) {
    const done = applyEdit(after, edit);
    if (done === undefined) return undefined;
    after = done.text;
  }
  return { before: before?.replaceAll('\r\n', '\n'), after };
}

function applyEdit(
  text: string | undefined,
  edit: TextEdit,
): { readonly text: string | undefined } | undefined {
  if (edit.kind === 'whole') return { text: edit.text?.replaceAll('\r\n', '\n') };
  const from = edit.from.replaceAll('\r\n', '\n');
  const to = edit.to.replaceAll('\r\n', '\n');
  const at = text?.indexOf(from) ?? -1;
  if (text === undefined || from === '' || at === -1) return undefined;
  if (edit.isEvery) return { text: text.split(from).join(to) };
  if (text.includes(from, at + 1)) return undefined;
  return { text: text.slice(0, at) + to + text.slice(at + from.length) };
}
