import { consistsOf, isVisible } from './characters.ts';

// C0 except tab and newline, DEL, C1, and what hides or disguises text: bidirectional marks and overrides, characters of no
// width, and the tag characters, which spell ASCII that nobody sees.
const UNPRINTABLE =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\u{e0000}-\u{e007f}]/gu;
// oxlint-disable-next-line no-control-regex
const ESCAPE_SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/gu;

/**
 * Text from files or agents made safe to print: terminal escape sequences and control characters are removed,
 * tabs and newlines kept.
 */
export function printable(text: string): string {
  if (consistsOf(text, isPlain)) return text;
  return text.replace(ESCAPE_SEQUENCE, '').replace(UNPRINTABLE, '');
}

/** Text on one line: every run of blanks as one space. */
export function oneLine(text: string): string {
  const isSpaced = consistsOf(text, isVisible) && !text.includes('  ');
  return (isSpaced ? text : text.replace(/\s+/gu, ' ')).trim();
}

function isPlain(unit: number): boolean {
  return isVisible(unit) || unit === 0x0a || unit === 0x09;
}

/** {@link printable} text on a single line, cut to `maxLength` with an ellipsis. */
export function printableLine(text: string, maxLength = 200): string {
  const line = oneLine(printable(text));
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1)}…`;
}
