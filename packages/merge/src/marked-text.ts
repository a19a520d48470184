/** One stretch that both sides changed. */
export interface Hunk {
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

/** A text with conflict markers, taken apart: plain lines and hunks in their order. */
export type MarkedPart =
  | { readonly kind: 'plain'; readonly line: string }
  | { readonly kind: 'hunk'; readonly hunk: Hunk };

/**
 * Reads git's conflict markers, which bear the labels of the two sides, so that text that only looks like a marker is
 * not taken for one. `undefined` when a hunk is not closed.
 */
export function parseMarked(
  text: string,
  labels: readonly [string, string],
): readonly MarkedPart[] | undefined {
  const [ours, theirs] = labels;
  const parts: MarkedPart[] = [];
  let open: { side: 'ours' | 'theirs'; ours: string[]; theirs: string[] } | undefined;
  for (const line of text.split('\n')) {
    if (open === undefined && isMarker(line, '<', ours)) open = { side: 'ours', ours: [], theirs: [] };
    else if (open?.side === 'ours' && line.trimEnd() === '=======') open.side = 'theirs';
    else if (open?.side === 'theirs' && isMarker(line, '>', theirs)) {
      parts.push({ kind: 'hunk', hunk: { ours: open.ours, theirs: open.theirs } });
      open = undefined;
    } else if (open === undefined) parts.push({ kind: 'plain', line });
    else open[open.side].push(line);
  }
  return open === undefined ? parts : undefined;
}

function isMarker(line: string, sign: '<' | '>', label: string): boolean {
  return line.startsWith(`${sign.repeat(7)} ${label}`);
}

/** The text with both sides of every hunk, ours first, lines that both have only once. */
export function unionOf(parts: readonly MarkedPart[]): string {
  const lines = parts.flatMap((part) => {
    if (part.kind === 'plain') return [part.line];
    const known = new Set(part.hunk.ours);
    return [...part.hunk.ours, ...part.hunk.theirs.filter((line) => line.trim() === '' || !known.has(line))];
  });
  return lines.join('\n');
}

const IMPORT =
  /^\s*(?:import\b|from\s+\S+\s+import\b|export\s+(?:\*|(?:type\s+)?\{).*\bfrom\b|#include\b|use\s+[\w:]|using\s+[\w.]|require(?:_relative)?\b|(?:const|let|var)\s+[\w{},\s]+=\s*require\()/u;

/** True when every hunk adds or changes nothing but import lines, whose order does not matter. */
export function hasOnlyImports(parts: readonly MarkedPart[]): boolean {
  const hunks = parts.flatMap((part) => (part.kind === 'hunk' ? [part.hunk] : []));
  const isImport = (line: string): boolean =>
    line.trim() === '' || (IMPORT.test(line) && !/[({]\s*$/u.test(line));
  return hunks.length > 0 && hunks.every(({ ours, theirs }) => [...ours, ...theirs].every(isImport));
}
