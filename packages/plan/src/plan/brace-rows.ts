import type { Labelled } from './prefix-rows.ts';

const MOST_NAMES = 8;

/** Rows of single files put together where they lie in one folder and have one owner: `src/{a,b}.ts`-like, eight names a row. */
export function braceRows(
  rows: readonly Labelled[],
  escape: (name: string) => string,
): readonly (Labelled & { readonly isPattern: boolean })[] {
  const folders = new Map<string, Labelled[]>();
  const result: (Labelled & { readonly isPattern: boolean })[] = [];
  for (const row of rows) {
    if (row.path.endsWith('/')) {
      result.push({ ...row, isPattern: false });
      continue;
    }
    const key = `${row.path.slice(0, row.path.lastIndexOf('/') + 1)}\0${row.label}`;
    const group = folders.get(key);
    if (group === undefined) folders.set(key, [row]);
    else group.push(row);
  }
  for (const group of folders.values()) {
    for (let from = 0; from < group.length; from += MOST_NAMES)
      result.push(joined(group.slice(from, from + MOST_NAMES), escape));
  }
  return result;
}

function joined(
  group: readonly Labelled[],
  escape: (name: string) => string,
): Labelled & { readonly isPattern: boolean } {
  const [first] = group;
  const { path, label } = first ?? { path: '', label: 0 };
  if (group.length < 2) return { path, label, isPattern: false };
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const names = group.map((row) => escape(row.path.slice(folder.length)).replaceAll(',', '\\,'));
  return { path: `${escape(folder)}{${names.join(',')}}`, label, isPattern: true };
}
