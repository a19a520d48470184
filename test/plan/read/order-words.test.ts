import { describe, expect, test } from 'vitest';
import { readDocument } from '#plan';

/** `T002 < T001` for every dependency that the text states. */
function edges(path: string, lines: readonly string[]): readonly string[] {
  return readDocument({ path, content: lines.join('\n') }).tasks.flatMap(({ id, dependencies }) =>
    dependencies
      .filter(({ reason }) => reason !== 'order' && reason !== 'barrier')
      .map((dependency) => `${id} < ${dependency.id}`),
  );
}

const HEAD = [
  '# Tasks',
  '## Phase 1: Base',
  '- [ ] T001 [US1] a `a.ts`',
  '- [ ] T002 b `b.ts`',
  '## Phase 2: More',
];

describe('words for an order on the line of a task', () => {
  test.each([
    ['c `c.ts` (deps: T001; T002)', ['T003 < T001', 'T003 < T002']],
    ['c `c.ts` (depends on T001-T002)', ['T003 < T001', 'T003 < T002']],
    ['c `c.ts` [depends: T002]', ['T003 < T002']],
    ['c `c.ts` (needs T001/T002)', ['T003 < T001', 'T003 < T002']],
    ['c `c.ts`; depends on all of Phase 1', ['T003 < T001', 'T003 < T002']],
    ['c `c.ts` — blocked by US1', ['T003 < T001']],
    ['c `c.ts`, hidden until US1', []],
    ['c `c.ts` after phase 1', []],
    ['c `c.ts`（T001、T002に依存）', ['T003 < T001', 'T003 < T002']],
    ['T002完了後に `c.ts` を更新', ['T003 < T002']],
    ['구현 `c.ts` (T001에 의존)', ['T003 < T001']],
    ['实现 `c.ts`（依赖 T001）', ['T003 < T001']],
    ['`c.ts` depende de T001', ['T003 < T001']],
    ['`c.ts` hängt ab von T001', ['T003 < T001']],
    ['c `c.ts`, 24-28h, does not depend on T001', []],
    ['c `c.ts` (T001 first)', ['T003 < T001']],
    ['c `c.ts` — T001 and T002 must be done first', ['T003 < T001', 'T003 < T002']],
    ['c `c.ts` once T002 exists', ['T003 < T002']],
    ['c `c.ts` (needs T002 done)', ['T003 < T002']],
    ['c `c.ts`; blocked until T001', ['T003 < T001']],
    ['c `c.ts`; must not start until T001 lands', ['T003 < T001']],
    ["c `c.ts`; don't merge before T001", ['T003 < T001']],
    ['c `c.ts`, before T002', ['T002 < T003']],
    ['c `c.ts`; can run before T002', []],
    ['c `c.ts` without waiting for T001', []],
    ['c `c.ts` unless T001 lands', []],
    ['c `c.ts`; T001 after T002', []],
    ['c `c.ts` with T001 first-class support', []],
  ])('%s', (text, expected) => {
    expect(edges('tasks.md', [...HEAD, `- [ ] T003 ${text}`])).toEqual(expected);
  });

  test('what a task blocks waits for it', () => {
    expect(
      edges('tasks.md', ['- [ ] T001 a (blocks T002)', '- [ ] T002 b', '- [ ] T003 c must land before T002']),
    ).toEqual(['T002 < T001', 'T002 < T003']);
  });
});

describe('a section on dependencies', () => {
  const three = [
    '# Tasks',
    '- [ ] T001 a',
    '- [ ] T002 b',
    '- [ ] T003 c',
    '- [ ] T004 d',
    '## Dependencies',
  ];
  test.each([
    [['T001 → T002, T003 → T004'], ['T002 < T001', 'T003 < T001', 'T004 < T002', 'T004 < T003']],
    [['Same file: T001→T002 and T003→T004 (`x`)'], ['T002 < T001', 'T004 < T003']],
    [
      ['| Task | Depends on |', '|---|---|', '| T003 | T001, T002 |'],
      ['T003 < T001', 'T003 < T002'],
    ],
    [['| Task | Blocks |', '|---|---|', '| **T001** | T002 |'], ['T002 < T001']],
    [['```', 'T001 --> T002', '```'], ['T002 < T001']],
    [['- T001 is not blocked by T002'], []],
    [['- T003 has no dependency on T002'], []],
    [['- T002 can start before T001'], []],
    [['- T002 must not start before T001'], ['T002 < T001']],
    [['- T002 remains blocked until T001 is accepted'], ['T002 < T001']],
    [['- T001 before T002 before T003'], ['T002 < T001', 'T003 < T002']],
    [['- T002 after T001, T004 after T003'], ['T002 < T001', 'T004 < T003']],
    [['- T002 needs T001 and blocks T004'], ['T002 < T001', 'T004 < T002']],
    [['- T002–T003 after T001; T004 before T001'], ['T001 < T004', 'T002 < T001', 'T003 < T001']],
    [['- After T001 completes, launch T002-T003 together'], ['T002 < T001', 'T003 < T001']],
    [['- Once T001 is done: T002, T003 in parallel'], ['T002 < T001', 'T003 < T001']],
    [['- After T001, T002 can start'], ['T002 < T001']],
    [['- Setup: T002 ‖ T003 (T001 first)'], ['T002 < T001', 'T003 < T001']],
    [
      ['- T002 and T003 in parallel; T001 first, T004 after T003.'],
      ['T002 < T001', 'T003 < T001', 'T004 < T001', 'T004 < T003'],
    ],
    [['- T001 first, then T002 and T003'], ['T002 < T001', 'T003 < T001']],
    [['- T002 ∥ T003 in parallel (after T001)'], ['T002 < T001', 'T003 < T001']],
    [['- T001 is required by T002'], ['T002 < T001']],
    [["- T001's spike before T002 (its outcome decides) — Story 3"], ['T002 < T001']],
    [['- **Phase 2** (after T001 completes): T002, T003 in parallel'], ['T002 < T001', 'T003 < T001']],
    [['- T002 can run in parallel with T003 after T001 completes.'], ['T002 < T001', 'T003 < T001']],
    [['- T003 must wait for T001 (US1), but T004 does not need T002'], ['T003 < T001']],
  ])('%j', (lines, expected) => {
    expect(edges('tasks.md', [...three, ...lines]).toSorted()).toEqual(expected);
  });

  test('numbers are ids where nothing else stands on the line', () => {
    const lines = ['- [ ] 1.1 a', '- [ ] 1.2 b', '- [ ] 2.1 c', '## Dependencies'];
    expect(
      edges('openspec/changes/x/tasks.md', [...lines, '- 2 depends on 1', '- 1.2 depends on 1.1']),
    ).toEqual(['1.2 < 1.1', '2.1 < 1.1', '2.1 < 1.2']);
    expect(
      edges('.kiro/specs/x/tasks.md', [
        '- [ ] 1. a',
        '- [ ] 2. b',
        '## Task Dependency Graph',
        '```',
        '1 --> 2',
        '```',
      ]),
    ).toEqual(['2 < 1']);
  });
});

describe('groups', () => {
  test('what a numbered group waits for its leaves wait for', () => {
    expect(
      edges('.kiro/specs/x/tasks.md', [
        '- [ ] 1. a',
        '- [ ] 2. Group',
        '  - _Depends: 1_',
        '  - [ ] 2.1 b',
        '  - [ ] 2.2 c',
      ]),
    ).toEqual(['2.1 < 1', '2.2 < 1']);
  });

  test('a group of YAML, a phase of it', () => {
    expect(
      edges('task-graph.yml', [
        'phases:',
        '  - id: one',
        '    tasks: [{id: a, title: A}]',
        '  - id: two',
        '    depends_on: [one]',
        '    tasks: [{id: b, title: B}, {id: c, title: C}]',
      ]),
    ).toEqual(['b < a', 'c < a']);
  });

  test('a tag of task-master is a space of its own: a group there is not a task elsewhere', () => {
    const task = (id: number, more: object): object => ({
      id,
      title: `t${id}`,
      status: 'pending',
      dependencies: [],
      ...more,
    });
    const text = JSON.stringify({
      master: {
        tasks: [
          task(2, { subtasks: [task(1, {}), task(2, { dependencies: [1] })] }),
          task(3, { dependencies: [2] }),
        ],
      },
      other: { tasks: [task(1, {}), task(2, {})] },
    });
    expect(edges('tasks.json', [text])).toEqual(['2.2 < 2.1', '3 < 2.1', '3 < 2.2']);
  });

  test('a sub-task that names its own group waits for nobody', () => {
    const text = JSON.stringify({
      tasks: [
        {
          id: 1,
          title: 'g',
          subtasks: [
            { id: 1, title: 'a', dependencies: ['1'] },
            { id: 2, title: 'b', dependencies: [1] },
          ],
        },
      ],
    });
    expect(edges('tasks.json', [text])).toEqual(['1.2 < 1.1']);
  });
});

test('headings with ids, their fields after lists, and "Task 1" in words', () => {
  expect(
    edges('plan.md', [
      '### T800 [US30] One',
      '- [ ] a criterion',
      '### T801 Two',
      '**Files:**',
      '- src/i.ts',
      '**Dependencies:** T800',
    ]),
  ).toEqual(['T801 < T800']);
  expect(
    edges('plan.md', ['# P', '## Task 1: One', 'Files: `a.ts`', '## Task 2: Two', 'Depends on Task 1.']),
  ).toEqual(['Task-2 < Task-1']);
});

test('an epic says what conflicts', () => {
  const { tasks } = readDocument({
    path: 'epic.md',
    content:
      '## Tasks Created\n- [ ] 001.md - A (parallel: true)\n- [ ] 002.md - B (parallel: true, conflicts with 001)\n',
  });
  expect(tasks.map(({ id, conflictsWith }) => [id, conflictsWith])).toEqual([
    ['001', []],
    ['002', ['001']],
  ]);
});
