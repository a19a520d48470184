import { dirname, join, relative } from 'node:path';
import { SquadError } from '#protocol';
import type { Store } from '#store';

/** The bytes of a file or of every file in a folder, kept beside the run so that they can be put back. */
export interface FileCopy {
  /** Absolute path of what was copied. */
  readonly target: string;
  /** Absolute path of the copy; absent when there was nothing to copy. */
  readonly copy: string;
}

const MAX_FILES = 5000;

/** Copies a file or folder. Links and special files are left alone. */
export function copyAside(store: Store, { target, copy }: FileCopy): void {
  store.removeFolder(copy);
  for (const path of filesBelow(store, target)) {
    const bytes = store.readBytes(path);
    if (bytes !== undefined) store.writeAtomic(placeIn(copy, target, path), bytes);
  }
}

/**
 * Puts the copied bytes back, after copying what stands there now to `failed`: files that the copy does not have are
 * removed (they are in `failed`), files with the same bytes are not touched.
 */
export function putBack(store: Store, { target, copy }: FileCopy, failed: string): void {
  copyAside(store, { target, copy: failed });
  const before = new Map(filesBelow(store, copy).map((path) => [placeBack(copy, target, path), path]));
  for (const path of filesBelow(store, target)) if (!before.has(path)) store.removeFile(path);
  for (const [path, kept] of before) {
    const bytes = store.readBytes(kept);
    const now = store.readBytes(path);
    if (bytes !== undefined && (now === undefined || Buffer.compare(bytes, now) !== 0))
      store.writeAtomic(path, bytes);
  }
}

// A copied file lies at `<copy>/file`, a copied folder's files below `<copy>/folder`.
function placeIn(copy: string, target: string, path: string): string {
  return path === target ? join(copy, 'file') : join(copy, 'folder', relative(target, path));
}

function placeBack(copy: string, target: string, kept: string): string {
  const inside = relative(copy, kept);
  return inside === 'file' ? target : join(target, relative('folder', inside));
}

function filesBelow(store: Store, path: string): readonly string[] {
  const found: string[] = [];
  const open = [path];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const kind = store.stat(next)?.kind;
    const folder = next;
    if (kind === 'file') found.push(next);
    if (kind === 'folder')
      open.push(
        ...store
          .list(next)
          .filter((name) => name !== '.git')
          .map((name) => join(folder, name)),
      );
    if (found.length > MAX_FILES) throw tooMany(path);
  }
  return found;
}

function tooMany(path: string): SquadError {
  return new SquadError({
    code: 'INPUT_INVALID',
    message: `${path} holds more than ${MAX_FILES} files; an item is backed up before it is worked on`,
    hint: `name the files in it, or smaller folders than ${dirname(path)}`,
  });
}
