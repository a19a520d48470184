import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { probeFilesystem } from '#lock';
import { createIdSource } from '#protocol';
import { randomBytes } from '#store';
import { expect, test } from 'vitest';
import { leftBehind } from './left-behind.ts';
import { runRace } from './race.ts';
import { MIXED } from './shapes.ts';

const SECONDS = Number(process.env['TORTURE_SECONDS'] ?? 20);
const SFTP = ['/usr/lib/openssh/sftp-server', '/usr/libexec/openssh/sftp-server'].find((path) =>
  existsSync(path),
);
const newId = createIdSource(() => Date.now(), randomBytes);

/** A file system over another folder. */
interface Mount {
  readonly tool: string;
  readonly mount: (back: string, at: string) => readonly string[];
  readonly verdict: 'safe' | 'unsafe';
}

const MOUNTS: Readonly<Record<string, Mount>> = {
  bindfs: { tool: 'bindfs', mount: (back, at) => ['bindfs', back, at], verdict: 'safe' },
  // A server of files over a pipe: the protocol and the caches of sshfs, without a login.
  sshfs: {
    tool: 'sshfs',
    mount: (back, at) => ['sshfs', '-o', `ssh_command=${serverScript(back)}`, `host:${back}`, at],
    verdict: 'unsafe',
  },
};

function serverScript(back: string): string {
  const path = `${back}.server`;
  writeFileSync(path, `#!/bin/sh\nexec ${SFTP ?? 'sftp-server'}\n`, { mode: 0o755 });
  return path;
}

function isThere(tool: string): boolean {
  return (
    existsSync('/dev/fuse') &&
    spawnSync('sh', ['-c', `command -v ${tool} && command -v fusermount3`]).status === 0 &&
    (tool !== 'sshfs' || SFTP !== undefined)
  );
}

async function onMount({ mount }: Mount, deed: (at: string) => Promise<void>): Promise<void> {
  const place = mkdtempSync(join(tmpdir(), 'dotsquad-mount-'));
  const [back, at] = [join(place, 'back'), join(place, 'at')];
  for (const folder of [back, at]) mkdirSync(folder);
  const [command = '', ...args] = mount(back, at);
  execFileSync(command, args);
  try {
    await deed(at);
  } finally {
    execFileSync('fusermount3', ['-u', '-z', at]);
    rmSync(place, { recursive: true, force: true });
  }
}

for (const [name, mount] of Object.entries(MOUNTS)) {
  const { tool } = mount;
  test.runIf(!isThere(tool))(`${name} was NOT tried`, () => {
    console.log(
      `mounts: ${tool} or /dev/fuse is not there (Debian: apt-get install fuse3 ${tool}): NOT tried`,
    );
  });

  test.skipIf(!isThere(tool))(`${name}: what the probe says, and a race`, async () => {
    await onMount(mount, async (at) => {
      const folder = join(at, 'squad');
      mkdirSync(folder);
      const { kind, message } = probeFilesystem(folder, { newId });
      const { acquisitions, kills, stops, violations, overlaps, failures } = await runRace({
        ...MIXED,
        kind: 'squad',
        folder,
        seconds: SECONDS,
      });
      const left = leftBehind(folder, MIXED.resources, MIXED.ttlMs);
      const found = violations.length + overlaps.length + failures.length + left.length;
      console.log(`mounts: ${name}: ${message}`);
      console.log(
        `mounts: ${name}: ${acquisitions} acquisitions, ${kills} kills, ${stops} stops, ${found} violations`,
      );
      expect(kind).toBe(mount.verdict);
      expect({ violations, overlaps, failures, left }).toEqual({
        violations: [],
        overlaps: [],
        failures: [],
        left: [],
      });
    });
  });
}
