import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { binPath, cleanEnvironment, runBin } from '../support/bins.ts';
import { testMerging, workOn } from '../support/merging.ts';
import { gitIn } from '../support/repository.ts';
import { put } from '../support/worktrees.ts';

test('plan and forecast say order and conflicts and leave the repository as it was', async () => {
  const { root, world } = testMerging({ 'a.txt': '1\n2\n3\n4\n5\n6\n7\n8\n' });
  await workOn(world, 'top', { 'a.txt': 'top\n2\n3\n4\n5\n6\n7\n8\n' });
  await workOn(world, 'rival', { 'a.txt': 'rival\n2\n3\n4\n5\n6\n7\n8\n', 'r.txt': 'r\n' });
  await workOn(world, 'bottom', { 'a.txt': '1\n2\n3\n4\n5\n6\n7\nbottom\n' });
  put(`${root}.worktrees/bottom`, 'unsaved.txt', 'x\n');
  const objects = gitIn(root, 'count-objects');
  const plan = await runBin('squad-merge', ['plan'], { cwd: root });
  expect(plan.code).toBe(1);
  expect(plan.stdout).toBe(`into main, in this order:

   NAME    COMMITS  FILES  AFTER  FORECAST
1  bottom  1        1      -      clean
2  top     1        1      -      clean
3  rival   1        2      -      conflict in a.txt with top

not committed, so not part of it:
  bottom: 1 change

next: squad-merge run --into main
`);
  const forecast = await runBin('squad-merge', ['forecast', '--json'], { cwd: root });
  const { pairs } = JSON.parse(forecast.stdout) as { pairs: unknown };
  expect(pairs).toEqual([
    { a: 'bottom', b: 'rival', kind: 'overlap', files: ['a.txt'] },
    { a: 'bottom', b: 'top', kind: 'overlap', files: ['a.txt'] },
    { a: 'rival', b: 'top', kind: 'conflict', files: ['a.txt'] },
  ]);
  expect(gitIn(root, 'count-objects')).toBe(objects);
  expect(gitIn(root, 'for-each-ref', 'refs/squad')).toBe('');
});

test('a run from a linked worktree merges, reports and can be undone', async () => {
  const { root, world } = testMerging();
  await workOn(world, 'one', { '1.txt': '1\n' });
  const run = await runBin('squad-merge', ['run', '--test', 'test -e a.txt', '--json'], {
    cwd: `${root}.worktrees/one`,
  });
  expect(run.stderr).toBe(
    'testing main before anything is merged: test -e a.txt\nmerging one\ntesting one: test -e a.txt\n',
  );
  expect(run.code).toBe(0);
  const result = JSON.parse(run.stdout) as { id: string; report: string; state: string };
  expect(result.state).toBe('landed');
  expect(readFileSync(result.report, 'utf8')).toContain('| one | merged |');
  const undo = await runBin('squad-merge', ['undo'], { cwd: root });
  expect(undo.code).toBe(0);
  expect(existsSync(join(root, '1.txt'))).toBe(false);
  expect((await runBin('squad-merge', ['undo'], { cwd: root })).code).toBe(1);
});

test('only one merges at a time; the second is told who and exits 3', async () => {
  const { root, world } = testMerging();
  await workOn(world, 'one', { '1.txt': '1\n' });
  const hold = `test -e '${root}/.squad/first' || { touch '${root}/.squad/first'; }; while test ! -e '${root}/.squad/go'; do sleep 0.05; done`;
  const first = spawn(process.execPath, [binPath('squad-merge'), 'run', '--test', hold], {
    cwd: root,
    env: cleanEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await once(first.stderr, 'data');
  const second = await runBin('squad-merge', ['run', '--json'], { cwd: root });
  put(root, '.squad/go', '');
  const [code] = (await once(first, 'exit')) as [number];
  expect(second.code).toBe(3);
  expect(JSON.parse(second.stdout)).toMatchObject({
    error: { code: 'MERGE_BUSY', message: `another squad-merge is at work here (process ${first.pid})` },
  });
  expect(code).toBe(0);
});

test('strategy pr writes bodies and prints the commands, without a network', async () => {
  const { root, world } = testMerging();
  await workOn(world, { name: 'one', purpose: "It's first" }, { '1.txt': '1\n' });
  const { stdout, code } = await runBin('squad-merge', ['run', '--strategy', 'pr'], { cwd: root });
  const body = join(root, '.squad/merge/pull-requests-main/one.md');
  expect(code).toBe(0);
  expect(stdout).toBe(`# one: It's first
git push --set-upstream origin squad/one
gh pr create --base main --head squad/one --title 'It'\\''s first' --body-file '${body}'
`);
  expect(readFileSync(body, 'utf8')).toBe(
    "It's first\n\n## Commits\n\n- Work\n\n## Merging\n\nNumber 1 of 1 into main.\n",
  );
});

test.each([
  [['run', '--strategy', 'octopus'], 2, 'there is no strategy "octopus"'],
  [['run', 'nope'], 1, 'there is no worktree "nope"'],
  [['run', '--into', 'nope'], 1, 'there is no branch "nope" to merge into'],
  [['undo', 'nope'], 1, 'there is no run "nope" that could be undone'],
  [['merg'], 2, 'squad-merge has no command "merg"'],
])('%j exits %d and says why', async (args, code, message) => {
  const { root, world } = testMerging();
  await workOn(world, 'one', { '1.txt': '1\n' });
  const result = await runBin('squad-merge', args, { cwd: root });
  expect(result.code).toBe(code);
  expect(result.stderr).toContain(message);
});

test('without worktrees it says so', async () => {
  const { root } = testMerging();
  const result = await runBin('squad-merge', ['plan'], { cwd: root });
  expect(result.code).toBe(2);
  expect(result.stderr).toBe(
    'error USAGE: there are no worktrees, so there is nothing to merge\n  name branches: squad-merge plan BRANCH… --into BRANCH\n',
  );
});
