import { parseRepoPath, type ModifiedFile } from '#protocol';
import { withoutBullet } from './field-line.ts';

const PLAIN_PATH = /^\/?[A-Za-z0-9_.@+~#%=^!&$*?[\]{}-]+(?:\/[A-Za-z0-9_.@+~#%=^!&$*?[\]{}-]+)*\/?$/u;
const NOTHING = /^(?:none|n\/a|nothing|[-–—]+|no files?)\.?$/iu;

/** A path as agents write it, with what they say of it; the path is repo-relative where it can be read as such. */
export interface PathItem extends ModifiedFile {
  /** Why the text is no path of the repository; it is kept as written. */
  readonly problem?: string;
}

/** Reads the paths of a field: one a line, or several on a line between commas; `none` is no path. */
export function parsePathItems(lines: readonly string[]): readonly PathItem[] {
  return lines
    .flatMap((line) => splitCommas(withoutBullet(line)))
    .filter((text) => text !== '' && !NOTHING.test(text))
    .map(parsePathItem);
}

function parsePathItem(text: string): PathItem {
  const { path, rest } = splitPath(text);
  const note = /^\s*(?:\(([^\n]*)\)|(?:[-–—:]|→)\s*([^\n]+))\s*$/u.exec(rest);
  const said = (note?.[1] ?? note?.[2] ?? rest).trim();
  const parsed = parseRepoPath(path);
  return {
    path: parsed.ok ? parsed.value : path,
    ...(said === '' ? {} : { note: said }),
    ...(parsed.ok ? {} : { problem: parsed.error }),
  };
}

function splitPath(text: string): { path: string; rest: string } {
  const quoted = /^"(?:[^"\\\n]|\\[^\n])*"/u.exec(text)?.[0];
  if (quoted !== undefined) {
    const value = readJsonString(quoted);
    if (value !== undefined) return { path: value, rest: text.slice(quoted.length) };
  }
  const marked = /^(?:`([^`\n]+)`|\[`?([^\]`\n]+)`?\]\([^)\n]*\)|\*\*([^*\n]+)\*\*)/u.exec(text);
  if (marked !== null) {
    return { path: marked[1] ?? marked[2] ?? marked[3] ?? '', rest: text.slice(marked[0].length) };
  }
  const note = /\s+(?:\(|[-–—→]\s|:\s)|:\s/u.exec(text);
  return note === null
    ? { path: text, rest: '' }
    : { path: text.slice(0, note.index), rest: text.slice(note.index) };
}

function readJsonString(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

// Commas within quotes, brackets and braces belong to the item.
function splitCommas(text: string): readonly string[] {
  const parts: string[] = [''];
  let depth = 0;
  let quote = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quote !== '') {
      if (character === quote && text.charAt(index - 1) !== '\\') quote = '';
    } else if (character === '"' || character === '`') quote = character;
    else if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth = Math.max(0, depth - 1);
    if (character === ',' && depth === 0 && quote === '') parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim());
}

/** One path as our tools write it: with a leading `/`, as a JSON string where it holds anything unusual. */
export function renderPathItem(item: ModifiedFile): string {
  const path =
    PLAIN_PATH.test(item.path) && !NOTHING.test(item.path)
      ? rooted(item.path)
      : JSON.stringify(rooted(item.path));
  return item.note === undefined || item.note === '' ? path : `${path} (${item.note})`;
}

function rooted(path: string): string {
  return parseRepoPath(path).ok && !path.startsWith('/') ? `/${path}` : path;
}
