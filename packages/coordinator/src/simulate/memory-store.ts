import type { EntryStat, Store } from '#store';

/** What a store is about to change. */
export interface StoreChange {
  readonly op: 'write' | 'append' | 'remove';
  readonly path: string;
}

interface MemoryFile {
  readonly bytes: Uint8Array;
  readonly modifiedMs: number;
}

/**
 * A store in memory, for simulations: only what the coordinator needs of one. `before` is called ahead of each change
 * and may throw to play a crash between two of them.
 */
export function createMemoryStore(ports: {
  readonly now: () => number;
  readonly before?: (change: StoreChange) => void;
}): Store {
  const files = new Map<string, MemoryFile>();
  const put = (path: string, bytes: Uint8Array): void =>
    void files.set(path, { bytes, modifiedMs: ports.now() });
  const bytesOf = (text: string | Uint8Array): Uint8Array =>
    typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const isFolder = (path: string): boolean => [...files.keys()].some((name) => name.startsWith(`${path}/`));
  const change = (op: StoreChange['op'], path: string): void => ports.before?.({ op, path });
  return {
    readText: (path) => {
      const file = files.get(path);
      return file === undefined ? undefined : new TextDecoder().decode(file.bytes);
    },
    readBytes: (path) => files.get(path)?.bytes,
    readFrom: (path, offset, length) => files.get(path)?.bytes.subarray(offset, offset + length),
    writeAtomic(path, text) {
      change('write', path);
      put(path, bytesOf(text));
    },
    createExclusive(path, text) {
      if (files.has(path)) return false;
      change('write', path);
      put(path, bytesOf(text));
      return true;
    },
    append(path, text) {
      change('append', path);
      const before = files.get(path)?.bytes ?? new Uint8Array();
      const added = bytesOf(text);
      const bytes = new Uint8Array(before.length + added.length);
      bytes.set(before);
      bytes.set(added, before.length);
      put(path, bytes);
    },
    makeFolder: () => {},
    list(path) {
      const names = [...files.keys()]
        .filter((name) => name.startsWith(`${path}/`))
        .map((name) => name.slice(path.length + 1).split('/')[0] ?? '');
      return [...new Set(names)].toSorted();
    },
    stat(path): EntryStat | undefined {
      const file = files.get(path);
      if (file !== undefined) return { kind: 'file', size: file.bytes.length, modifiedMs: file.modifiedMs };
      return isFolder(path) ? { kind: 'folder', size: 0, modifiedMs: 0 } : undefined;
    },
    realPath: (path) => (files.has(path) || isFolder(path) ? path : undefined),
    rename(from, to) {
      const file = files.get(from);
      if (file === undefined) return;
      change('write', to);
      files.delete(from);
      files.set(to, file);
    },
    removeFile(path) {
      if (!files.has(path)) return false;
      change('remove', path);
      return files.delete(path);
    },
    removeFolder(path) {
      change('remove', path);
      for (const name of files.keys()) if (name.startsWith(`${path}/`)) files.delete(name);
    },
  };
}
