// One of the contending processes of bench/lock.mjs: takes one lock again and again, and tells how long each wait was.
import { existsSync, mkdirSync, utimesSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLocks } from '#lock';
import { createIdSource } from '#protocol';
import { createNodeStore, identifyProcess, randomBytes, systemClock } from '#store';
import lockfile from 'proper-lockfile';

const { kind, root, index, count, startMs, untilMs } = JSON.parse(process.argv[2]);
const name = `p${index}`;
const WARM_ROUNDS = 300;
const kinds = { squad, 'proper-lockfile': proper, ring: ringOf };

const own = join(root, `warm-${name}`);
mkdirSync(join(own, '.squad'), { recursive: true });
if (kind !== 'ring') {
  const warm = kinds[kind](own);
  for (let round = 0; round < WARM_ROUNDS && Date.now() < startMs - 500; round += 1) await (await warm())();
}
const waits = [];
const take = kinds[kind](root);
await new Promise((resolve) => setTimeout(resolve, startMs - Date.now()));
const before = process.cpuUsage();
if (kind === 'ring' && index === 0) take.pass();
while (Date.now() < untilMs) {
  const started = performance.now();
  const release = await take();
  if (release === undefined) continue;
  waits.push(performance.now() - started);
  await release();
}
const { user, system } = process.cpuUsage(before);
process.stdout.write(JSON.stringify({ waits, cpuMs: (user + system) / 1e3 }), () => process.exit());

function squad(folder) {
  const newId = createIdSource(() => Date.now(), randomBytes);
  const locks = openLocks(
    { store: createNodeStore(), squadDir: join(folder, '.squad'), clock: systemClock, newId },
    { ttlMs: 60_000, maxHoldMs: 600_000 },
  );
  const request = { agent: name, resources: [{ name: 'a' }], holder: identifyProcess(process.pid) };
  return async () => {
    const outcome = await locks.acquireWaiting(request, { waitMs: 20_000 });
    return outcome.kind === 'acquired' ? () => locks.release({ agent: name, all: true }) : undefined;
  };
}

function proper(folder) {
  const retries = { retries: 100_000, minTimeout: 1, maxTimeout: 5, factor: 1.5, randomize: true };
  return () => lockfile.lock(join(folder, 'target'), { realpath: false, stale: 20_000, retries });
}

// The least that a fair hand-over costs: each process does nothing but wake the next, by the file that it watches.
function ringOf() {
  const file = (member) => join(root, `ring-${member % count}`);
  writeFileSync(file(index), '');
  let hear = () => {};
  let isHeard = false;
  watch(file(index), () => {
    isHeard = true;
    hear();
  });
  const pass = () => {
    if (existsSync(file(index + 1))) utimesSync(file(index + 1), new Date(), new Date());
  };
  const take = () =>
    new Promise((resolve) => {
      const done = (value) => {
        clearTimeout(timer);
        hear = () => {};
        isHeard = false;
        resolve(value);
      };
      const timer = setTimeout(() => done(undefined), 100);
      hear = () => done(pass);
      if (isHeard) hear();
    });
  return Object.assign(take, { pass });
}
