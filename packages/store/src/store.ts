/** What is known of a file system entry, without following a final symbolic link. */
export interface EntryStat {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly size: number;
  readonly modifiedMs: number;
  /** Who may read, write and run it: the nine bits that `chmod` sets. */
  readonly permissions: number;
  /** Number of the file system it lies on, as the operating system counts them. */
  readonly device: number;
}

/**
 * The file system, as the protocol needs it. Paths are absolute. Synchronous: for the small files of `.squad/`
 * a synchronous call costs a fifth to a fifteenth of its promise (measured, LOCKS-EVIDENCE 2.3), and the fast path
 * has nothing else to do meanwhile. Errors are Node's own (`ENOENT`, `EACCES` …) unless stated otherwise.
 */
export interface Store {
  /** The whole text, or `undefined` when there is no such file. */
  readonly readText: (path: string) => string | undefined;
  readonly readBytes: (path: string) => Uint8Array | undefined;
  /** Up to `length` bytes from `offset`: for following a file that only grows. */
  readonly readFrom: (path: string, offset: number, length: number) => Uint8Array | undefined;
  /**
   * Replaces or makes a file: temporary file, fsync, rename. Readers see the old text or the new, never a part. It is a new
   * file, with the usual permissions unless others are given.
   */
  readonly writeAtomic: (
    path: string,
    text: string | Uint8Array,
    options?: { readonly permissions?: number },
  ) => void;
  /**
   * Makes a file with its whole content in one step (temporary file, then `link`), or returns `false` because the
   * name exists. Exactly one of any number of callers wins. Never fsyncs.
   */
  readonly createExclusive: (path: string, text: string) => boolean;
  /** Copies a file in place of another or none, sharing its blocks where the system can. Never fsyncs. */
  readonly copyAtomic: (from: string, to: string) => void;
  /** Appends in one write with `O_APPEND`; concurrent appends of live writers are never interleaved (local file systems). */
  readonly append: (path: string, text: string, options?: { readonly fsync?: boolean }) => void;
  readonly makeFolder: (path: string) => void;
  /** Names in a folder, sorted by code unit; empty when there is no such folder. */
  readonly list: (path: string) => readonly string[];
  /** `undefined` when there is no such entry. */
  readonly stat: (path: string) => EntryStat | undefined;
  /** What a symbolic link names, as written; `undefined` when it is none. */
  readonly readLink: (path: string) => string | undefined;
  /** The path with every symbolic link resolved; `undefined` when it does not exist. */
  readonly realPath: (path: string) => string | undefined;
  /** Lets everybody who may read the file run it. */
  readonly makeExecutable: (path: string) => void;
  /** Renames; throws `ENOTEMPTY` or `EEXIST` when a folder meets a non-empty folder. */
  readonly rename: (from: string, to: string) => void;
  /** Removes one file; `false` when it was not there. */
  readonly removeFile: (path: string) => boolean;
  /** Removes a folder and all below it. */
  readonly removeFolder: (path: string) => void;
}

/** True for an error of the operating system with one of the codes. */
export function isSystemError(error: unknown, ...codes: readonly string[]): error is NodeJS.ErrnoException {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  return codes.length === 0 || codes.includes(error.code);
}
