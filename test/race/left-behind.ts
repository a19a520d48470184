import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openLocks } from '#lock';
import { createIdSource } from '#protocol';
import { createNodeStore, randomBytes, systemClock } from '#store';

/**
 * What is wrong after everybody has gone: leases that nobody can take, and files that are there although the table was
 * tidied, but for the log itself.
 */
export function leftBehind(squadDir: string, resources: readonly string[], ttlMs: number): readonly string[] {
  const newId = createIdSource(() => Date.now(), randomBytes);
  const ports = { store: createNodeStore(), squadDir, clock: systemClock, newId };
  const locks = openLocks(ports, { ttlMs: 1000, maxHoldMs: 1000 });
  // A lease that named no process, or is kept for an heir, ends by time alone.
  const patience = Math.max(0, ...locks.table().leases.map(({ remainingMs }) => remainingMs));
  const stuck = patience > ttlMs + 20 ? [`a lease lasts ${patience} ms more`] : [];
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.min(patience + 20, 60_000));
  for (const resource of resources) {
    if (locks.acquire({ agent: 'last', resources: [{ name: resource }] }).kind !== 'acquired')
      stuck.push(`${resource} cannot be taken`);
    locks.release({ agent: 'last', resources: [resource] });
  }
  locks.tidy({ litterOlderThanMs: 0 });
  const { leases, waiting } = locks.table();
  stuck.push(
    ...leases.map(({ resource }) => `${resource} is held`),
    ...waiting.map(({ agent }) => `${agent} waits`),
  );
  const views = join(squadDir, 'locks');
  const litter = ['tmp', 'wake', 'shown', 'removing'].flatMap((name) =>
    readdirSync(join(views, '.log', name))
      // The file by which this process itself was woken stays until it ends.
      .filter((file) => name !== 'wake' || !file.startsWith(`${process.pid}-`))
      .map((file) => `${name}/${file}`),
  );
  return [...stuck, ...litter, ...readdirSync(views).filter((name) => name !== '.log')];
}
