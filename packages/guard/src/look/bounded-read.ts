import type { Store } from '#store';

/** The text of a file of at most so many bytes; `undefined` for anything else. */
export function boundedText(store: Store, path: string, maxBytes: number): string | undefined {
  return isFileUpTo(store, path, maxBytes) ? store.readText(path) : undefined;
}

/** The bytes of a file of at most so many; `undefined` for anything else. */
export function boundedBytes(store: Store, path: string, maxBytes: number): Uint8Array | undefined {
  return isFileUpTo(store, path, maxBytes) ? store.readBytes(path) : undefined;
}

function isFileUpTo(store: Store, path: string, maxBytes: number): boolean {
  const stat = store.stat(path);
  return stat?.kind === 'file' && stat.size <= maxBytes;
}
