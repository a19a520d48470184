/** A file that a unified diff is about, its names as written in it. `undefined` stands for `/dev/null`. */
export interface PatchedFile {
  readonly oldName: string | undefined;
  readonly newName: string | undefined;
  /** Names of `rename` and `copy` lines, which have no `a/` and `b/` before them. */
  readonly renamed: readonly string[];
}

interface Draft {
  oldName: string | undefined;
  newName: string | undefined;
  renamed: string[];
}

/**
 * The files of a unified diff, git's or not, anywhere in a text: its headers are told from the lines of hunks by counting these.
 * `undefined` for a text with a name that cannot be read.
 */
export function readUnifiedDiff(text: string): readonly PatchedFile[] | undefined {
  const lines = text.split('\n').map((line) => line.replace(/\r$/u, ''));
  const files: PatchedFile[] = [];
  let draft: Draft | undefined;
  let isBroken = false;
  const nameOf = (line: string): string | undefined => {
    const name = readName(line);
    if (name === undefined) isBroken = true;
    return name === '/dev/null' ? undefined : name;
  };
  const close = (): void => {
    if (draft !== undefined && (draft.oldName ?? draft.newName ?? draft.renamed[0]) !== undefined)
      files.push(draft);
    draft = undefined;
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const [, same] = /^diff --git (?:"?a\/(.+?)"? "?b\/\1"?)$/u.exec(line) ?? [];
    if (line.startsWith('diff --git ')) {
      close();
      // A change of mode or of a binary file has no other line with its name.
      draft = {
        oldName: same === undefined ? undefined : `a/${same}`,
        newName: same === undefined ? undefined : `b/${same}`,
        renamed: [],
      };
    } else if (/^(?:rename|copy) (?:from|to) /u.test(line) && draft !== undefined) {
      const isSource = line.startsWith('copy from');
      const name = nameOf(line.replace(/^\w+ \w+ /u, ''));
      if (name !== undefined && !isSource) draft.renamed.push(name);
    } else if (line.startsWith('--- ') && lines[at + 1]?.startsWith('+++ ') === true) {
      if (draft === undefined || draft.renamed.length === 0) {
        if (
          draft === undefined ||
          !lines[at - 1]?.match(/^(?:index|new file|deleted file|old mode|new mode|similarity|diff --git)/u)
        )
          close();
        draft = {
          oldName: nameOf(line.slice(4)),
          newName: nameOf(lines[at + 1]?.slice(4) ?? ''),
          renamed: [],
        };
      }
      at += 1;
    } else at += hunkLength(lines, at);
  }
  close();
  return isBroken ? undefined : files;
}

// A name ends at a tab, behind which stands a time; git quotes names with unusual characters.
function readName(text: string): string | undefined {
  const [name = ''] = text.split('\t');
  if (name.startsWith('"')) return undefined;
  const plain = text.includes('\t') ? name : name.replace(/ {2,}\d{4}-\d\d-\d\d.*$/u, '');
  return plain === '' ? undefined : plain;
}

// How many lines after an `@@` line belong to its hunk.
function hunkLength(lines: readonly string[], at: number): number {
  const head = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/u.exec(lines[at] ?? '');
  if (head === null) return 0;
  let before = Number(head[1] ?? 1);
  let after = Number(head[2] ?? 1);
  let length = 0;
  while ((before > 0 || after > 0) && at + length + 1 < lines.length) {
    const mark = (lines[at + length + 1] ?? '').charAt(0);
    if (mark === '-' || mark === ' ' || mark === '') before -= 1;
    if (mark === '+' || mark === ' ' || mark === '') after -= 1;
    if (!/^[-+ \\]?$/u.test(mark)) break;
    length += 1;
  }
  return length;
}
