/** What an edit tool does to the text of one file, as far as its input tells. */
export type TextEdit =
  /** `text` is all of it afterwards; without one the file is gone. */
  | { readonly kind: 'whole'; readonly path: string; readonly text: string | undefined }
  | {
      readonly kind: 'replace';
      readonly path: string;
      readonly from: string;
      readonly to: string;
      readonly isEvery: boolean;
    };

type Input = Readonly<Record<string, unknown>>;

const PATH_KEYS = ['file_path', 'filePath', 'path', 'target_file'];
const WHOLE_KEYS = ['content', 'contents'];

/** The edits of an edit tool in their order. Empty for what cannot be read that way, as a notebook's cells. */
export function readTextEdits(tool: string, input: Input): readonly TextEdit[] {
  const path = firstText(input, PATH_KEYS);
  if (path === undefined) return [];
  if (/^delete/iu.test(tool)) return [{ kind: 'whole', path, text: undefined }];
  const text = firstText(input, WHOLE_KEYS);
  if (text !== undefined) return [{ kind: 'whole', path, text }];
  const listed: unknown = input['edits'];
  const edits: unknown[] = Array.isArray(listed) ? listed : [input];
  const read = edits.flatMap((edit) => replacement(path, edit) ?? []);
  return read.length === edits.length ? read : [];
}

function replacement(path: string, edit: unknown): TextEdit | undefined {
  if (typeof edit !== 'object' || edit === null) return undefined;
  const input: Input = { ...edit };
  const from = firstText(input, ['old_string', 'oldString']);
  const to = firstText(input, ['new_string', 'newString']);
  if (from === undefined || to === undefined) return undefined;
  // Where a client takes an empty text, it makes the file, or puts all of it anew.
  if (from === '') return { kind: 'whole', path, text: to };
  const isEvery = ['replace_all', 'replaceAll', 'allow_multiple'].some((key) => input[key] === true);
  return { kind: 'replace', path, from, to, isEvery };
}

/** The edits of a patch in the `apply_patch` form: each hunk replaces its old lines by its new ones. */
export function readPatchEdits(patch: string): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  let section: Section | undefined;
  for (const line of [...patch.split(/\r?\n/u), '*** End Patch']) {
    const [, verb, path = ''] =
      /^\*\*\* (Add File|Update File|Delete File|Move to|End)\b:? ?(.*?)\s*$/u.exec(line) ?? [];
    if (verb === 'Move to' && section !== undefined) section = movedAway(section.path);
    else if (verb !== undefined) {
      edits.push(...closeSection(section));
      section = { verb, path, hunks: [{ from: [], to: [] }] };
    } else section?.hunks.push(...takeLine(section, line));
  }
  return edits;
}

interface Hunk {
  readonly from: string[];
  readonly to: string[];
}

interface Section {
  readonly verb: string;
  readonly path: string;
  readonly hunks: Hunk[];
}

function movedAway(path: string): Section {
  return { verb: 'Delete File', path, hunks: [] };
}

// Adds a line to the open hunk, or begins the next one.
function takeLine({ hunks }: Section, line: string): readonly Hunk[] {
  if (line.startsWith('@@')) return [{ from: [], to: [] }];
  const hunk = hunks.at(-1);
  if (/^[ -]/u.test(line) || line === '') hunk?.from.push(line.slice(1));
  if (/^[ +]/u.test(line) || line === '') hunk?.to.push(line.slice(1));
  return [];
}

function closeSection(section: Section | undefined): readonly TextEdit[] {
  if (section === undefined || !section.verb.endsWith('File')) return [];
  const { verb, path, hunks } = section;
  if (verb === 'Delete File') return [{ kind: 'whole', path, text: undefined }];
  const lines = (of: readonly string[]): string => of.map((line) => `${line}\n`).join('');
  if (verb === 'Add File') return [{ kind: 'whole', path, text: lines(hunks.flatMap(({ to }) => to)) }];
  return hunks
    .filter(({ from, to }) => from.length > 0 || to.length > 0)
    .map(({ from, to }) => ({ kind: 'replace', path, from: lines(from), to: lines(to), isEvery: false }));
}

function firstText(input: Input, keys: readonly string[]): string | undefined {
  const found = keys.map((key) => input[key]).find((value) => typeof value === 'string');
  return typeof found === 'string' ? found : undefined;
}
