import { matches, problemOf } from '#glob';
import { dirname, join } from 'node:path';
import type { Store } from '#store';

/** A walk through folders that ends after a number of entries; what lies beyond is left to the next rung. */
export interface Walk {
  readonly store: Store;
  left: number;
}

const MAX_ENTRIES = 2000;
const SKIPPED = new Set(['.git', 'node_modules']);

/** Begins a walk of at most 2000 entries. */
export function beginWalk(store: Store): Walk {
  return { store, left: MAX_ENTRIES };
}

/** True when a path is a folder, links not followed. */
export function isFolder(store: Store, path: string): boolean {
  return store.stat(path)?.kind === 'folder';
}

/** The root of the checkout that a folder lies in. */
export function checkoutRoot(store: Store, cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (store.stat(join(folder, '.git')) !== undefined) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** Names in a folder that a walk goes on to. */
export function namesIn(walk: Walk, folder: string): readonly string[] {
  const names = walk.store.list(folder).filter((name) => !SKIPPED.has(name));
  const taken = names.slice(0, Math.max(walk.left, 0));
  walk.left -= taken.length;
  return taken;
}

/** Files below a folder; of a file or an empty folder itself. */
export function filesUnder(walk: Walk, path: string): readonly string[] {
  if (!isFolder(walk.store, path)) return [path];
  const found: string[] = [];
  const open = [path];
  for (let folder = open.pop(); folder !== undefined && walk.left > 0; folder = open.pop()) {
    for (const name of namesIn(walk, folder)) {
      const entry = join(folder, name);
      if (isFolder(walk.store, entry)) open.push(entry);
      else found.push(entry);
    }
  }
  return found.length === 0 ? [path] : found;
}

/** Paths that match a pattern, as the shell finds them: segment by segment, dotted names only for a dotted pattern. */
export function matchPattern(walk: Walk, pattern: string): readonly string[] {
  const segments = pattern.split('/').filter((segment) => segment !== '');
  let paths: readonly string[] = ['/'];
  for (const segment of segments) {
    const isPattern = /[*?[]/u.test(segment) && problemOf(segment) === undefined;
    paths = paths.flatMap((folder) =>
      isPattern ? namesMatching(walk, folder, segment) : [join(folder, segment)],
    );
    if (walk.left <= 0) return [];
  }
  return paths.filter((path) => walk.store.stat(path) !== undefined);
}

function namesMatching(walk: Walk, folder: string, segment: string): readonly string[] {
  const names = walk.store.list(folder);
  walk.left -= names.length;
  return names
    .filter(
      (name) =>
        (segment.startsWith('.') || !name.startsWith('.')) && matches(segment.replaceAll('**', '*'), name),
    )
    .map((name) => join(folder, name));
}
