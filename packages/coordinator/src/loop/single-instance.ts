import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { renderInstant, type Clock } from '#protocol';
import { identifyProcess, isSystemError, livenessOf, type ProcessIdentity, type Store } from '#store';

/** Who coordinates this repository. */
export interface CoordinatorRecord extends ProcessIdentity {
  readonly version: 1;
  /** ISO 8601 UTC. */
  readonly since: string;
  readonly command: string;
}

/** The right to coordinate, or who has it. */
export type Instance =
  | {
      readonly kind: 'mine';
      /** False as soon as another may have taken over: stop then. */
      readonly isMine: () => boolean;
      readonly release: () => Promise<void>;
    }
  | { readonly kind: 'taken'; readonly by: CoordinatorRecord | undefined };

const STALE_MS = 6000;
const UPDATE_MS = 1500;
const POLL_MS = 250;

/**
 * Becomes the one coordinator of a repository. A killed predecessor holds the mutex for six more seconds; when the
 * record proves it dead, this waits for that. proper-lockfile can let two in when several meet one stale mutex, so
 * the record is looked at again in each tick, and who is not in it stops.
 */
export async function becomeCoordinator(ports: {
  readonly store: Store;
  readonly squadDir: string;
  readonly clock: Clock;
  readonly command: string;
}): Promise<Instance> {
  const { store, squadDir, clock } = ports;
  const folder = join(squadDir, '.run');
  const recordPath = join(folder, 'coordinator.json');
  store.makeFolder(folder);
  let isLost = false;
  const until = clock.bootMs() + STALE_MS + 2 * UPDATE_MS;
  for (;;) {
    const release = await tryLock(join(folder, 'coordinator'), () => (isLost = true));
    if (release !== undefined) {
      const own = {
        ...(identifyProcess(process.pid) ?? { host: '', boot: '', pid: process.pid, start: '' }),
      };
      const record: CoordinatorRecord = {
        version: 1,
        ...own,
        since: renderInstant(clock.wallMs()),
        command: ports.command,
      };
      const text = `${JSON.stringify(record)}\n`;
      store.writeAtomic(recordPath, text);
      return {
        kind: 'mine',
        isMine: () => !isLost && store.readText(recordPath) === text,
        async release() {
          if (store.readText(recordPath) === text) store.removeFile(recordPath);
          if (!isLost) await release().catch(() => {});
        },
      };
    }
    const by = readCoordinator(store, squadDir);
    const isDead = by === undefined || livenessOf(by) === 'dead';
    if (!isDead || clock.bootMs() > until) return { kind: 'taken', by };
    await delay(POLL_MS);
  }
}

/** Who coordinates, by the record; `undefined` when nobody does or it cannot be read. */
export function readCoordinator(store: Store, squadDir: string): CoordinatorRecord | undefined {
  try {
    const text = store.readText(join(squadDir, '.run', 'coordinator.json'));
    const value = text === undefined ? undefined : (JSON.parse(text) as Partial<CoordinatorRecord>);
    return typeof value?.pid === 'number' && typeof value.host === 'string'
      ? (value as CoordinatorRecord)
      : undefined;
  } catch {
    return undefined;
  }
}

async function tryLock(path: string, onCompromised: () => void): Promise<(() => Promise<void>) | undefined> {
  try {
    return await lock(path, {
      realpath: false,
      stale: STALE_MS,
      update: UPDATE_MS,
      retries: 0,
      onCompromised,
    });
  } catch (error) {
    if (isSystemError(error, 'ELOCKED')) return undefined;
    throw error;
  }
}
