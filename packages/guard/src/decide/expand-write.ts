import { join, relative } from 'node:path';
import type { Store } from '#store';
import { beginWalk, filesUnder, isFolder, matchPattern, type Walk } from '../look/walk.ts';
import type { ShellWrite } from '../shell/analyse-shell.ts';

/**
 * The files that a write of a shell command would touch, as the file system stands: a pattern is matched, a folder walked,
 * `cp a dir` lands in the folder, a copied folder file by file. Walks at most 2000 entries; what lies beyond is left to the
 * next rung.
 */
export function expandWrite(store: Store, write: ShellWrite): readonly string[] {
  const walk = beginWalk(store);
  const named = write.isPattern ? matched(walk, write) : [landing(store, write)];
  const { from } = write;
  const files =
    from !== undefined
      ? named.flatMap((path) => copied(walk, from, path))
      : write.isRecursive
        ? named.flatMap((path) => filesUnder(walk, path))
        : named;
  if (write.keepsExisting === true) return files.filter((path) => store.stat(path) === undefined);
  return write.onlyExisting === true ? files.filter((path) => store.stat(path) !== undefined) : files;
}

/** The paths that a write has left behind once its command ended; of patterns, whose files may be gone, none. */
export function writtenPaths(store: Store, write: ShellWrite): readonly string[] {
  const { path, into, from, isPattern } = write;
  if (isPattern) return [];
  const placed = into === undefined ? path : join(path, into);
  const landed = store.stat(placed) === undefined ? path : placed;
  if (from === undefined) return [landed];
  const walk = beginWalk(store);
  return store.stat(from) === undefined ? filesUnder(walk, landed) : copied(walk, from, landed);
}

function landing(store: Store, { path, into }: ShellWrite): string {
  return into !== undefined && leadsToFolder(store, path) ? join(path, into) : path;
}

// Like the shell, a pattern that matches nothing stands for itself; what removes files then removes none.
function matched(walk: Walk, { path, isRecursive }: ShellWrite): readonly string[] {
  const paths = matchPattern(walk, path);
  return paths.length > 0 || isRecursive || walk.left <= 0 ? paths : [path];
}

// Programs follow a link to a folder that they are to put something in.
function leadsToFolder(store: Store, path: string): boolean {
  const real = store.stat(path)?.kind === 'link' ? store.realPath(path) : path;
  return real !== undefined && isFolder(store, real);
}

function copied(walk: Walk, from: string, to: string): readonly string[] {
  if (!isFolder(walk.store, from)) return [to];
  return filesUnder(walk, from).map((file) => join(to, relative(from, file)));
}
