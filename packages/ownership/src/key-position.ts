import { rangeAt, type Range } from '#protocol';

/** Where a top-level key stands in a YAML text, with or without its leading `/`; quotes around it are understood. */
export function keyRange(text: string, key: string): Range | undefined {
  const lines = text.split('\n');
  const index = lines.findIndex((line) => isKey(keyOf(line), key));
  return index === -1 ? undefined : rangeAt(index + 1, 1, keyOf(lines[index] ?? '')?.length);
}

/** Where a field of a top-level key stands: on the key's line or below it; else where the key stands. */
export function fieldRange(text: string, key: string, field: string): Range | undefined {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => isKey(keyOf(line), key));
  if (start === -1) return undefined;
  const name = new RegExp(`(?:^|[\\s{,])(${field})["']?\\s*:`, 'u');
  for (let index = start; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (index > start && keyOf(line) !== undefined) break;
    const found = name.exec(line);
    if (found !== null) return rangeAt(index + 1, line.indexOf(field, found.index) + 1, field.length);
  }
  return keyRange(text, key);
}

function isKey(found: string | undefined, key: string): boolean {
  if (found === undefined) return false;
  const bare = /^(["']).*\1$/u.test(found) ? found.slice(1, -1) : found;
  return bare === key || `/${bare}` === key;
}

function keyOf(line: string): string | undefined {
  return /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#][^#]*?)\s*:(?:\s|$)/u.exec(line)?.[1];
}
