import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { binPath, cleanEnvironment } from '../../support/bins.ts';
import { testdir } from '../../support/testdir.ts';

// A mount of its own, in a namespace of its own: it ends with the shell, whatever happens to the test.
const UNSHARE = ['-Umr', 'sh', '-c'];
const CAN_MOUNT = spawnSync('unshare', [...UNSHARE, 'mount -t tmpfs -o size=64k none /mnt']).status === 0;

interface Answer {
  readonly code: number;
  readonly words: string;
}

/** Runs a shell script on a small memory disk; what it says to `try` is a call of a bin, answered by name. */
function onSmallDisk(script: string): (name: string) => Answer {
  const outside = testdir();
  const disk = join(outside, 'disk');
  mkdirSync(disk);
  const bins = (['squad-lock', 'squad-init'] as const).map(
    (bin) => `${bin.replace('-', '_')}='${binPath(bin)}'`,
  );
  const head = [
    `out='${outside}'; disk='${disk}'; node='${process.execPath}'`,
    ...bins,
    'lock() { name=$1; shift; "$node" "$squad_lock" "$@" >"$out/$name.words" 2>&1; echo $? >"$out/$name.code"; }',
    'mount -t tmpfs -o size=512k none "$disk" && cd "$disk" && git init -q . && "$node" "$squad_init" >/dev/null || exit 9',
  ];
  const env = { ...cleanEnvironment(), AGENT_ID: 'agent-1' };
  const done = spawnSync('unshare', [...UNSHARE, [...head, script].join('\n')], { env, encoding: 'utf8' });
  expect(`${done.status}${done.stderr}`).toBe('0');
  return (name) => ({
    code: Number(readFileSync(join(outside, `${name}.code`), 'utf8')),
    words: readFileSync(join(outside, `${name}.words`), 'utf8').replaceAll(outside, ''),
  });
}

test.runIf(!CAN_MOUNT)('full and read-only disks were NOT tried', () => {
  console.log(
    'faults: no namespace to mount a disk in (unshare -Umr): full and read-only disks were NOT tried',
  );
});

test.skipIf(!CAN_MOUNT)(
  'a full disk: every change says so, what is held stays held, and space makes it good',
  () => {
    const answer = onSmallDisk(`
    lock before acquire a.ts
    head -c 1M /dev/zero >fill 2>/dev/null
    lock acquire acquire b.ts
    lock renew renew a.ts
    lock release release a.ts
    lock list list
    lock verify verify a.ts
    rm fill
    lock after acquire b.ts
    lock released release a.ts
    true`);
    for (const name of ['acquire', 'renew', 'release']) {
      expect(answer(name), name).toMatchObject({ code: 1 });
      expect(answer(name).words).toMatch(
        /^error FILE_UNWRITABLE: .*ENOSPC.*\n {2}the disk is full: free some space/u,
      );
    }
    expect(answer('list').words).toContain('a.ts');
    expect(['before', 'list', 'verify', 'after', 'released'].map((name) => answer(name).code)).toEqual([
      0, 0, 0, 0, 0,
    ]);
    expect(answer('after').words).toContain('token 2');
  },
);

test.skipIf(!CAN_MOUNT)('a disk that turns read-only: the same, and reading goes on', () => {
  const answer = onSmallDisk(`
    lock before acquire a.ts
    mount -o remount,ro "$disk"
    lock acquire acquire b.ts
    lock release release a.ts
    lock list list
    lock verify verify a.ts
    lock held status a.ts
    mount -o remount,rw "$disk"
    lock after acquire b.ts
    lock released release a.ts`);
  for (const name of ['acquire', 'release']) {
    expect(answer(name), name).toMatchObject({ code: 1 });
    expect(answer(name).words).toMatch(
      /^error FILE_UNWRITABLE: .*EROFS.*\n {2}the file system is read-only/u,
    );
  }
  expect(['before', 'list', 'verify', 'held', 'after', 'released'].map((name) => answer(name).code)).toEqual([
    0, 0, 0, 0, 0, 0,
  ]);
});
