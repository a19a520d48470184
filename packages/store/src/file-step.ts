import * as nodeFs from 'node:fs';
import { readWholeText } from './read-whole-text.ts';
import { isSystemError } from './store.ts';

/**
 * One call to the file system, as data. A protocol written as a generator of steps runs unchanged on a disk, on a
 * model that explores every interleaving, and under injected faults.
 */
export type FileStep =
  | { readonly kind: 'list'; readonly path: string }
  | { readonly kind: 'read'; readonly path: string }
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
  | 'readSync'
  | 'readdirSync'
  | 'renameSync'
  | 'rmSync'
  | 'unlinkSync'
  | 'utimesSync'
  | 'writeFileSync'
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
      return fs.lstatSync(step.path, { throwIfNoEntry: false }) === undefined
        ? ABSENT
        : { code: '', text: readWhole(fs, step.path) };
    case 'create':
      fs.writeFileSync(step.path, step.text, { flag: 'wx' });
      return DONE;
    case 'append':
      writeExisting(fs, step, nodeFs.constants.O_APPEND);
      return DONE;
    case 'overwrite':
      writeExisting(fs, step, 0);
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

const SMALL = 8192;
const buffer = Buffer.allocUnsafe(SMALL);

// Three system calls for a small file, where `readFileSync` makes five.
function readWhole(fs: StepFileSystem, path: string): string {
  const descriptor = fs.openSync(path, 'r');
  try {
    const count = fs.readSync(descriptor, buffer, 0, SMALL, 0);
    return count < SMALL ? buffer.toString('utf8', 0, count) : readWholeText(path, fs);
  } finally {
    fs.closeSync(descriptor);
  }
}

// Without `O_CREAT`: a file that was removed meanwhile must not be made again.
function writeExisting(
  fs: StepFileSystem,
  { path, text }: { path: string; text: string },
  flag: number,
): void {
  const descriptor = fs.openSync(path, nodeFs.constants.O_WRONLY | flag);
  try {
    const bytes = Buffer.from(text);
    if (fs.writeSync(descriptor, bytes) < bytes.length) throw shortWrite(path);
  } finally {
    fs.closeSync(descriptor);
  }
}

function shortWrite(path: string): NodeJS.ErrnoException {
  const error: NodeJS.ErrnoException = new Error(`ENOSPC: only a part could be written, '${path}'`);
  error.code = 'ENOSPC';
  return error;
}
