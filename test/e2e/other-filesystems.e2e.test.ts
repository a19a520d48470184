import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { callGuard, editOf, shellOf } from '../support/guarded.ts';
import { gitIn } from '../support/repository.ts';
import { testdir } from '../support/testdir.ts';

// NTFS in a file, mounted so that names are one whatever their case: as on Windows and, by default, on macOS.
const CAN_FOLD = process.getuid?.() === 0 && areThere('mkntfs', 'lowntfs-3g');
const SFTP = ['/usr/lib/openssh/sftp-server', '/usr/libexec/openssh/sftp-server'].find((path) =>
  existsSync(path),
);
const CAN_UNLINK = SFTP !== undefined && areThere('sshfs');

function areThere(...tools: readonly string[]): boolean {
  const all = [...tools, 'fusermount3'].map((tool) => `command -v ${tool}`).join(' && ');
  return existsSync('/dev/fuse') && spawnSync('sh', ['-c', all]).status === 0;
}

function unmountAtEnd(at: string): void {
  onTestFinished(() => void execFileSync('fusermount3', ['-u', '-z', at]));
}

const MATRIX = `/Src: { owner: alice, access: EXCLUSIVE }
/Shared: { owner: NONE, access: SEQUENTIAL }
`;

/** A repository on a disk of its own that folds case. */
function foldingRepository(): string {
  const place = testdir();
  const [image, at] = [join(place, 'image'), join(place, 'disk')];
  writeFileSync(image, '');
  truncateSync(image, 16 * 1024 * 1024);
  mkdirSync(at);
  execFileSync('mkntfs', ['-q', '-F', '-f', image], { stdio: 'ignore' });
  execFileSync('lowntfs-3g', ['-o', 'ignore_case', image, at]);
  unmountAtEnd(at);
  const root = join(at, 'repo');
  for (const folder of ['Src', 'Shared', '.squad']) mkdirSync(join(root, folder), { recursive: true });
  for (const path of ['Src/A.ts', 'Shared/Types.ts']) writeFileSync(join(root, path), 'x\n');
  writeFileSync(join(root, '.squad/ownership.yaml'), MATRIX);
  gitIn(root, 'init', '--quiet', '--initial-branch=main');
  gitIn(root, 'add', '--all');
  gitIn(root, 'commit', '--quiet', '--message', 'Start');
  return root;
}

test.runIf(!CAN_FOLD)('a case-insensitive file system was NOT tried', () => {
  console.log(
    'file systems: none that folds case can be had (as root, Debian: apt-get install fuse3 ntfs-3g): NOT tried',
  );
});

test.skipIf(!CAN_FOLD)(
  'where the file system folds case, locks, guard and ownership take all spellings of a name for one',
  async () => {
    const root = foldingRepository();
    const lock = async (agent: string, ...words: readonly string[]): Promise<readonly unknown[]> => {
      const { code, stdout } = await runBin('squad-lock', [...words, '--json'], {
        cwd: root,
        env: { AGENT_ID: agent },
      });
      const { kind } = JSON.parse(stdout) as { readonly kind: string };
      return [code, kind];
    };
    expect(await lock('alice', 'acquire', 'Src/A.ts')).toEqual([0, 'acquired']);
    for (const spelling of ['src/a.ts', 'SRC/A.TS', 'sRC/', 'src/*.TS'])
      expect([spelling, ...(await lock('bob', 'acquire', spelling))]).toEqual([spelling, 3, 'held']);
    expect(await lock('alice', 'verify', 'src/a.ts')).toEqual([0, 'valid']);
    expect(await lock('alice', 'release', 'SRC/a.ts')).toEqual([0, 'released']);

    const refused = async (as: string, input: Parameters<typeof callGuard>[0]['input']): Promise<string> => {
      const { code, stderr } = await callGuard({ root, as, client: 'codex', input });
      return code === 0 ? '' : (/^squad: (\S+ is .*? (?:alice|bob))/u.exec(stderr)?.[1] ?? stderr);
    };
    for (const path of ['Src/A.ts', 'src/a.ts', 'SRC/new.ts']) {
      expect(await refused('alice', editOf(join(root, path)))).toBe('');
      expect(await refused('bob', editOf(join(root, path)))).toContain('is EXCLUSIVE to alice');
      expect(await refused('bob', shellOf(`echo x > ${path}`))).toContain('is EXCLUSIVE to alice');
    }
    expect(await refused('alice', editOf(join(root, 'Shared/Types.ts')))).toBe('');
    expect(await refused('bob', editOf(join(root, 'shared/types.ts')))).toContain('is held by alice');

    const own = async (...words: readonly string[]): Promise<string> =>
      (await runBin('squad-own', words, { cwd: root, env: { AGENT_ID: 'bob' } })).stdout;
    expect(await own('who', 'SRC/a.TS')).toContain('alice');
    writeFileSync(join(root, 'src/a.ts'), 'changed by bob\n');
    gitIn(root, 'add', '--all');
    expect(await own('check', '--staged')).toContain('owned-by-another: modified by bob against /Src');
    expect(await own('check', 'sRc/A.tS')).toContain('owned-by-another');
  },
);

test.runIf(!CAN_UNLINK)('a file system without hard links was NOT tried', () => {
  console.log(
    'file systems: none without hard links can be had (Debian: apt-get install sshfs openssh-sftp-server): NOT tried',
  );
});

test.skipIf(!CAN_UNLINK)(
  'where there are no hard links, no lease is taken, and nobody can insist',
  async () => {
    // Without the space that other test folders have: sshfs takes its command apart at each.
    const place = mkdtempSync(join(tmpdir(), 'dotsquad-'));
    onTestFinished(() => rmSync(place, { recursive: true, force: true }));
    const [back, at, server] = [join(place, 'back'), join(place, 'disk'), join(place, 'server')];
    for (const folder of [back, at]) mkdirSync(folder);
    writeFileSync(server, `#!/bin/sh\nexec ${SFTP ?? ''}\n`, { mode: 0o755 });
    execFileSync('sshfs', ['-o', `ssh_command=${server}`, '-o', 'disable_hardlink', `host:${back}`, at]);
    unmountAtEnd(at);
    const acquire = (...words: readonly string[]): ReturnType<typeof runBin> =>
      runBin('squad-lock', ['acquire', 'a.ts', ...words], { cwd: at, env: { AGENT_ID: 'alice' } });
    gitIn(at, 'init', '--quiet', '--initial-branch=main');
    mkdirSync(join(at, '.squad'));
    for (const words of [[], ['--unsafe-fs']]) {
      const { code, stderr } = await acquire(...words);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^error FILESYSTEM_UNSAFE: .*hard link/u)]);
    }
    expect((await runBin('squad-lock', ['list'], { cwd: at })).stdout).toBe('no leases\n');
  },
);
