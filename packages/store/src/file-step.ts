import * as nodeFs from 'node:fs';
import { readWholeText } from './read-whole-text.ts';
import { isSystemError } from './store.ts';

/**
 * One call to the file system, as data. A protocol written as a generator of steps runs unchanged on a disk, on a
 * model that explores every interleaving, and under injected faults.
 */
export type FileStep =
  | { readonly kind: 'list'; readonly path: string }
  /** `isExpected`: what is almost surely there is read without asking first. */
  | { readonly kind: 'read'; readonly path: string; readonly isExpected?: true }
  /** Makes a new file; `EEXIST` when the name is taken. */
  | { readonly kind: 'create'; readonly path: string; readonly text: string }
  /** Adds to the end of an existing file, in one write. */
  | { readonly kind: 'append'; readonly path: string; readonly text: string }
  /** Writes over an existing file from its beginning, in one write; what was longer keeps its end. */
  | { readonly kind: 'overwrite'; readonly path: string; readonly text: string }
  /** A second name for a finished file; `EEXIST` when the name is taken. The compare-and-swap of the lock log. */
  | { readonly kind: 'link'; readonly from: string; readonly to: string }
  /** A folder that meets a folder with entries answers `ENOTEMPTY` or `EEXIST`; a file replaces a file. */
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'removeFolder'; readonly path: string }
  /** Makes the folder and its parents; not an error when it exists. */
  | { readonly kind: 'makeFolder'; readonly path: string }
  /** Sets the modification time to now: wakes who watches the file. */
  | { readonly kind: 'touch'; readonly path: string };

/** What a step gave. `code` is empty on success, else the operating system's (`ENOENT`, `EIO` …). */
export interface FileAnswer {
  readonly code: string;
  /** Of `read`. */
  readonly text?: string;
  /** Of `list`, in no particular order. */
  readonly names?: readonly string[];
  /** The operating system's words, when there are any. */
  readonly message?: string;
}

/** The part of `node:fs` that steps use. */
export type StepFileSystem = Pick<
  typeof nodeFs,
  | 'closeSync'
  | 'linkSync'
  | 'lstatSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readFileSync'
  | 'readdirSync'
  | 'renameSync'
  | 'rmSync'
  | 'unlinkSync'
  | 'utimesSync'
  | 'writeSync'
>;

const DONE: FileAnswer = { code: '' };
const ABSENT: FileAnswer = { code: 'ENOENT' };

/** Performs one step on Node's file system. Never throws for what the operating system answers. */
export function performFileStep(step: FileStep, fs: StepFileSystem = nodeFs): FileAnswer {
  try {
    return perform(step, fs);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { code: error.code ?? 'EIO', message: error.message };
  }
}

function perform(step: FileStep, fs: StepFileSystem): FileAnswer {
  switch (step.kind) {
    case 'list':
      return { code: '', names: fs.readdirSync(step.path) };
    case 'read':
      // The next slot is absent at every reading: to throw and catch that costs fifteen times as much as to ask first.
      return step.isExpected !== true && fs.lstatSync(step.path, { throwIfNoEntry: false }) === undefined
        ? ABSENT
        : { code: '', text: readWholeText(step.path, fs) };
    case 'create':
      writeAll(fs, step, fs.openSync(step.path, 'wx'));
      return DONE;
    case 'append':
      writeAll(fs, step, fs.openSync(step.path, EXISTING | nodeFs.constants.O_APPEND));
      return DONE;
    case 'overwrite':
      writeAll(fs, step, fs.openSync(step.path, EXISTING));
      return DONE;
    case 'link':
      fs.linkSync(step.from, step.to);
      return DONE;
    case 'rename':
      fs.renameSync(step.from, step.to);
      return DONE;
    case 'remove':
      fs.unlinkSync(step.path);
      return DONE;
    case 'removeFolder':
      fs.rmSync(step.path, { recursive: true, force: true });
      return DONE;
    case 'makeFolder':
      fs.mkdirSync(step.path, { recursive: true });
      return DONE;
    case 'touch': {
      const now = new Date();
      fs.utimesSync(step.path, now, now);
      return DONE;
    }
  }
}

// Without `O_CREAT`: a file that was removed meanwhile must not be made again.
const EXISTING = nodeFs.constants.O_WRONLY;

function writeAll(
  fs: StepFileSystem,
  { path, text }: { readonly path: string; readonly text: string },
  descriptor: number,
): void {
  try {
    if (fs.writeSync(descriptor, text) < Buffer.byteLength(text)) throw shortWrite(path);
  } finally {
    fs.closeSync(descriptor);
  }
}

function shortWrite(path: string): NodeJS.ErrnoException {
  const error: NodeJS.ErrnoException = new Error(`ENOSPC: only a part could be written, '${path}'`);
  error.code = 'ENOSPC';
  return error;
}
