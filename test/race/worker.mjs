// One contender of the race harness: takes and releases locks of one kind, and writes down when it did what.
// Its log is the evidence; every line is written with one call, so a kill loses at most the event that had not happened.
import { closeSync, openSync, statSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const task = JSON.parse(process.argv[2] ?? '{}');
const { kind, folder, name, log, resources, ttlMs, holdMs, untilMs, waitMs = 0, seed } = task;
const out = openSync(log, 'a');
const now = () => Number(process.hrtime.bigint() / 1000n);
const say = (event) => writeSync(out, `${JSON.stringify({ w: name, ...event })}\n`);

let state = seed >>> 0;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 4294967296;
};
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const locker = await { squad: squadLocker, 'proper-lockfile': properLocker, wx: wxLocker }[kind]();
let operation = 0;
say({ k: 'start', t: now() });
while (Date.now() < untilMs) {
  const resource = resources[Math.floor(random() * resources.length)];
  operation += 1;
  const asked = now();
  const got = await locker.acquire(resource);
  if (got === undefined) {
    say({ k: 'refused', r: resource, o: operation, from: asked, t: now() });
    await pause(random() * 4);
    continue;
  }
  // A lease is valid until a TTL after the question was put, less one tick of the boot clock; the others promise to hold
  // until they are released.
  const ends = kind === 'squad' ? asked + (ttlMs - 10) * 1000 : Number.MAX_SAFE_INTEGER;
  say({ k: 'got', r: resource, o: operation, from: asked, t: now(), token: got.token, ends });
  if (holdMs > 0) await pause(random() * holdMs);
  const before = now();
  say({ k: 'releasing', r: resource, o: operation, t: before });
  const gone = await got.release();
  say({ k: 'released', r: resource, o: operation, from: before, t: now(), how: gone });
}
say({ k: 'end', t: now(), n: operation });
await locker.close();
closeSync(out);

async function squadLocker() {
  const { openLocks } = await import('#lock');
  const { createNodeStore, identifyProcess, randomBytes, systemClock } = await import('#store');
  const { createIdSource } = await import('#protocol');
  const newId = createIdSource(() => Date.now(), randomBytes);
  const ports = { store: createNodeStore(), squadDir: folder, clock: systemClock, newId };
  const locks = openLocks(ports, { ttlMs, maxHoldMs: 3_600_000 });
  const holder = identifyProcess(process.pid);
  return {
    async acquire(resource) {
      const request = { agent: name, resources: [{ name: resource }], holder };
      const outcome = waitMs > 0 ? await locks.acquireWaiting(request, { waitMs }) : locks.acquire(request);
      if (outcome.kind !== 'acquired') return undefined;
      const [lease] = outcome.leases;
      return {
        token: lease.token,
        release: () => {
          const { released } = locks.release({ agent: name, resources: [resource], wholly: true });
          return released.length > 0 && released[0].token === lease.token ? 'released' : 'lost';
        },
      };
    },
    close: () => {},
  };
}

async function properLocker() {
  const { default: lockfile } = await import('proper-lockfile');
  let token = 0;
  return {
    async acquire(resource) {
      const options = { realpath: false, stale: Math.max(2000, ttlMs), onCompromised: () => {}, retries: 0 };
      const path = join(folder, resource);
      for (const until = Date.now() + waitMs; ;) {
        try {
          const release = await lockfile.lock(path, options);
          token += 1;
          return {
            token,
            release: () =>
              release().then(
                () => 'released',
                () => 'lost',
              ),
          };
        } catch {
          if (Date.now() >= until) return undefined;
          await pause(1 + random() * 4);
        }
      }
    },
    close: () => {},
  };
}

// Exclusive create; a lock older than its TTL is removed and made anew.
async function wxLocker() {
  let token = 0;
  return {
    async acquire(resource) {
      const path = join(folder, `${resource}.lock`);
      for (const until = Date.now() + waitMs; ;) {
        try {
          writeFileSync(path, name, { flag: 'wx' });
          token += 1;
          return {
            token,
            release: () => {
              try {
                unlinkSync(path);
                return 'released';
              } catch {
                return 'lost';
              }
            },
          };
        } catch {
          try {
            if (Date.now() - statSync(path).mtimeMs > ttlMs) unlinkSync(path);
          } catch {
            // Gone already.
          }
          if (Date.now() >= until) return undefined;
          await pause(1 + random() * 4);
        }
      }
    },
    close: () => {},
  };
}
