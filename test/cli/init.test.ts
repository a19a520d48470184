import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { gitIn, testRepository } from '../support/repository.ts';
import { testdir } from '../support/testdir.ts';

const changesOf = (stdout: string): Record<string, string> =>
  Object.fromEntries(
    (JSON.parse(stdout) as { files: { path: string; change: string }[] }).files.map(({ path, change }) => [
      path,
      change,
    ]),
  );

test('a second run changes nothing, and an edit is kept until --force, which keeps a copy', async () => {
  const root = testRepository();
  const first = await runBin('squad-init', ['--json'], { cwd: root });
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(new Set(Object.values(changesOf(first.stdout)))).toEqual(new Set(['created']));
  const second = await runBin('squad-init', ['--json'], { cwd: root });
  expect(new Set(Object.values(changesOf(second.stdout)))).toEqual(new Set(['unchanged']));

  const config = join(root, '.squad', 'config.yaml');
  writeFileSync(config, 'lock:\n  ttl: 5m\n');
  const third = await runBin('squad-init', ['--json'], { cwd: root });
  expect(changesOf(third.stdout)['.squad/config.yaml']).toBe('kept');
  expect(readFileSync(config, 'utf8')).toBe('lock:\n  ttl: 5m\n');

  const forced = await runBin('squad-init', ['--force', '--json'], { cwd: root });
  const { files } = JSON.parse(forced.stdout) as {
    files: { path: string; change: string; backup?: string }[];
  };
  const replaced = files.find(({ path }) => path === '.squad/config.yaml');
  expect(replaced?.change).toBe('replaced');
  expect(readFileSync(join(root, replaced?.backup ?? ''), 'utf8')).toBe('lock:\n  ttl: 5m\n');
});

test('a dry run writes nothing', async () => {
  const root = testRepository();
  expect((await runBin('squad-init', ['--dry-run'], { cwd: root })).code).toBe(0);
  expect(gitIn(root, 'status', '--porcelain')).toBe('');
});

test('a folder that a link leads out of the repository is refused before anything is written', async () => {
  const root = testRepository();
  const elsewhere = testdir();
  symlinkSync(elsewhere, join(root, '.claude'));
  const refused = await runBin('squad-init', [], { cwd: root });
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(/^error PATH_REFUSED: \.claude\/.* is led out of the repository by a link/u);
  expect(readdirSync(elsewhere)).toEqual([]);
  expect(existsSync(join(root, '.squad'))).toBe(false);
});

test('from a linked worktree the main worktree is prepared', async () => {
  const root = testRepository();
  const linked = join(testdir(), 'linked');
  gitIn(root, 'worktree', 'add', '--quiet', linked);
  await runBin('squad-init', [], { cwd: linked });
  expect(readFileSync(join(root, '.squad', 'README.md'), 'utf8')).toContain('# .squad/');
});

test('run-time state stays out of git', async () => {
  const root = testRepository();
  await runBin('squad-init', [], { cwd: root });
  gitIn(root, 'add', '--all');
  gitIn(root, 'commit', '--quiet', '--message', 'Init');
  for (const name of [
    'locks/a.lock',
    'comms/a-comm.md',
    'logs/events.ndjson',
    '.run/x.json',
    'reports/status.md',
    'control/pause.flag',
  ]) {
    expect(gitIn(root, 'check-ignore', `.squad/${name}`)).toBe(`.squad/${name}`);
  }
});

test('another tool’s .squad/ keeps every one of its files', async () => {
  const root = testRepository({
    '.squad/team.md': '# Team\n',
    '.squad/README.md': 'theirs\n',
    '.squad/.gitignore': 'x\n',
  });
  const result = await runBin('squad-init', ['--json'], { cwd: root });
  expect(result.code).toBe(0);
  expect((JSON.parse(result.stdout) as { foreign: string[] }).foreign).toEqual(['team.md']);
  expect(gitIn(root, 'diff', '--name-only')).toBe('');
  expect(gitIn(root, 'check-ignore', '.squad/locks/a.lock')).toBe('.squad/locks/a.lock');
});

test('outside a repository it says what to do', async () => {
  const result = await runBin('squad-init', [], { cwd: testdir() });
  expect(result).toMatchObject({ code: 1, stdout: '' });
  expect(result.stderr).toContain('run: git init');
});
