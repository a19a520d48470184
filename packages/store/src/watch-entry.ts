import { watch } from 'node:fs';

/** Something that can be stopped. */
export interface EntryWatch {
  readonly close: () => void;
}

/**
 * Calls back when a file or folder may have changed. A hint, never the truth: events can be lost, so whoever uses this
 * polls as well, and by its timer keeps the process running: the watch does not. Where watching is impossible nothing is ever called.
 */
export function watchEntry(path: string, onHint: () => void): EntryWatch {
  try {
    const watcher = watch(path, { persistent: false }, onHint);
    watcher.on('error', () => watcher.close());
    return { close: () => watcher.close() };
  } catch {
    return { close: () => {} };
  }
}
