import { consistsOf, isNameUnit, isVisible } from './characters.ts';

// What a terminal does not show as itself: control characters, and those that turn the direction of text or take no room.
const HIDDEN = String.raw`[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]`;

/** Text as one word of a POSIX shell, whatever it holds. */
export function shellWord(text: string): string {
  if (text !== '' && consistsOf(text, isPlain)) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** {@link shellWord} for a command that a person or an agent reads and pastes: what does not show is escaped, as bash reads it. */
export function pasteableWord(text: string): string {
  if (consistsOf(text, isVisible) || !hasHidden(text)) return shellWord(text);
  return `$'${escapeHidden(text.replaceAll(/['\\]/gu, '\\$&'))}'`;
}

/** True for text with characters that a terminal does not show as themselves. */
export function hasHidden(text: string): boolean {
  return new RegExp(HIDDEN, 'u').test(text);
}

/** Characters that a terminal does not show as themselves become `\x1b`, `\u202e` and the like. */
export function escapeHidden(text: string): string {
  return text.replaceAll(new RegExp(HIDDEN, 'gu'), (char) => {
    const point = char.codePointAt(0) ?? 0;
    if (point < 0x80) return `\\x${hex(point, 2)}`;
    return point > 0xffff ? `\\U${hex(point, 8)}` : `\\u${hex(point, 4)}`;
  });
}

function hex(point: number, width: number): string {
  return point.toString(16).padStart(width, '0');
}

function isPlain(unit: number): boolean {
  return isNameUnit(unit) || '@%+=:,/'.includes(String.fromCharCode(unit));
}
