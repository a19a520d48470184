import { join } from 'node:path';
import { SquadError } from '#protocol';
import type { Journal, Store } from '#store';
import { probeFilesystem, type FilesystemVerdict, type ProbePorts } from './probe-filesystem.ts';

/** What was found of the file system under a `.squad/`, kept so that it is tried once and not at every command. */
export interface FilesystemRecord {
  readonly v: 1;
  /** The `.squad/` that was probed, and the file system it lay on: one that was moved or mounted over is probed anew. */
  readonly folder: string;
  readonly device: number;
  readonly verdict: FilesystemVerdict;
  /** Who took the weaker guarantee upon themselves. */
  readonly insistedBy?: string;
}

/** What is needed to find out about the file system under a `.squad/`. */
export interface FilesystemPorts extends ProbePorts {
  readonly store: Store;
  readonly squadDir: string;
}

/** What is known of the file system; probes it and keeps the result if nothing is. */
export function learnFilesystem(ports: FilesystemPorts): FilesystemRecord {
  const { store, squadDir } = ports;
  const known = knownFilesystem(store, squadDir);
  if (known !== undefined) return known;
  const verdict = probeFilesystem(join(squadDir, '.run'), ports);
  return keep(store, { v: 1, folder: squadDir, device: deviceOf(store, squadDir), verdict });
}

/**
 * Refuses, as `FILESYSTEM_UNSAFE`, to take leases where the file system does not give the guarantees, unless somebody
 * insists or has insisted before. Nobody can insist on hard links that are not there.
 */
export function requireFilesystem(
  ports: FilesystemPorts & { readonly journal?: Journal },
  insist?: { readonly agent: string },
): void {
  const found = learnFilesystem(ports);
  const { verdict, insistedBy } = found;
  if (verdict.kind !== 'unsafe' || insistedBy !== undefined) return;
  if (insist === undefined || !verdict.probe.hasLink) throw unsafeFilesystem(verdict);
  keep(ports.store, { ...found, insistedBy: insist.agent });
  ports.journal?.record({
    kind: 'lock.unsafe-filesystem-accepted',
    agent: insist.agent,
    data: { message: verdict.message, probe: verdict.probe },
  });
}

function deviceOf(store: Store, squadDir: string): number {
  return store.stat(squadDir)?.device ?? 0;
}

/** The refusal to take leases where they would not be kept. */
export function unsafeFilesystem({ message, probe }: FilesystemVerdict): SquadError {
  const move = 'put .squad on a local disk (SQUAD_DIR)';
  return new SquadError({
    code: 'FILESYSTEM_UNSAFE',
    message,
    hint: probe.hasLink ? `${move}, or insist: squad-lock acquire --unsafe-fs <path>` : move,
    data: { probe },
  });
}

function recordPath(squadDir: string): string {
  return join(squadDir, '.run', 'filesystem.json');
}

function keep(store: Store, record: FilesystemRecord): FilesystemRecord {
  store.writeAtomic(recordPath(record.folder), `${JSON.stringify(record)}\n`);
  return record;
}

/** What was kept; nothing for what is damaged, or of another place or version: that is found out again. */
export function knownFilesystem(store: Store, squadDir: string): FilesystemRecord | undefined {
  const text = store.readText(recordPath(squadDir));
  if (text === undefined) return undefined;
  try {
    const record = JSON.parse(text) as Partial<FilesystemRecord> | null;
    if (record?.v !== 1 || record.folder !== squadDir || record.verdict?.probe === undefined)
      return undefined;
    return record.device === deviceOf(store, squadDir) ? (record as FilesystemRecord) : undefined;
  } catch {
    return undefined;
  }
}
