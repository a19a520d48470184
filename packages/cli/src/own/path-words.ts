import { join, relative, sep } from 'node:path';
import type { Store } from '#store';

// What a terminal does not show as itself: control characters, and those that turn the direction of text or take no room.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** A path on one line, not to be mistaken for another: where it holds characters that do not show, it is quoted and they are escaped. */
export function shownPath(path: string): string {
  return HIDDEN.test(path) ? `"${escaped(path.replaceAll(/["\\]/gu, '\\$&'))}"` : path;
}

/** A text as one word of a shell command. */
export function shellWord(text: string): string {
  if (HIDDEN.test(text)) return `$'${escaped(text.replaceAll(/['\\]/gu, '\\$&'))}'`;
  return /^[\w@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function escaped(text: string): string {
  return text.replaceAll(new RegExp(HIDDEN, 'gu'), (char) => {
    const point = char.codePointAt(0) ?? 0;
    return point < 0x80
      ? `\\x${hex(point, 2)}`
      : point > 0xffff
        ? `\\U${hex(point, 8)}`
        : `\\u${hex(point, 4)}`;
  });
}

function hex(point: number, width: number): string {
  return point.toString(16).padStart(width, '0');
}

/** How somebody in a folder of the checkout types a path of the repository, as a word of a command of ours and of git. */
export interface TypedPath {
  readonly word: string;
  readonly gitWord: string;
}

/** Types paths of the repository as in `cwd`. */
export function typedFrom(store: Store, cwd: string, root: string): (path: string) => TypedPath {
  const [from, top] = [store.realPath(cwd) ?? cwd, store.realPath(root) ?? root];
  return (path) => {
    const near = relative(from, join(top, path)).split(sep).join('/');
    const typed = near.startsWith('-') ? `./${near}` : near;
    // To git these mean more than themselves.
    const isMagic = /^:|[*?[\\]/u.test(typed);
    return { word: shellWord(typed), gitWord: shellWord(isMagic ? `:(literal)${typed}` : typed) };
  };
}
