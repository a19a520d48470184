const CONTEXT = 2;
const MAX_CELLS = 4_000_000;

type Line = readonly [sign: ' ' | '+' | '-', text: string];

/** A unified diff of two texts without file header, two lines of context; empty when they are equal. */
export function renderLineDiff(before: string, after: string): string {
  if (before === after) return '';
  const lines = diffLines(splitLines(before), splitLines(after));
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(([sign]) => sign !== ' '),
  );
  const shown: string[] = [];
  for (const [index, [sign, text]] of lines.entries()) {
    if (near[index] === true) shown.push(`${sign}${text}`);
    else if (near[index - 1] === true) shown.push('@@');
  }
  return shown.join('\n').replace(/\n@@$/u, '');
}

function splitLines(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/u, '').split('\n');
}

function diffLines(before: readonly string[], after: readonly string[]): readonly Line[] {
  let head = 0;
  while (head < before.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (
    tail < Math.min(before.length, after.length) - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail += 1;
  const same = (texts: readonly string[]): readonly Line[] => texts.map((text) => [' ', text]);
  const middle = diffMiddle(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  return [...same(before.slice(0, head)), ...middle, ...same(before.slice(before.length - tail))];
}

// Longest common subsequence by the usual table; texts too large for it are shown as replaced.
function diffMiddle(before: readonly string[], after: readonly string[]): readonly Line[] {
  if (before.length * after.length > MAX_CELLS)
    return [...before.map((text): Line => ['-', text]), ...after.map((text): Line => ['+', text])];
  const table = lengths(before, after);
  const lines: Line[] = [];
  let a = 0;
  let b = 0;
  while (a < before.length || b < after.length) {
    if (a < before.length && before[a] === after[b]) {
      lines.push([' ', before[a] ?? '']);
      a += 1;
      b += 1;
    } else if (
      a < before.length &&
      (b >= after.length || (table[a + 1]?.[b] ?? 0) >= (table[a]?.[b + 1] ?? 0))
    ) {
      lines.push(['-', before[a] ?? '']);
      a += 1;
    } else {
      lines.push(['+', after[b] ?? '']);
      b += 1;
    }
  }
  return lines;
}

function lengths(before: readonly string[], after: readonly string[]): readonly Uint32Array[] {
  const table = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let a = before.length - 1; a >= 0; a -= 1) {
    for (let b = after.length - 1; b >= 0; b -= 1) {
      const row = table[a];
      if (row === undefined) continue;
      row[b] =
        before[a] === after[b]
          ? (table[a + 1]?.[b + 1] ?? 0) + 1
          : Math.max(table[a + 1]?.[b] ?? 0, row[b + 1] ?? 0);
    }
  }
  return table;
}
