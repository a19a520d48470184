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
export function createMemoryStore(ports: MemoryPorts): Store {
  const files: MemoryFiles = new Map();
  return { ...readers(files), ...writers(files, ports) };
}

/** What a memory store is given. */
export interface MemoryPorts {
  readonly now: () => number;
  readonly before?: (change: StoreChange) => void;
}

type MemoryFiles = Map<string, MemoryFile>;

type Writing =
  | 'writeAtomic'
  | 'createExclusive'
  | 'copyAtomic'
  | 'append'
  | 'makeFolder'
  | 'rename'
  | 'removeFile'
  | 'removeFolder';

function readers(files: MemoryFiles): Omit<Store, Writing> {
  const isFolder = (path: string): boolean => [...files.keys()].some((name) => name.startsWith(`${path}/`));
  return {
    readText: (path) => {
      const file = files.get(path);
      return file === undefined ? undefined : new TextDecoder().decode(file.bytes);
    },
    readBytes: (path) => files.get(path)?.bytes,
    readFrom: (path, offset, length) => files.get(path)?.bytes.subarray(offset, offset + length),
    list(path) {
      const below = [...files.keys()].filter((name) => name.startsWith(`${path}/`));
      return [...new Set(below.map((name) => name.slice(path.length + 1).split('/')[0] ?? ''))].toSorted();
    },
    stat(path): EntryStat | undefined {
      const file = files.get(path);
      if (file !== undefined)
        return {
          kind: 'file',
          size: file.bytes.length,
          modifiedMs: file.modifiedMs,
          permissions: 0o644,
          device: 0,
        };
      return isFolder(path)
        ? { kind: 'folder', size: 0, modifiedMs: 0, permissions: 0o755, device: 0 }
        : undefined;
    },
    readLink: () => undefined,
    makeExecutable: () => {},
    realPath: (path) => (files.has(path) || isFolder(path) ? path : undefined),
  };
}

function writers(files: MemoryFiles, { now, before }: MemoryPorts): Pick<Store, Writing> {
  const put = (path: string, bytes: Uint8Array): void => void files.set(path, { bytes, modifiedMs: now() });
  const bytesOf = (text: string | Uint8Array): Uint8Array =>
    typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return {
    writeAtomic(path, text) {
      before?.({ op: 'write', path });
      put(path, bytesOf(text));
    },
    createExclusive(path, text) {
      if (files.has(path)) return false;
      before?.({ op: 'write', path });
      put(path, bytesOf(text));
      return true;
    },
    copyAtomic(from, to) {
      before?.({ op: 'write', path: to });
      put(to, files.get(from)?.bytes ?? new Uint8Array());
    },
    append(path, text) {
      before?.({ op: 'append', path });
      put(path, Buffer.concat([files.get(path)?.bytes ?? new Uint8Array(), bytesOf(text)]));
    },
    makeFolder: () => {},
    rename(from, to) {
      const file = files.get(from);
      if (file === undefined) return;
      before?.({ op: 'write', path: to });
      files.delete(from);
      files.set(to, file);
    },
    removeFile(path) {
      if (!files.has(path)) return false;
      before?.({ op: 'remove', path });
      return files.delete(path);
    },
    removeFolder(path) {
      before?.({ op: 'remove', path });
      for (const name of files.keys()) if (name.startsWith(`${path}/`)) files.delete(name);
    },
  };
}
