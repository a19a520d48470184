import { parseStatus, type Status } from '#protocol';

/** The status that a line says, with whatever stands around it: `ACTIVE - half way`, `🟢 active`, `BLOCKED (on types)`. */
export function readStatusWord(text: string): Status | undefined {
  const words = text.split(/\s+/u);
  return (
    parseStatus(text) ??
    parseStatus(words.slice(0, 2).join(' ')) ??
    words
      .slice(0, 2)
      .map(parseStatus)
      .find((status) => status !== undefined) ??
    parseStatus(/^[^-–—(,;:.|]*/u.exec(text)?.[0] ?? '')
  );
}
