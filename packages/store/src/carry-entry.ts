import { constants, cpSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { isSystemError } from './store.ts';

/** Copies a file or folder with its modes and links as they are, on file systems that can without using space. */
export function copyEntry(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    mode: constants.COPYFILE_FICLONE,
  });
}

/** Makes a symbolic link to an absolute place; `false` when something stands there already. */
export function linkEntry(target: string, path: string): boolean {
  mkdirSync(dirname(path), { recursive: true });
  try {
    symlinkSync(target, path, 'junction');
    return true;
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return false;
    throw error;
  }
}

/** A live process whose working folder is known. */
export interface PlacedProcess {
  readonly pid: number;
  readonly folder: string;
}

/** Every process of this user with its working folder, from `/proc`; empty where there is none to read. */
export function placedProcesses(): readonly PlacedProcess[] {
  return entriesOf('/proc').flatMap((name) => {
    if (!/^\d+$/u.test(name)) return [];
    try {
      return [{ pid: Number(name), folder: readlinkSync(`/proc/${name}/cwd`) }];
    } catch {
      return []; // ended meanwhile, or another user's
    }
  });
}

function entriesOf(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
