// The same contest with other locks: what the harness must catch. They give no tokens, and promise to hold until released.
import { statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import lockfile from 'proper-lockfile';

const LOCKS = { 'proper-lockfile': properLock, wx: exclusiveCreate };
const FOREVER_US = Number.MAX_SAFE_INTEGER / 4;

/** A contender with `proper-lockfile`, or with a file made by exclusive creation whose stale form is removed. */
export function openRival(self) {
  const take = LOCKS[self.kind];
  let calls = 0;
  return {
    async turn() {
      calls += 1;
      const resource = self.resources[Math.floor(self.random() * self.resources.length)];
      const call = { id: `${self.name}#${calls}`, agent: self.name, from: self.now() };
      const release = await within(self, () => take(self, join(self.folder, resource)));
      if (release === undefined) return;
      // What has no token gets one of its own.
      const lease = { resource, token: self.number * 1_000_000 + calls };
      const wants = [{ resource, mode: 'exclusive' }];
      const terms = { wants, tookOver: [], ttlUs: FOREVER_US, isBound: true };
      self.say({ ...call, kind: 'taken', ...terms, leases: [lease], to: self.now() });
      await self.pause(self.random() * self.holdMs);
      const last = { ...call, id: `${call.id}r`, from: self.now(), asked: [lease], kept: [], ttlUs: 0 };
      self.say({ ...last, kind: 'released', released: [], to: -1 });
      const released = (await release()) ? [lease] : [];
      self.say({ ...last, kind: 'released', released, to: self.now() });
    },
  };
}

async function within(self, attempt) {
  for (const until = self.now() + self.waitMs * 1000; self.now() < until;) {
    const release = await attempt();
    if (release !== undefined) return release;
    await self.pause(1 + self.random() * 4);
  }
  return undefined;
}

async function properLock({ ttlMs }, path) {
  const options = { realpath: false, stale: Math.max(2000, ttlMs), onCompromised: () => {}, retries: 0 };
  try {
    const release = await lockfile.lock(path, options);
    return () => succeeds(release);
  } catch {
    return undefined;
  }
}

async function exclusiveCreate({ ttlMs, name }, path) {
  try {
    writeFileSync(`${path}.lock`, name, { flag: 'wx' });
    return () => succeeds(async () => unlinkSync(`${path}.lock`));
  } catch {
    await succeeds(async () => {
      if (Date.now() - statSync(`${path}.lock`).mtimeMs > ttlMs) unlinkSync(`${path}.lock`);
    });
    return undefined;
  }
}

async function succeeds(deed) {
  try {
    await deed();
    return true;
  } catch {
    return false;
  }
}
