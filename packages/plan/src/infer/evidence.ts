import type { Rename } from './renames.ts';

/** What is known of the repository a document is about; everything is optional but the files git tracks. */
export interface RepositoryEvidence {
  /** Repo-relative paths, sorted. */
  readonly trackedFiles: readonly string[];
  /** Recent commits, newest first. */
  readonly commits?: readonly Commit[];
  /** Where paths that are no longer tracked went. */
  readonly renames?: ReadonlyMap<string, Rename>;
  /** Paths whose former names were not looked for to the end of the history. */
  readonly unsearched?: readonly string[];
  /** Text of the repository's CODEOWNERS. */
  readonly codeowners?: string;
  /** Text of a tracked file, for its imports. */
  readonly readText?: (path: string) => string | undefined;
}

/** What one commit did. */
export interface Commit {
  readonly subject: string;
  readonly hash?: string;
  readonly files: readonly { readonly path: string; readonly lines: number }[];
}

/** Tracked files by the ways in which texts name them. */
export interface FileIndex {
  readonly all: ReadonlySet<string>;
  readonly byLower: ReadonlyMap<string, readonly string[]>;
  readonly byBase: ReadonlyMap<string, readonly string[]>;
  readonly byStem: ReadonlyMap<string, readonly string[]>;
  /** Folders with a trailing slash, each with the number of files below it. */
  readonly folders: ReadonlyMap<string, number>;
}

/** Indexes tracked files once, so that each look-up is independent of their number. */
export function indexFiles(trackedFiles: readonly string[]): FileIndex {
  const byLower = new Map<string, string[]>();
  const byBase = new Map<string, string[]>();
  const byStem = new Map<string, string[]>();
  const folders = new Map<string, number>();
  for (const path of trackedFiles) {
    const base = path.slice(path.lastIndexOf('/') + 1);
    push(byLower, path.toLowerCase(), path);
    push(byBase, base.toLowerCase(), path);
    push(byStem, stemOf(base), path);
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
      const folder = path.slice(0, slash + 1);
      folders.set(folder, (folders.get(folder) ?? 0) + 1);
    }
  }
  return { all: new Set(trackedFiles), byLower, byBase, byStem, folders };
}

/** A file name without extensions, case and separators: `user-menu.test.tsx` and `UserMenu.tsx` give `usermenu`. */
export function stemOf(base: string): string {
  return base
    .replace(/(?:\.(?:test|spec|stories|d|config|module))?\.\w+$/u, '')
    .toLowerCase()
    .replace(/[-_.]/gu, '');
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
