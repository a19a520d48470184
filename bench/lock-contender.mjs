// One of the contending processes of bench/lock.mjs: takes one lock again and again, and tells how long each wait was.
import { join } from 'node:path';
import { openLocks } from '#lock';
import { createIdSource } from '#protocol';
import { createNodeStore, identifyProcess, randomBytes, systemClock } from '#store';
import lockfile from 'proper-lockfile';

const { kind, squadDir, name, startMs, untilMs } = JSON.parse(process.argv[2]);
const take = kind === 'squad' ? squad() : proper();
const waits = [];
await new Promise((resolve) => setTimeout(resolve, startMs - Date.now()));
while (Date.now() < untilMs) {
  const started = performance.now();
  const release = await take();
  if (release === undefined) continue;
  waits.push(performance.now() - started);
  await release();
}
process.stdout.write(JSON.stringify({ waits }));

function squad() {
  const newId = createIdSource(() => Date.now(), randomBytes);
  const locks = openLocks(
    { store: createNodeStore(), squadDir, clock: systemClock, newId },
    { ttlMs: 60_000, maxHoldMs: 600_000 },
  );
  const request = { agent: name, resources: [{ name: 'a' }], holder: identifyProcess(process.pid) };
  return async () => {
    const outcome = await locks.acquireWaiting(request, { waitMs: 20_000 });
    return outcome.kind === 'acquired' ? () => locks.release({ agent: name, all: true }) : undefined;
  };
}

function proper() {
  const retries = { retries: 100_000, minTimeout: 1, maxTimeout: 5, factor: 1.5, randomize: true };
  return () => lockfile.lock(join(squadDir, 'target'), { realpath: false, stale: 20_000, retries });
}
