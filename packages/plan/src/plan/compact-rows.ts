/** A path and the label (an owner) it must resolve to; a folder ends in `/`. */
export interface Labelled {
  readonly path: string;
  readonly label: number;
}

/** One row: entries of one folder that have one owner, a folder among them with all that no deeper row names. */
export interface CompactRow {
  /** `''` or a path that ends in `/`. */
  readonly folder: string;
  /** File names, and folder names that end in `/`. */
  readonly names: readonly string[];
  readonly label: number;
}

interface Folder {
  readonly folders: Map<string, Folder>;
  readonly files: Map<string, number>;
  /** Label of a folder that is written as a whole. */
  label: number | undefined;
  /** By inherited label: rows needed below, and how the folders in it get theirs. */
  choices: readonly Choice[];
}

interface Choice {
  readonly rows: number;
  /** Label of each sub-folder, in order; the inherited one needs no row. */
  readonly labels: readonly number[];
}

/** More names than this make a row that nobody reads. */
const MOST_NAMES = 8;

/**
 * Few rows by which the most specific one gives every path its label: dynamic programming over the tree of folders
 * (after Hartigan 1973), where a row may name several entries of one folder. A row claims a folder only where that saves
 * one, and nothing is inherited from the root, so that undeclared paths at the top belong to nobody.
 */
export function compactRows(paths: readonly Labelled[], labelCount: number): readonly CompactRow[] {
  const root = newFolder();
  for (const { path, label } of paths) insert(root, path, label);
  decide(root, labelCount);
  const rows: CompactRow[] = [];
  collect({ node: root, folder: '', inherited: labelCount, rows });
  return rows;
}

/** The row in the notation of the ownership matrix, without the leading `/`. */
export function patternOf({ folder, names }: CompactRow, escape: (text: string) => string): string {
  const [only = ''] = names;
  if (names.length === 1) return `${escape(folder)}${escape(only)}`;
  const forms = names.map((name) => {
    const escaped = escape(name).replaceAll(',', '\\,');
    return name.endsWith('/') ? `${escaped}**` : escaped;
  });
  return `${escape(folder)}{${forms.join(',')}}`;
}

function newFolder(): Folder {
  return { folders: new Map(), files: new Map(), label: undefined, choices: [] };
}

function insert(root: Folder, path: string, label: number): void {
  let node = root;
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  for (const part of parts) {
    if (part === '') continue;
    let child = node.folders.get(`${part}/`);
    if (child === undefined) {
      child = newFolder();
      node.folders.set(`${part}/`, child);
    }
    node = child;
  }
  if (name === '') node.label = label;
  else node.files.set(name, label);
}

function decide(node: Folder, labelCount: number): void {
  for (const child of node.folders.values()) decide(child, labelCount);
  node.choices = Array.from({ length: labelCount + 1 }, (_, inherited) =>
    choose(node, inherited, labelCount),
  );
}

/** Opens a row for each label of a file, then further ones for folders as long as each saves more than it costs. */
function choose(node: Folder, inherited: number, labelCount: number): Choice {
  const fileCounts = Array.from({ length: labelCount + 1 }, () => 0);
  for (const label of node.files.values()) fileCounts[label] = (fileCounts[label] ?? 0) + 1;
  const open = new Set(fileCounts.flatMap((count, label) => (count > 0 ? [label] : [])));
  for (const { label } of node.folders.values()) if (label !== undefined) open.add(label);
  open.add(inherited);
  let best = given(node, { inherited, open, fileCounts });
  for (let isBetter = true; isBetter && node.folders.size > 0;) {
    isBetter = false;
    for (let label = 0; label < labelCount; label += 1) {
      if (open.has(label)) continue;
      const found = given(node, { inherited, open: new Set([...open, label]), fileCounts });
      if (found.rows >= best.rows) continue;
      [best, isBetter] = [found, true];
    }
    for (const label of best.labels) open.add(label);
  }
  return best;
}

interface Rules {
  readonly inherited: number;
  readonly open: ReadonlySet<number>;
  readonly fileCounts: readonly number[];
}

/** Each sub-folder takes the open label that costs least below it, the inherited one if that is as good. */
function given(node: Folder, { inherited, open, fileCounts }: Rules): Choice {
  const counts = [...fileCounts];
  let rows = 0;
  const labels = [...node.folders.values()].map((child) => {
    let best = child.label ?? inherited;
    if (child.label === undefined)
      for (const label of open) if (rowsBelow(child, label) < rowsBelow(child, best)) best = label;
    rows += rowsBelow(child, best);
    counts[best] = (counts[best] ?? 0) + 1;
    return best;
  });
  for (const [label, count] of counts.entries())
    if (label !== inherited) rows += Math.ceil(count / MOST_NAMES);
  return { rows, labels };
}

function rowsBelow(node: Folder, label: number): number {
  return node.choices[label]?.rows ?? 0;
}

function collect(visit: { node: Folder; folder: string; inherited: number; rows: CompactRow[] }): void {
  const { node, folder, inherited, rows } = visit;
  const labels = node.choices[inherited]?.labels ?? [];
  const named = new Map<number, string[]>();
  const name = (label: number, entry: string): void => {
    if (label !== inherited) named.set(label, [...(named.get(label) ?? []), entry]);
  };
  for (const [file, label] of node.files) name(label, file);
  for (const [index, sub] of [...node.folders.keys()].entries()) name(labels[index] ?? inherited, sub);
  for (const [label, names] of named) {
    for (let from = 0; from < names.length; from += MOST_NAMES)
      rows.push({ folder, names: names.slice(from, from + MOST_NAMES), label });
  }
  for (const [index, [sub, child]] of [...node.folders].entries())
    collect({ node: child, folder: `${folder}${sub}`, inherited: labels[index] ?? inherited, rows });
}
