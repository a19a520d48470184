import { join } from 'node:path';
import { hashText } from '#store';
import type { Call } from '../shell/command.ts';
import type { Squad } from '../shell/squad.ts';

/** Hash of a file as it is in this worktree; `undefined` for what is no file, or none that can be read. */
export function fileHash(call: Call, squad: Squad, resource: string): string | undefined {
  const { store } = call.io;
  const path = join(squad.worktreeRoot, resource);
  if (store.stat(path)?.kind !== 'file') return undefined;
  const bytes = store.readBytes(path);
  return bytes === undefined ? undefined : hashText(bytes);
}

/** The hashes that `--base` asks to be kept with the leases, by resource. */
export function basesOf(
  call: Call,
  squad: Squad,
  names: readonly string[],
): { bases?: Readonly<Record<string, string>> } {
  if (!call.flag('base')) return {};
  const hashed = names.map((name) => [name, fileHash(call, squad, name)] as const);
  return {
    bases: Object.fromEntries(hashed.filter((entry): entry is [string, string] => entry[1] !== undefined)),
  };
}
