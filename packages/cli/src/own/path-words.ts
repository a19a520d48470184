import { join, relative, sep } from 'node:path';
import { escapeHidden, hasHidden, pasteableWord } from '#protocol';
import type { Store } from '#store';

/** A path on one line, not to be mistaken for another: where it holds characters that do not show, it is quoted and they are escaped. */
export function shownPath(path: string): string {
  return hasHidden(path) ? `"${escapeHidden(path.replaceAll(/["\\]/gu, '\\$&'))}"` : path;
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
    return { word: pasteableWord(typed), gitWord: pasteableWord(isMagic ? `:(literal)${typed}` : typed) };
  };
}
