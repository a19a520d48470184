import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appendBlock, readComms } from '#comms';
import { hasOnlyImports, parseMarked, unionOf } from '#merge';
import { renderFrontMatter } from '#markdown';
import type { PlanHeader } from '#protocol';
import { loadTasks, type Task } from '#tasks';
import { expect, test } from 'vitest';
import { mergeAll, statesOf, testMerging, workOn } from '../support/merging.ts';
import { gitIn } from '../support/repository.ts';
import { commitIn, put } from '../support/worktrees.ts';

test('a generated file in conflict is made anew by its command', async () => {
  const regenerate = { 'gen.txt': 'cat parts/* > gen.txt' };
  const { root, world } = testMerging({ 'gen.txt': 'none\n' }, { regenerate });
  await workOn(world, 'one', { 'parts/1': 'one\n', 'gen.txt': 'one\n' });
  await workOn(world, 'two', { 'parts/2': 'two\n', 'gen.txt': 'two\n' });
  const result = await mergeAll(world);
  expect(statesOf(result)).toEqual({ one: 'merged', two: 'merged' });
  expect(readFileSync(join(root, 'gen.txt'), 'utf8')).toBe('one\ntwo\n');
  expect(result.run.entries[1]?.settled).toEqual({ 'gen.txt': 'made anew by: cat parts/* > gen.txt' });
});

test('a regenerating command that fails leaves the conflict to its owner', async () => {
  const { world } = testMerging(
    { 'gen.txt': 'none\n' },
    { regenerate: { 'gen.txt': 'echo no such tool; exit 7' } },
  );
  await workOn(world, 'one', { 'gen.txt': 'one\n' });
  await workOn(world, 'two', { 'gen.txt': 'two\n' });
  const { run } = await mergeAll(world);
  expect(run.entries[1]).toMatchObject({
    state: 'conflict',
    reason: '"echo no such tool; exit 7" failed with 7: no such tool',
    files: ['gen.txt'],
  });
});

test('changelogs keep the lines of both sides, imports those of both sides once', async () => {
  const { root, world } = testMerging({
    'CHANGELOG.md': '# Log\n',
    'a.ts': "import a from 'a';\n\ncode();\n",
  });
  await workOn(world, 'one', {
    'CHANGELOG.md': '# Log\n- one\n',
    'a.ts': "import a from 'a';\nimport both from 'both';\nimport one from 'one';\n\ncode();\n",
  });
  await workOn(world, 'two', {
    'CHANGELOG.md': '# Log\n- two\n',
    'a.ts': "import a from 'a';\nimport both from 'both';\nimport two from 'two';\n\ncode();\n",
  });
  const result = await mergeAll(world);
  expect(statesOf(result)).toEqual({ one: 'merged', two: 'merged' });
  expect(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')).toBe('# Log\n- one\n- two\n');
  expect(readFileSync(join(root, 'a.ts'), 'utf8')).toBe(
    "import a from 'a';\nimport both from 'both';\nimport one from 'one';\nimport two from 'two';\n\ncode();\n",
  );
});

test('one file that needs a person leaves the whole branch to its owner', async () => {
  const { root, world } = testMerging({ 'CHANGELOG.md': '# Log\n', 'a.txt': '1\n' });
  await workOn(
    world,
    { name: 'one', purpose: 'Count to one' },
    { 'CHANGELOG.md': '# Log\n- one\n', 'a.txt': 'one\n' },
  );
  await workOn(
    world,
    { name: 'two', agent: 'agent-2', purpose: 'Count to two' },
    { 'CHANGELOG.md': '# Log\n- two\n', 'a.txt': 'two\n' },
  );
  const result = await mergeAll(world);
  expect(statesOf(result)).toEqual({ one: 'merged', two: 'conflict' });
  const entry = result.run.entries[1];
  const text = readFileSync(join(world.home.squadDir, entry?.handoff ?? ''), 'utf8');
  expect(text).toBe(`# squad/two could not be merged into main

Why: both sides changed the same lines

## Files

- a.txt (NONE, SEQUENTIAL)

## What the sides intend

### two (agent-2)

- branch: squad/two
- purpose: Count to two

### one

- branch: squad/one
- purpose: Count to one

## Next

\`\`\`sh
cd "$(squad-worktree path two)"
git merge ${result.run.head}
# settle the conflict, then: git commit
squad-merge run two --into main
\`\`\`
`);
  const [request] = readComms(world.store, world.home.squadDir).blocks;
  expect(request).toMatchObject({
    kind: 'handoff-request',
    author: 'coordinator',
    to: 'agent-2',
    files: ['a.txt'],
  });
  expect(gitIn(root, 'status', '--porcelain')).toBe('');
});

test('a conflict settled as told goes in with the next run', async () => {
  const { root, world } = testMerging({ 'a.txt': '1\n' });
  await workOn(world, 'one', { 'a.txt': 'one\n' });
  await workOn(world, 'two', { 'a.txt': 'two\n' });
  const { run } = await mergeAll(world);
  const path = `${root}.worktrees/two`;
  expect(() => gitIn(path, 'merge', run.head)).toThrow();
  put(path, 'a.txt', 'one and two\n');
  gitIn(path, 'commit', '--quiet', '--all', '--message', 'Settle');
  expect(statesOf(await mergeAll(world, { names: ['two'] }))).toEqual({ two: 'merged' });
  expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('one and two\n');
});

test('a deleted file that the other side changed is a matter for a person', async () => {
  const { root, world } = testMerging({ 'CHANGELOG.md': '# Log\n' });
  await workOn(world, 'one', { 'CHANGELOG.md': '# Log\n- one\n' });
  const two = await workOn(world, 'two', { 'x.txt': 'x\n' });
  expect(two).toHaveLength(40);
  gitIn(`${root}.worktrees/two`, 'rm', '--quiet', 'CHANGELOG.md');
  gitIn(`${root}.worktrees/two`, 'commit', '--quiet', '--message', 'No log');
  expect(Object.values(statesOf(await mergeAll(world))).toSorted()).toEqual(['conflict', 'merged']);
});

test('a rebase that does not apply says at which commit', async () => {
  const { world } = testMerging({ 'a.txt': '1\n' });
  await workOn(world, 'one', { 'a.txt': 'one\n' });
  const commit = await workOn(world, 'two', { 'a.txt': 'two\n' });
  const { run } = await mergeAll(world, { strategy: 'rebase' });
  expect(run.entries[1]).toMatchObject({
    state: 'conflict',
    reason: `commit ${commit.slice(0, 12)} "Work" does not apply: both sides changed the same lines`,
    files: ['a.txt'],
  });
});

test.each(['rebase', 'cherry-pick'] as const)(
  '%s settles what needs no person, commit by commit',
  async (strategy) => {
    const regenerate = { 'gen.txt': 'cat parts/* > gen.txt' };
    const { root, world } = testMerging({ 'CHANGELOG.md': '# Log\n', 'gen.txt': '\n' }, { regenerate });
    await workOn(world, 'one', { 'CHANGELOG.md': '# Log\n- one\n', 'gen.txt': 'one\n', 'parts/1': 'one\n' });
    await workOn(world, 'two', { 'CHANGELOG.md': '# Log\n- two\n' });
    commitIn(`${root}.worktrees/two`, { 'gen.txt': 'two\n', 'parts/2': 'two\n' });
    commitIn(`${root}.worktrees/two`, { 'CHANGELOG.md': '# Log\n- two\n- three\n' });
    const result = await mergeAll(world, { strategy });
    expect(statesOf(result)).toEqual({ one: 'merged', two: 'merged' });
    expect(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')).toBe('# Log\n- one\n- two\n- three\n');
    expect(readFileSync(join(root, 'gen.txt'), 'utf8')).toBe('one\ntwo\n');
    expect(result.run.entries[1]?.settled).toEqual({
      'CHANGELOG.md': 'both sides kept',
      'gen.txt': 'made anew by: cat parts/* > gen.txt',
    });
    expect(gitIn(root, 'log', '--merges', '--format=%s')).toBe('');
  },
);

test('a branch in conflict becomes one task of its agent, and another one only after that is complete', async () => {
  const { root, world } = testMerging({ 'a.txt': '1\n' });
  const header: PlanHeader = {
    version: 1,
    agent: 'agent-2',
    role: 'agent-2',
    feature: 'Counting',
    prd_hash: `sha256:${'0'.repeat(64)}`,
    tasks: [],
  };
  const plan = '.squad/parallel-plans/agent-2-plan.md';
  put(root, plan, renderFrontMatter({ ...header }, '# Plan\n'));
  await workOn(world, 'one', { 'a.txt': 'one\n' });
  await workOn(world, { name: 'two', agent: 'agent-2' }, { 'a.txt': 'two\n' });
  await mergeAll(world);
  const tasks = (): readonly Task[] =>
    loadTasks({ store: world.store, squadDir: world.home.squadDir, root }).tasks;
  const [task] = tasks();
  expect(task).toMatchObject({
    id: 'MERGE-two',
    title: 'Make squad/two fit into main',
    agent: 'agent-2',
    files: { modify: ['a.txt'] },
  });
  const tree = `${root}.worktrees/two`;
  const accept = (): number | null => spawnSync('sh', ['-c', task?.acceptance ?? ''], { cwd: tree }).status;
  expect(accept()).toBe(1);
  await mergeAll(world, { names: ['two'] });
  expect(tasks()).toHaveLength(1);
  expect(() => gitIn(tree, 'merge', 'main')).toThrow();
  put(tree, 'a.txt', 'one and two\n');
  gitIn(tree, 'commit', '--quiet', '--all', '--message', 'Settle');
  expect(accept()).toBe(0);
  appendBlock(world.store, world.home.squadDir, {
    kind: 'completion',
    author: 'agent-2',
    at: world.clock.wallMs(),
    extra: {},
    taskId: 'MERGE-two',
    filesModified: [],
    evidence: [],
  });
  commitIn(root, { 'a.txt': 'three\n' });
  await mergeAll(world, { names: ['two'] });
  expect(tasks().map(({ id }) => id)).toEqual(['MERGE-two', 'MERGE-two-2']);
  expect(readFileSync(join(root, plan), 'utf8')).toContain('## MERGE-two Make squad/two fit into main\n');
});

const LABELS = ['OURS', 'THEIRS'] as const;

test('marked text is taken apart by its labels only', () => {
  const text = 'a\n<<<<<<< OURS\nx\n=======\ny\n>>>>>>> THEIRS\n<<<<<<< not ours\nb\n';
  const parts = parseMarked(text, [...LABELS]) ?? [];
  expect(unionOf(parts)).toBe('a\nx\ny\n<<<<<<< not ours\nb\n');
  expect(parseMarked('<<<<<<< OURS\nx\n', [...LABELS])).toBeUndefined();
});

test.each([
  ["import a from 'a';", "import b from 'b';", true],
  ['from a import b', 'import c', true],
  ['#include <a.h>', '#include "b.h"', true],
  ['use a::b;', 'use c::d;', true],
  ["const a = require('a');", "const b = require('b');", true],
  ["export * from './a.ts';", "export { b } from './b.ts';", true],
  ["import a from 'a';", 'code();', false],
  ['import {', 'import {', false],
])('hunk %j against %j holds only imports: %s', (ours, theirs, expected) => {
  expect(hasOnlyImports([{ kind: 'hunk', hunk: { ours: [ours], theirs: [theirs] } }])).toBe(expected);
});
