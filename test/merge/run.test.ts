import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHandOff, finishRun, readRuns, renderReport, reportRun, undoRun, unfinishedRun } from '#merge';
import { createWorktree, readWorktree, removeWorktree } from '#worktree';
import { expect, test } from 'vitest';
import { mergeAll, statesOf, testMerging, workOn } from '../support/merging.ts';
import { gitIn } from '../support/repository.ts';
import { commitIn, put } from '../support/worktrees.ts';

function refsOf(root: string): string {
  return gitIn(root, 'for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads');
}

test('branches are merged one after another, each tested, and the target follows', async () => {
  const { root, world, steps } = testMerging({}, { test: 'test ! -e broken' });
  await workOn(world, 'one', { '1.txt': '1\n' });
  await workOn(world, { name: 'two', purpose: 'Second thing' }, { '2.txt': '2\n' });
  const result = await mergeAll(world);
  expect(result.run.state).toBe('landed');
  expect(statesOf(result)).toEqual({ one: 'merged', two: 'merged' });
  expect(gitIn(root, 'log', '--first-parent', '--format=%s')).toBe(
    'merge(two): Second thing\nmerge(one): Work\nStart',
  );
  expect(gitIn(root, 'status', '--porcelain')).toBe('');
  expect(existsSync(join(root, '2.txt'))).toBe(true);
  expect(steps).toEqual([
    'testing main before anything is merged: test ! -e broken',
    'merging one',
    'testing one: test ! -e broken',
    'merging two',
    'testing two: test ! -e broken',
  ]);
  expect(readWorktree(world.store, world.home.squadDir, 'one')?.lastTest).toMatchObject({ exitCode: 0 });
});

test('a red branch is parked with its output, those that need it are blocked, the rest goes on', async () => {
  const { root, world } = testMerging({}, { test: 'echo looking; test ! -e broken' });
  await workOn(world, 'bad', { broken: 'x\n' });
  await workOn(world, { name: 'needs-bad', dependsOn: ['bad'], stack: true }, { 'n.txt': 'n\n' });
  await workOn(world, { name: 'good', agent: 'agent-3' }, { 'g.txt': 'g\n' });
  const result = await mergeAll(world);
  expect(statesOf(result)).toEqual({ bad: 'parked', 'needs-bad': 'blocked', good: 'merged' });
  expect(result.run.state).toBe('landed');
  expect(existsSync(join(root, 'broken'))).toBe(false);
  const bad = result.run.entries.find(({ name }) => name === 'bad');
  expect(bad?.reason).toBe('the test is red (exit 1)');
  expect(readFileSync(join(world.home.squadDir, bad?.log ?? ''), 'utf8')).toMatch(
    /^\$ echo looking; test ! -e broken\n# at [0-9a-f]{40}\nlooking\n\n# exit 1\n$/u,
  );
  expect(readFileSync(join(world.home.squadDir, bad?.handoff ?? ''), 'utf8')).toContain('looking');
  expect(result.run.entries.find(({ name }) => name === 'needs-bad')?.reason).toBe(
    'needs bad, which is not in',
  );
});

test('a batch is tested once; when red, bisection finds the branch and the others still go in', async () => {
  const { root, world, steps } = testMerging({}, { test: 'test ! -e broken' });
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f'])
    await workOn(world, name, name === 'd' ? { broken: 'x\n' } : { [`${name}.txt`]: 'x\n' });
  const result = await mergeAll(world, { batch: true });
  expect(statesOf(result)).toEqual({
    a: 'merged',
    b: 'merged',
    c: 'merged',
    d: 'parked',
    e: 'merged',
    f: 'merged',
  });
  expect(result.run.state).toBe('landed');
  expect(existsSync(join(root, 'broken'))).toBe(false);
  expect(existsSync(join(root, 'f.txt'))).toBe(true);
  // Baseline, all, three halvings at most, the rest: less than one test a branch.
  expect(steps.filter((step) => step.startsWith('testing')).length).toBeLessThanOrEqual(6);
});

test('two red branches in one batch are both found', async () => {
  const { world } = testMerging({}, { test: 'test ! -e x1 && test ! -e x2' });
  for (const [name, file] of [
    ['a', 'a'],
    ['b', 'x1'],
    ['c', 'c'],
    ['d', 'x2'],
    ['e', 'e'],
  ] as const)
    await workOn(world, name, { [file]: 'x\n' });
  expect(statesOf(await mergeAll(world, { batch: true }))).toEqual({
    a: 'merged',
    b: 'parked',
    c: 'merged',
    d: 'parked',
    e: 'merged',
  });
});

test('a target that is red by itself stops everything before it begins', async () => {
  const { root, world } = testMerging({ broken: 'x\n' }, { test: 'test ! -e broken' });
  await workOn(world, 'one', { '1.txt': '1\n' });
  const before = refsOf(root);
  const { run } = await mergeAll(world);
  expect(run).toMatchObject({ state: 'stopped', baseline: 1 });
  expect(run.reason).toMatch(
    /^main is red by itself: the test is red \(exit 1\); output: \.squad\/merge\/\w+\/baseline\.log$/u,
  );
  expect(refsOf(root)).toBe(before);
});

test('types are checked before tests and hold a branch back alike', async () => {
  const checks = { types: 'echo types; test ! -e bad.types', test: 'echo tests; test ! -e bad.test' };
  const { root, world } = testMerging({ 'a.txt': '1\n' }, checks);
  await workOn(world, 'one', { 'bad.types': 'x\n' });
  await workOn(world, 'three', { '3.txt': '3\n' });
  await workOn(world, 'two', { 'bad.test': 'x\n' });
  const { run } = await mergeAll(world);
  const [one, three, two] = run.entries;
  expect(run.state).toBe('landed');
  expect(one).toMatchObject({
    state: 'parked',
    reason: 'the type check is red (exit 1)',
    log: `merge/${run.id}/one.types.log`,
  });
  expect(one?.checks?.map(({ kind, exitCode }) => [kind, exitCode])).toEqual([['types', 1]]);
  expect(two).toMatchObject({ state: 'parked', reason: 'the test is red (exit 1)' });
  expect(three?.checks?.map(({ kind, exitCode }) => [kind, exitCode])).toEqual([
    ['types', 0],
    ['test', 0],
  ]);
  const report = renderReport(await reportRun(world, run, []));
  const part = report.slice(report.indexOf('## Tests'), report.indexOf('## Undo'));
  const known = part
    .replaceAll(run.id, 'ID')
    .replaceAll(/\b[0-9a-f]{12}\b/gu, 'COMMIT')
    .replaceAll(/\d+m?s(?= \|)/gu, 'TIME');
  expect(known).toBe(`## Tests

\`echo tests; test ! -e bad.test\`, after each merge.

| up to | result | commit | took | output |
|---|---|---|---|---|
| three | green | COMMIT | TIME | .squad/merge/ID/three.log |
| two | red (exit 1) | COMMIT | TIME | .squad/merge/ID/two.log |

## Types

\`echo types; test ! -e bad.types\`, after each merge.

| up to | result | commit | took | output |
|---|---|---|---|---|
| one | red (exit 1) | COMMIT | TIME | .squad/merge/ID/one.types.log |
| three | green | COMMIT | TIME | .squad/merge/ID/three.types.log |
| two | green | COMMIT | TIME | .squad/merge/ID/two.types.log |

`);
  expect(existsSync(join(root, '3.txt'))).toBe(true);
});

test('only the stated target moves, never a branch, never the checkout of another branch', async () => {
  const { root, world } = testMerging();
  await workOn(world, 'one', { '1.txt': '1\n' });
  gitIn(root, 'switch', '--quiet', '--create', 'mine');
  put(root, 'unsaved.txt', 'unsaved\n');
  put(root, 'a.txt', 'edited\n');
  const tip = gitIn(root, 'rev-parse', 'squad/one');
  await mergeAll(world);
  expect(gitIn(root, 'rev-parse', 'squad/one')).toBe(tip);
  expect(gitIn(root, 'rev-parse', 'main^2')).toBe(tip);
  expect(gitIn(root, 'status', '--porcelain')).toBe('M a.txt\n?? unsaved.txt');
  expect(gitIn(root, 'branch', '--show-current')).toBe('mine');
});

test('a target checked out with uncommitted changes is not touched; the result waits', async () => {
  const { root, world } = testMerging();
  await workOn(world, 'one', { '1.txt': '1\n' });
  put(root, 'a.txt', 'edited\n');
  const result = await mergeAll(world);
  expect(result.landing).toEqual({
    kind: 'held',
    why: `${root} has main checked out with 1 uncommitted change`,
    next: `git -C "${root}" merge --ff-only ${result.run.head.slice(0, 12)}`,
  });
  expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('edited\n');
  gitIn(root, 'checkout', '--quiet', '--', 'a.txt');
  const waiting = unfinishedRun(world);
  if (waiting === undefined) throw new Error('the run is gone');
  const again = await finishRun(world, waiting, createHandOff(world, []));
  expect(again.run.state).toBe('landed');
  expect(existsSync(join(root, '1.txt'))).toBe(true);
});

test('when the target moves meanwhile everything is merged onto it anew', async () => {
  const { root, world } = testMerging({}, { test: 'true' });
  await workOn(world, 'one', { '1.txt': '1\n' });
  let added = '';
  const onStep = (text: string): void => {
    if (text.startsWith('testing one') && added === '') added = commitIn(root, { 'mine.txt': 'mine\n' });
  };
  const { run } = await mergeAll({ ...world, onStep });
  expect(run).toMatchObject({ state: 'landed', from: added });
  expect(gitIn(root, 'rev-list', '--first-parent', 'main').split('\n')[1]).toBe(added);
});

test('undo restores exactly, and what was merged stays reachable', async () => {
  const { root, world } = testMerging();
  await workOn(world, 'one', { 'a.txt': 'one\n', '1.txt': '1\n' });
  const refs = refsOf(root);
  const { run } = await mergeAll(world);
  await undoRun(world, run);
  expect(refsOf(root)).toBe(refs);
  expect(gitIn(root, 'status', '--porcelain')).toBe('');
  expect(existsSync(join(root, '1.txt'))).toBe(false);
  gitIn(root, 'gc', '--quiet', '--prune=now');
  expect(gitIn(root, 'rev-parse', `refs/squad/backup/merge/${run.id}/landed`)).toBe(run.head);
  expect(readRuns(world.store, world.home.squadDir).map(({ state }) => state)).toEqual(['undone']);
});

test('undo refuses to take later commits with it, or uncommitted changes', async () => {
  const { root, world } = testMerging();
  await workOn(world, 'one', { '1.txt': '1\n' });
  const { run } = await mergeAll(world);
  put(root, '1.txt', 'edited\n');
  await expect(undoRun(world, run)).rejects.toMatchObject({ code: 'MERGE_HELD' });
  expect(readFileSync(join(root, '1.txt'), 'utf8')).toBe('edited\n');
  const later = commitIn(root, { 'later.txt': 'l\n' });
  await expect(undoRun(world, run)).rejects.toMatchObject({ code: 'MERGE_HELD' });
  expect(gitIn(root, 'rev-parse', 'main')).toBe(later);
});

test.each([
  ['rebase', ['Work', 'Work', 'Start']],
  ['cherry-pick', ['Work', 'Work', 'Start']],
  ['squash', ['feat(two): Work', 'feat(one): Work', 'Start']],
] as const)('strategy %s gives a line without merges and leaves the branches', async (strategy, subjects) => {
  const { root, world } = testMerging();
  await workOn(world, 'one', { '1.txt': '1\n' });
  await workOn(world, 'two', { '2.txt': '2\n' });
  const tips = gitIn(root, 'rev-parse', 'squad/one', 'squad/two');
  await mergeAll(world, { strategy });
  expect(gitIn(root, 'log', '--format=%s').split('\n')).toEqual(subjects);
  expect(gitIn(root, 'rev-parse', 'squad/one', 'squad/two')).toBe(tips);
  const record = readWorktree(world.store, world.home.squadDir, 'two');
  if (record === undefined) throw new Error('no record');
  // What was squashed or picked counts as merged, so the worktree may go.
  expect((await removeWorktree(world, record, { force: false })).kind).toBe('removed');
});

test('a branch that is in already is not merged twice', async () => {
  const { root, world } = testMerging();
  await workOn(world, 'one', { '1.txt': '1\n' });
  await mergeAll(world);
  const tip = gitIn(root, 'rev-parse', 'main');
  const again = await mergeAll(world);
  expect(again.run).toMatchObject({ state: 'stopped', reason: 'there was nothing to merge' });
  expect(gitIn(root, 'rev-parse', 'main')).toBe(tip);
});

test('no worktrees give an empty run, not a failure', async () => {
  const { world } = testMerging();
  await createWorktree(world, { name: 'empty' });
  expect((await mergeAll(world)).run).toMatchObject({ entries: [], state: 'stopped' });
});

test('a test that hangs is ended and counts as red', async () => {
  const { world } = testMerging({}, { test: 'test ! -e slow || sleep 600', testTimeout: '1s' });
  await workOn(world, 'slow', { slow: 'x\n' });
  const { run } = await mergeAll(world);
  expect(run.entries[0]).toMatchObject({ state: 'parked', reason: 'the test did not end in time' });
});

test('every merge has a backup ref of target and branch from before', async () => {
  const { root, world } = testMerging();
  const tip = await workOn(world, 'one', { '1.txt': '1\n' });
  const { run } = await mergeAll(world);
  expect(gitIn(root, 'rev-parse', `refs/squad/backup/merge/${run.id}/branch-one`)).toBe(tip);
  expect(gitIn(root, 'rev-parse', `refs/squad/backup/merge/${run.id}/target`)).toBe(run.from);
});
