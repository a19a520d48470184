import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { ownedRepository, writeFiles } from '../support/owned-repository.ts';
import { gitIn } from '../support/repository.ts';

interface Report {
  readonly findings: readonly {
    readonly path: string;
    readonly reason: string;
    readonly next: readonly string[];
  }[];
}

const own = (cwd: string, args: readonly string[]) => runBin('squad-own', args, { cwd });

async function findingsOf(root: string, args: readonly string[]): Promise<Report['findings']> {
  return (JSON.parse((await own(root, [...args, '--json'])).stdout) as Report).findings;
}

// What a log of git could be mistaken for, what a path could be read as in git's revisions, and what no lease can name.
const NAMES = [
  '\u0001\u0002commit:',
  '\nM',
  '1:x',
  ':(top)x',
  '-rf',
  'a\nb',
  'tab\there',
  'commit:0123',
  '*.ts',
];

test('no name hides its change, or another, from check and audit', async () => {
  const root = ownedRepository();
  writeFiles(root, Object.fromEntries(NAMES.map((name) => [`backend/${name}`, 'x\n'])));
  writeFiles(root, Object.fromEntries(NAMES.map((name) => [name, 'x\n'])));
  const wanted = NAMES.map((name) => `backend/${name}`).toSorted();
  const args = ['check', '--agent', 'agent-1'];
  const paths = async (...more: string[]) =>
    (await findingsOf(root, [...args, ...more])).map(({ path }) => path);
  const foreign = (found: readonly string[]) =>
    found.filter((path) => path.startsWith('backend/')).toSorted();
  expect(foreign(await paths())).toEqual(wanted);
  gitIn(root, 'add', '--all');
  expect(foreign(await paths('--staged'))).toEqual(wanted);
  gitIn(root, 'commit', '--quiet', '-m', 'Names\n\nSquad-Agent: agent-1');
  expect(foreign(await paths('--base', 'HEAD~1'))).toEqual(wanted);
  const audit = JSON.parse((await own(root, ['audit', '--since', 'HEAD~1', '--json'])).stdout) as {
    guilty: readonly Report[];
  };
  expect(foreign((audit.guilty[0]?.findings ?? []).map(({ path }) => path))).toEqual(wanted);
});

test('each is shown on one line, and what is named next works where it is typed', async () => {
  const root = ownedRepository();
  const name = "backend/it's\n[1] *.ts";
  writeFiles(root, { [name]: 'x\n', 'backend/1.ts': 'x\n' });
  gitIn(root, 'add', '--all');
  const folder = join(root, 'frontend');
  const { stdout } = await own(folder, ['check', '--staged', '--agent', 'agent-1']);
  expect(stdout.split('\n').filter((line) => line.startsWith('"'))).toEqual([
    String.raw`"backend/it's\x0a[1] *.ts" error owned-by-another: added by agent-1 against /backend (.squad/ownership.yaml:2); EXCLUSIVE to agent-2`,
  ]);
  const finding = (await findingsOf(folder, ['check', '--staged', '--agent', 'agent-1'])).find(
    ({ path }) => path === name,
  );
  const undo = finding?.next.at(-1) ?? '';
  expect(undo).toBe(String.raw`git rm --cached -- $':(literal)../backend/it\'s\x0a[1] *.ts'`);
  execFileSync('bash', ['-c', undo], { cwd: folder });
  expect(gitIn(root, 'diff', '--cached', '--name-only')).toBe('backend/1.ts');
});

test('a path is asked for, and taken, from a sub-folder', async () => {
  const root = ownedRepository();
  mkdirSync(join(root, 'my docs'));
  const { stdout } = await own(join(root, 'my docs'), ['who', '../shared/types.ts', '--agent', 'agent-1']);
  const next = /next {4}(.*)$/mu.exec(stdout)?.[1];
  expect(next).toBe('squad-lock acquire ../shared/types.ts');
});

test('a file that no lease can name is refused where one is needed', async () => {
  const root = ownedRepository();
  writeFileSync(join(root, 'shared', 'a\nb'), 'x\n');
  expect(await findingsOf(root, ['check', '--agent', 'agent-1'])).toMatchObject([
    { path: 'shared/a\nb', reason: 'not-leased', next: ['rename the file'] },
  ]);
});

test('the log is read whole, whatever is configured', async () => {
  const root = ownedRepository();
  gitIn(root, 'config', 'log.showRoot', 'false');
  gitIn(root, 'config', 'status.renames', 'copies');
  gitIn(root, 'config', 'diff.renames', 'copies');
  const audit = JSON.parse((await own(root, ['audit', '--json'])).stdout) as { guilty: readonly Report[] };
  expect(audit.guilty[0]?.findings.map(({ path }) => path)).toEqual([
    'LICENSE',
    'backend/api.ts',
    'frontend/App.tsx',
  ]);
  gitIn(root, 'mv', 'backend/api.ts', 'frontend/api.ts');
  const moved = (args: readonly string[]) => findingsOf(root, ['check', '--agent', 'agent-1', ...args]);
  expect(await moved([])).toMatchObject([{ path: 'backend/api.ts', reason: 'owned-by-another' }]);
  expect(await moved(['--staged'])).toMatchObject([{ path: 'backend/api.ts', reason: 'owned-by-another' }]);
});
