import { rangeAt, type Range } from '#protocol';

/**
 * Where a setting such as `lock.ttl` stands in the file: its value, in block style each key on a line of its own; of a key
 * that is written otherwise, the nearest one around it. Nothing where not even that is found.
 */
export function placeOfSetting(text: string, setting: string): Range | undefined {
  const lines = text.split(/\r?\n/u);
  let place: Range | undefined;
  let next = 0;
  let depth = -1;
  for (const key of setting.replace(/\[\d+\]$/u, '').split('.')) {
    const found = findKey(lines, { key, from: next, deeperThan: depth });
    if (found === undefined) return place;
    const { index, indent, column, length } = found;
    place = rangeAt(index + 1, column, length);
    next = index + 1;
    depth = indent;
  }
  return place;
}

interface KeyPlace {
  readonly index: number;
  readonly indent: number;
  readonly column: number;
  readonly length: number;
}

function findKey(
  lines: readonly string[],
  { key, from, deeperThan }: { readonly key: string; readonly from: number; readonly deeperThan: number },
): KeyPlace | undefined {
  for (let index = from; index < lines.length; index += 1) {
    const [, space = '', name = '', gap = '', value = ''] =
      /^( *)(['"]?[^\s:#'"][^:#'"]*['"]?)(\s*:\s*)(.*?)\s*(?:\s#.*)?$/u.exec(lines[index] ?? '') ?? [];
    if (name === '') continue;
    if (space.length <= deeperThan) return undefined;
    if (name.replace(/^['"]|['"]$/gu, '') !== key) continue;
    const column = value === '' ? space.length + 1 : space.length + name.length + gap.length + 1;
    return { index, indent: space.length, column, length: (value === '' ? name : value).length };
  }
  return undefined;
}
