import { expect, test } from 'vitest';
import { readDocument } from '#plan';

function tasks(path: string, lines: readonly string[]): readonly string[] {
  return readDocument({ path, content: lines.join('\n') }).tasks.map(
    ({ id, status, title, writes }) =>
      `${id} ${status} ${title} [${writes.map(({ path: file }) => file).join(' ')}]`,
  );
}

test('check marks and signs before an id are boxes; in prose they are none', () => {
  expect(
    tasks('specs/x/tasks.md', [
      '- [ ] ✅ T001 a `a.ts`',
      '- ✅ T002 b `b.ts`',
      '- ⬜ **T003** c `c.ts`',
      '- 🚧 T004 d `d.ts`',
      '- [ ] ~~T005 e `e.ts`~~',
      '- [ ] T006 f `f.ts`',
    ]),
  ).toEqual([
    'T001 done a `a.ts` [a.ts]',
    'T002 done b `b.ts` [b.ts]',
    'T003 todo c `c.ts` [c.ts]',
    'T004 doing d `d.ts` [d.ts]',
    'T005 cancelled e `e.ts` [e.ts]',
    'T006 todo f `f.ts` [f.ts]',
  ]);
  expect(
    tasks('prd.md', [
      '# X',
      '## Tasks',
      '- Build it',
      '## Benefits',
      '- ✅ Works offline',
      '- ✅ FR-001: fast',
      '- ✅ 2.5 s',
    ]),
  ).toEqual(['build-it todo Build it []']);
});

test('a scope in lines without blank lines between them; what lies beyond the boundary is not written', () => {
  expect(
    tasks('.claude/tasks/login.md', [
      '# Task: Login',
      '**Scope**:',
      'CREATE:',
      '- `src/login.ts`',
      'MODIFY:',
      '- `src/app.ts` (lines 1-3)',
      'BOUNDARY:',
      '- `src/db.ts`',
    ]),
  ).toEqual(['login todo Login [src/login.ts src/app.ts]']);
});

test('the text form of task-master, with sub-tasks and what they inherit', () => {
  const document = readDocument({
    path: 'tasks/task_002.txt',
    content:
      '# Task ID: 2\n# Title: Build\n# Status: pending\n# Dependencies: 1\n# Details:\nsee below\n\n# Test Strategy:\nrun `t.ts`\n\n' +
      '# Subtasks:\n## 1. First [pending]\n### Dependencies: None\n### Description: edit `src/b.ts`\n\n## 2. Second [done]\n### Dependencies: 2.1\n',
  });
  expect(document.format).toBe('task-master-text');
  expect(
    document.tasks.map(({ id, status, writes, dependencies }) => [
      id,
      status,
      writes.map(({ path }) => path),
      dependencies.map((dependency) => dependency.id),
    ]),
  ).toEqual([
    ['2.1', 'todo', ['src/b.ts'], []],
    ['2.2', 'done', [], ['2.1']],
  ]);
});

test('relevant files of task-master by what is done with them', () => {
  const [task] = readDocument({
    path: 'tasks.json',
    content: JSON.stringify({
      tasks: [
        {
          id: 1,
          title: 'a',
          relevantFiles: [
            { path: 'src/new.ts', action: 'create' },
            { path: 'src/old.ts', action: 'modify' },
            { path: 'src/seen.ts', action: 'reference' },
          ],
        },
      ],
    }),
  }).tasks;
  expect(task?.writes.map(({ path, mode }) => [path, mode])).toEqual([
    ['src/new.ts', 'create'],
    ['src/old.ts', 'modify'],
  ]);
  expect(task?.reads).toEqual(['src/seen.ts']);
});

test('a general heading gives way to the name of the folder', () => {
  const feature = (path: string, text: string): string => readDocument({ path, content: text }).feature;
  expect(feature('openspec/changes/add-x/tasks.md', '## 1. Setup\n- [ ] 1.1 a\n')).toBe('add-x');
  expect(feature('.kiro/specs/login/tasks.md', '# Implementation Plan\n- [ ] 1. a\n')).toBe('login');
  expect(feature('tasks.md', '# Tasks\n- [ ] T001 a\n')).toBe('Tasks');
});
