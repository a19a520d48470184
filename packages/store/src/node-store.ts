import * as nodeFs from 'node:fs';
import { dirname, join } from 'node:path';
import { readWholeText } from './read-whole-text.ts';
import { isSystemError, type EntryStat, type Store } from './store.ts';

/** The part of `node:fs` that the store uses; `memfs` offers the same. */
export type FileSystem = Pick<
  typeof nodeFs,
  | 'chmodSync'
  | 'closeSync'
  | 'copyFileSync'
  | 'fsyncSync'
  | 'linkSync'
  | 'lstatSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readFileSync'
  | 'readSync'
  | 'readdirSync'
  | 'readlinkSync'
  | 'realpathSync'
  | 'renameSync'
  | 'rmSync'
  | 'unlinkSync'
  | 'writeFileSync'
  | 'writeSync'
>;

let temporaries = 0;

/** A {@link Store} over Node's file system, or one that is shaped like it. */
export function createNodeStore(fs: FileSystem = nodeFs): Store {
  return {
    readText: (path) => readText(fs, path),
    readBytes: (path) => absentAsUndefined(() => new Uint8Array(fs.readFileSync(path))),
    readFrom: (path, offset, length) => absentAsUndefined(() => readFrom(fs, path, { offset, length })),
    writeAtomic: (path, text, options) => writeAtomic(fs, path, { text, ...options }),
    createExclusive: (path, text) => createExclusive(fs, path, text),
    copyAtomic: (from, to) => copyAtomic(fs, from, to),
    append: (path, text, options) => append(fs, path, { text, fsync: options?.fsync ?? false }),
    makeFolder: (path) => void fs.mkdirSync(path, { recursive: true }),
    list: (path) => (absentAsUndefined(() => fs.readdirSync(path)) ?? []).toSorted(byCodeUnit),
    stat: (path) => absentAsUndefined(() => describe(fs.lstatSync(path, QUIET))),
    readLink: (path) => readLink(fs, path),
    realPath: (path) => realPath(fs, path),
    makeExecutable: (path) => fs.chmodSync(path, 0o755),
    rename: (from, to) => fs.renameSync(from, to),
    removeFile: (path) => absentAsUndefined(() => (fs.unlinkSync(path), true)) ?? false,
    removeFolder: (path) => fs.rmSync(path, { recursive: true, force: true }),
  };
}

/** Order by UTF-16 code unit: the same on every machine and in every locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function absentAsUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

// What is absent is asked for all the time, and to throw and catch that costs fifteen times as much as to ask first.
const QUIET = { throwIfNoEntry: false } as const;

function readText(fs: FileSystem, path: string): string | undefined {
  return absentAsUndefined(() =>
    fs.lstatSync(path, QUIET) === undefined ? undefined : readWholeText(path, fs),
  );
}

// The system's own, in one call: Node's asks for each folder on the way, and again at the next path.
function realPath(fs: FileSystem, path: string): string | undefined {
  return absentAsUndefined(() =>
    fs.lstatSync(path, QUIET) === undefined ? undefined : fs.realpathSync.native(path),
  );
}

function temporaryBeside(path: string): string {
  temporaries += 1;
  return join(
    dirname(path),
    `.tmp-${process.pid.toString(36)}-${Date.now().toString(36)}-${temporaries.toString(36)}`,
  );
}

function readLink(fs: FileSystem, path: string): string | undefined {
  try {
    return absentAsUndefined(() => fs.readlinkSync(path));
  } catch (error) {
    if (isSystemError(error, 'EINVAL')) return undefined;
    throw error;
  }
}

function readFrom(fs: FileSystem, path: string, part: { offset: number; length: number }): Uint8Array {
  const descriptor = fs.openSync(path, 'r');
  try {
    const bytes = new Uint8Array(part.length);
    const count = fs.readSync(descriptor, bytes, 0, part.length, part.offset);
    return bytes.subarray(0, count);
  } finally {
    fs.closeSync(descriptor);
  }
}

function writeAtomic(
  fs: FileSystem,
  path: string,
  { text, permissions }: { readonly text: string | Uint8Array; readonly permissions?: number },
): void {
  putInPlace(fs, path, (temporary) => {
    const descriptor = fs.openSync(temporary, 'wx');
    try {
      if (permissions !== undefined) fs.chmodSync(temporary, permissions);
      fs.writeFileSync(descriptor, text);
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
  });
}

/** Makes a file beside the path and moves it there; on failure nothing is left of it. */
function putInPlace(fs: FileSystem, path: string, make: (temporary: string) => void): void {
  const temporary = temporaryBeside(path);
  try {
    inFolder(fs, path, () => make(temporary));
    fs.renameSync(temporary, path);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

// The folder is there as a rule, so it is made only where it is missed.
function inFolder<T>(fs: FileSystem, path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
    fs.mkdirSync(dirname(path), { recursive: true });
    return make();
  }
}

function createExclusive(fs: FileSystem, path: string, text: string): boolean {
  const temporary = temporaryBeside(path);
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.writeFileSync(temporary, text, { flag: 'wx' });
  try {
    fs.linkSync(temporary, path);
    return true;
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return false;
    throw error;
  } finally {
    fs.unlinkSync(temporary);
  }
}

// Into a file that is new: where one is emptied first, ext4 writes to the disk at once, and takes a millisecond to remove it.
const COPY = nodeFs.constants.COPYFILE_EXCL | nodeFs.constants.COPYFILE_FICLONE;

function copyAtomic(fs: FileSystem, from: string, to: string): void {
  putInPlace(fs, to, (temporary) => fs.copyFileSync(from, temporary, COPY));
}

function append(fs: FileSystem, path: string, what: { text: string; fsync: boolean }): void {
  const descriptor = inFolder(fs, path, () => fs.openSync(path, 'a'));
  try {
    fs.writeSync(descriptor, what.text);
    if (what.fsync) fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

function describe(stats: nodeFs.Stats | undefined): EntryStat | undefined {
  if (stats === undefined) return undefined;
  const { mode, size, mtimeMs, dev } = stats;
  return { kind: kindOf(mode), size, modifiedMs: mtimeMs, permissions: mode & 0o777, device: dev };
}

// Of the mode itself: `isFile` and its kin are three functions to compile in a program that asks once.
function kindOf(mode: number): EntryStat['kind'] {
  const { S_IFMT, S_IFREG, S_IFDIR, S_IFLNK } = nodeFs.constants;
  const type = mode & S_IFMT;
  return type === S_IFREG ? 'file' : type === S_IFDIR ? 'folder' : type === S_IFLNK ? 'link' : 'other';
}
