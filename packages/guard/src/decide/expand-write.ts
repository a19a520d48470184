import { matches, problemOf } from '#glob';
import { join } from 'node:path';
import type { Store } from '#store';
import type { ShellWrite } from '../shell/analyse-shell.ts';

const MAX_FILES = 2000;
const SKIPPED = new Set(['.git', 'node_modules']);

/**
 * The files that a write of a shell command would touch, as the file system stands: a pattern is matched, a folder walked,
 * `cp a dir` lands in the folder. Walks at most 2000 entries; what lies beyond is left to the next rung.
 */
export function expandWrite(store: Store, write: ShellWrite): readonly string[] {
  const walk: Walk = { store, left: MAX_FILES };
  const named = write.isPattern ? matchPattern(walk, write.path) : [landing(store, write)];
  return write.isRecursive ? named.flatMap((path) => filesUnder(walk, path)) : named;
}

interface Walk {
  readonly store: Store;
  left: number;
}

function landing(store: Store, { path, into }: ShellWrite): string {
  return into !== undefined && isFolder(store, path) ? join(path, into) : path;
}

function isFolder(store: Store, path: string): boolean {
  return store.stat(path)?.kind === 'folder';
}

function filesUnder(walk: Walk, path: string): readonly string[] {
  if (!isFolder(walk.store, path)) return [path];
  const found: string[] = [];
  const open = [path];
  for (let folder = open.pop(); folder !== undefined && walk.left > 0; folder = open.pop()) {
    for (const name of walk.store.list(folder)) {
      walk.left -= 1;
      if (walk.left <= 0 || SKIPPED.has(name)) continue;
      const entry = join(folder, name);
      if (isFolder(walk.store, entry)) open.push(entry);
      else found.push(entry);
    }
  }
  return found.length === 0 ? [path] : found;
}

// As the shell does it: segment by segment, names with a leading dot only when the pattern has one.
function matchPattern(walk: Walk, pattern: string): readonly string[] {
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
