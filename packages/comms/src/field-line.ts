import { lazily } from '#protocol';

/** A line read as `Label: value`. */
export interface FieldLine {
  readonly label: string;
  readonly value: string;
  readonly isBullet: boolean;
}

const LABEL = String.raw`[A-Za-z][A-Za-z0-9 _-]{0,40}?`;
const BULLET = String.raw`(?:[-*+•]|\d{1,2}[.)])\s+`;
// `**Label:** value`, `**Label**: value`, `__Label__: value`, `Label: value`; also `=` and the full-width colon.
const forms = lazily<readonly RegExp[]>(() => [
  new RegExp(`^(${BULLET})?[*_]{2}(${LABEL})\\s*[:：][*_]{2}\\s*([^\\n]*)$`, 'u'),
  new RegExp(`^(${BULLET})?[*_\`]{1,2}(${LABEL})[*_\`]{1,2}\\s*[:：=]\\s*([^\\n]*)$`, 'u'),
  new RegExp(`^(${BULLET})?(${LABEL})\\s*[:：=](?:\\s+([^\\n]*))?$`, 'u'),
  new RegExp(`^(${BULLET})?(${LABEL})[:：]([^\\s/\\\\:][^\\n]*)$`, 'u'),
]);
const row = lazily(
  () => new RegExp(`^\\|\\s*[*_]{0,2}(${LABEL})[*_]{0,2}\\s*\\|\\s*([^|\\n]*?)\\s*\\|$`, 'u'),
);

/** Reads a field as agents write it, or `undefined`. The line bears no indentation. */
export function matchFieldLine(line: string): FieldLine | undefined {
  for (const form of forms()) {
    const match = form.exec(line);
    if (match === null) continue;
    return {
      label: match[2]?.trim() ?? '',
      value: (match[3] ?? '').trim(),
      isBullet: match[1] !== undefined,
    };
  }
  const cells = row().exec(line);
  return cells === null ? undefined : { label: cells[1] ?? '', value: cells[2] ?? '', isBullet: false };
}

/** The text of a list item without its bullet or checkbox. */
export function withoutBullet(line: string): string {
  return line
    .trim()
    .replace(new RegExp(`^${BULLET}`, 'u'), '')
    .replace(/^\[[ xX]\]\s+/u, '');
}
