import { expect, test } from 'vitest';
import { readDocument, type SourceDocument } from '#plan';

/** One line a task: id, status, parallel mark, files, dependencies. */
function brief(document: SourceDocument): readonly string[] {
  return document.tasks.map((task) => {
    const mark = task.parallel === undefined ? '' : task.parallel ? ' P' : ' -';
    const files = task.writes.map(({ path }) => path).join(',');
    const after = task.dependencies.map(({ id, reason }) => `${id}:${reason}`).join(',');
    return `${task.id} ${task.status}${mark} ${task.title} [${files}] <${after}>`;
  });
}

function read(path: string, ...lines: readonly string[]): SourceDocument {
  return readDocument({ path, content: `${lines.join('\n')}\n` });
}

test('spec-kit: phases, flags, wrapped lines, notes on tasks that are none', () => {
  const document = read(
    'specs/001-x/tasks.md',
    '# Tasks: Login',
    '## Phase 1: Setup',
    '- [x] T001 Create `package.json`',
    '- [ ] **T002** [P] Configure lint',
    '  in `.eslintrc.json`',
    '**Checkpoint**: ready',
    '## Phase 2: User Story 1 (Priority: P1)',
    '- [ ] T003 [P] [US1] Build src/a.ts (depends on T001–T002)',
    '## Dependencies & Execution Order',
    '- T001 before T002',
    '- T002 can run in parallel with T003',
    '```',
    'Task: "T003 again"',
    '- [ ] T009 never a task',
    '```',
  );
  expect(brief(document)).toEqual([
    'T001 done - Create `package.json` [package.json] <>',
    'T002 todo P Configure lint in `.eslintrc.json` [.eslintrc.json] <T001:section>',
    'T003 todo P Build src/a.ts [src/a.ts] <T001:line,T002:line>',
  ]);
  expect(document.stages.map(({ name, taskIds }) => [name, taskIds])).toEqual([
    ['Phase 1: Setup', ['T001', 'T002']],
    ['Phase 2: User Story 1 (Priority: P1)', ['T003']],
  ]);
  expect(document.skipped.map(({ text, reason }) => `${text} -- ${reason}`)).toEqual([
    'T001 before T002 -- it speaks about tasks',
    'T002 can run in parallel with T003 -- it speaks about tasks',
    '- [ ] T009 never a task -- it stands in a block of code',
  ]);
});

test('spec-kit: a phase that may start beside the one before lifts its barrier', () => {
  const document = read(
    'tasks.md',
    '# Tasks: X',
    '## Phase 1: Setup',
    '- [ ] T001 a',
    '## Phase 2: User Story 1',
    '- [ ] T002 b',
    '## Phase 3: User Story 2',
    '- [ ] T003 c',
    '## Dependencies & Execution Order',
    '- **User Story 1 (Phase 2)**: Depends on Phase 1',
    '- **User Story 2 (Phase 3)**: Depends on Phase 1, independent of US1',
  );
  expect(document.stages.map(({ isBarrier }) => isBarrier)).toEqual([true, false, true]);
});

test('spec-kit: an id that is repeated is qualified, reported and resolved in its own section', () => {
  const document = read(
    'tasks.md',
    '# Tasks: X',
    '## WP01 — One',
    '- [ ] T001 a',
    '- [ ] T002 b (depends on T001)',
    '## WP02 — Two',
    '**Dependencies**: WP01',
    '- [ ] T001 c',
  );
  expect(brief(document)).toEqual([
    'WP01/T001 todo - a [] <>',
    'WP01/T002 todo - b [] <WP01/T001:line>',
    'WP02/T001 todo - c [] <WP01/T001:group,WP01/T002:group>',
  ]);
  expect(document.diagnostics.map(({ code, range }) => [code, range?.start.line])).toEqual([
    ['TASK_ID_DUPLICATE', 3],
    ['TASK_ID_DUPLICATE', 7],
  ]);
});

test('task-master: tags, groups, siblings, the line of each task', () => {
  const document = readDocument({
    path: '.taskmaster/tasks/tasks.json',
    content: JSON.stringify(
      {
        master: {
          tasks: [
            { id: 1, title: 'Base', status: 'done', dependencies: [], details: 'Edit src/base.ts' },
            {
              id: '2',
              title: 'Group',
              dependencies: [1],
              subtasks: [
                { id: 1, title: 'A' },
                { id: 2, title: 'B', dependencies: [1] },
              ],
            },
            { id: 3, title: 'Last', dependencies: ['2.2', 16] },
          ],
        },
      },
      undefined,
      2,
    ),
  });
  expect(brief(document)).toEqual([
    '1 done Base [src/base.ts] <>',
    '2.1 todo A [] <1:group>',
    '2.2 todo B [] <2.1:field,1:group>',
    '3 todo Last [] <2.2:field>',
  ]);
  expect(document.tasks.map(({ range }) => range.start.line)).toEqual([4, 18, 22, 31]);
  expect(document.diagnostics.map(({ message }) => message)).toEqual([
    '"3" waits for "16", which no task is called',
  ]);
});

test('task-master: broken JSON says where', () => {
  const document = read('tasks.json', '{', '  "tasks": [', '    {"id": 1,, }', '  ]', '}');
  expect(document.diagnostics.map(({ code, message, range }) => [code, message, range?.start])).toEqual([
    ['JSON_INVALID', 'expected a key in quotes, found ", }\n  ]\n}\n"', { line: 3, column: 14 }],
  ]);
});

test('CCPM: an epic’s list, where hours are no ids', () => {
  const document = read(
    '.claude/epics/x/epic.md',
    '---',
    'name: Login',
    '---',
    '## Task Breakdown Preview',
    '- Schema',
    '## Tasks Created',
    '- [ ] 001.md - Schema (parallel: true)',
    '- [ ] #4 - API (parallel: false, depends on #3, 1)',
    '- [ ] [#13](https://example.com/13) - UI (parallel: true, depends: 001,4, 24-28h, Size: L)',
    '- [ ] #14 - Ship (parallel: false, depends on all)',
  );
  expect(brief(document)).toEqual([
    '001 todo P Schema [] <>',
    '4 todo - API [] <001:line>',
    '13 todo P UI [] <001:line,4:line>',
    '14 todo - Ship [] <001:line,4:line,13:line>',
  ]);
  expect(document.tasks[2]?.estimate?.minutes).toBe(1560);
  expect(document.diagnostics.map(({ message }) => message)).toEqual([
    '"4" waits for "3", which no task is called',
  ]);
});

test('CCPM: a task file is one task, whatever boxes it holds', () => {
  const document = read(
    '011.md',
    '---',
    'name: Core',
    'depends_on: [010]',
    'parallel: true',
    'conflicts_with: [012]',
    '---',
    '# Task: Core',
    '## Acceptance Criteria',
    '- [ ] It works',
    '## Technical Details',
    '- Files affected: `src/core.ts`',
    '## Effort Estimate',
    '- Size: M',
    '- Hours: 4-6',
  );
  expect(brief(document)).toEqual(['011 todo P Core [src/core.ts] <010:field>']);
  expect(document.tasks[0]).toMatchObject({
    acceptance: ['It works'],
    conflictsWith: ['012'],
    estimate: { minutes: 300 },
  });
});

test('Kiro: groups are no tasks, a star is optional, waves are stages', () => {
  const document = read(
    '.kiro/specs/x/tasks.md',
    '# Implementation Plan',
    '- [ ] 1. Build the manager',
    '  - [x] 1.1 Create the class',
    '    - Create `/www/Manager.php`',
    '    - _Requirements: 9.4, 1.2_',
    '  - [ ]* 1.2 Write property tests',
    '    - **Validates: Requirements 2.1**',
    '- [ ] 2. Checkpoint - Ensure all tests pass',
    '## Task Dependency Graph',
    '```json',
    '{"waves":[{"id":0,"tasks":["1.1"]},{"id":1,"tasks":["1.2"]}]}',
    '```',
  );
  expect(brief(document)).toEqual([
    '1.1 done - Create the class [www/Manager.php] <>',
    '1.2 todo - Write property tests [] <>',
    '2 todo - Checkpoint - Ensure all tests pass [] <>',
  ]);
  expect(document.tasks.map(({ kind, optional }) => [kind, optional])).toEqual([
    ['task', false],
    ['task', true],
    ['checkpoint', false],
  ]);
  expect(document.stages.map(({ taskIds }) => taskIds)).toEqual([['1.1'], ['1.2']]);
});

test('cc-sdd: what is not marked (P) keeps its order', () => {
  const document = read(
    'tasks.md',
    '- [ ] 1.1 (P) A _Requirements: 1_',
    '- [ ] 1.2 (P) B',
    '- [ ] 2.1 C',
    '- [ ] 2.2 (P) D',
    '  - _Depends: 1.1_',
  );
  expect(brief(document).map((line) => line.replace(/.*</u, '<'))).toEqual([
    '<>',
    '<>',
    '<1.1:order,1.2:order>',
    '<1.1:field,2.1:order>',
  ]);
});

test('OpenSpec: a heading names the file of the boxes below it; acceptance is no task', () => {
  const document = read(
    'openspec/changes/add-show/tasks.md',
    '## 1) New module: `src/commands/show.ts`',
    '- [ ] Parse the arguments',
    '- [ ] Acceptance: prints help',
    '## 2) Tests',
    '- [ ] 2.1 Add `test/show.test.ts`',
  );
  expect(brief(document)).toEqual([
    'parse-the-arguments todo - Parse the arguments [src/commands/show.ts] <>',
    '2.1 todo - Add `test/show.test.ts` [test/show.test.ts] <>',
  ]);
});

test('ai-dev-tasks: a parent without sub-tasks is a task; relevant files go by their words', () => {
  const document = read(
    'tasks-prd-x.md',
    '## Relevant Files',
    '- `src/lib/upload.ts` - handles uploads',
    '- `src/lib/upload.test.ts` - its tests',
    '## Tasks',
    '- [ ] 1.0 Upload',
    '  - [ ] 1.1 Implement upload handling',
    '- [ ] 2.0 Ship it',
  );
  expect(brief(document)).toEqual([
    '1.1 todo - Implement upload handling [src/lib/upload.ts] <>',
    '2.0 todo - Ship it [] <>',
  ]);
});

test('GSD: tasks of a plan in order, files of the plan that no task lists', () => {
  const document = read(
    '03-02-PLAN.md',
    '---',
    'phase: 03-core',
    'plan: 02',
    'depends_on: []',
    'files_modified: [src/a.ts, src/late.ts]',
    '---',
    '<task type="auto">',
    '  <name>Task 1: Build a</name>',
    '  <files>src/a.ts, src/b.css</files>',
    '  <read_first>src/c.ts</read_first>',
    '  <action>Change late.ts too</action>',
    '</task>',
    '<task type="checkpoint:human-verify"><what-built>It</what-built></task>',
  );
  expect(brief(document)).toEqual([
    '03-02/1 todo Build a [src/a.ts,src/b.css,src/late.ts] <>',
    '03-02/2 todo It [] <03-02/1:order>',
  ]);
  expect(document.tasks[0]?.reads).toEqual(['src/c.ts']);
  expect(document.tasks[1]?.kind).toBe('checkpoint');
});

test('Backlog.md: an unquoted @name, criteria, dependencies', () => {
  const document = read(
    'backlog/tasks/task-7 - Do it.md',
    '---',
    'id: task-7',
    'title: "CLI: do it"',
    'status: In Progress',
    'assignee: @jo',
    'dependencies: ["task-3"]',
    '---',
    '## Acceptance Criteria',
    '<!-- AC:BEGIN -->',
    '- [ ] #1 Works',
    '<!-- AC:END -->',
    '## Implementation Plan',
    '1. Edit `src/cli.ts`',
  );
  expect(brief(document)).toEqual(['task-7 doing CLI: do it [src/cli.ts] <task-3:field>']);
  expect(document.tasks[0]).toMatchObject({ agent: 'jo', acceptance: ['#1 Works'] });
});

test('beads: epics are groups, links order, a bad line is left out and reported', () => {
  const document = read(
    '.beads/issues.jsonl',
    '{"id":"bd-1","title":"Epic","issue_type":"epic","status":"open"}',
    '{"id":"bd-1.1","title":"A","issue_type":"task","status":"closed","priority":0}',
    'oops',
    '{"id":"bd-1.2","title":"B","issue_type":"bug","status":"open","dependencies":[{"issue_id":"bd-1.2","depends_on_id":"bd-1.1","type":"blocks"},{"depends_on_id":"bd-1","type":"related"}]}',
    '{"id":"bd-2","title":"C","issue_type":"task","status":"open","dependencies":[{"depends_on_id":"bd-1","type":"blocks"}]}',
  );
  expect(brief(document)).toEqual([
    'bd-1.1 done A [] <>',
    'bd-1.2 todo B [] <bd-1.1:field>',
    'bd-2 todo C [] <bd-1.1:field,bd-1.2:field>',
  ]);
  expect(document.diagnostics.map(({ code, range }) => [code, range?.start.line])).toEqual([
    ['JSON_INVALID', 3],
  ]);
  expect(document.skipped.map(({ text }) => text)).toEqual(['Epic']);
});

test('Cursor: todos are the tasks, the body says what stays', () => {
  const document = read(
    '.cursor/plans/x_0123abcd.plan.md',
    '---',
    'name: Rebase',
    'overview: x',
    'todos:',
    '  - id: helper',
    '    content: Add it in `src/lib/a.ts`. Then use it',
    '    status: completed',
    '  - id: ui',
    '    content: "Use `src/ui.tsx` and src/keep.ts"',
    '    status: pending',
    '---',
    '## NOT changing',
    '- [keep](src/keep.ts)',
    '## Notes',
    '- a note',
  );
  expect(brief(document)).toEqual([
    'helper done Add it in `src/lib/a.ts`. Then use it [src/lib/a.ts] <>',
    'ui todo Use `src/ui.tsx` and src/keep.ts [] <>',
  ]);
  expect(document.tasks.map(({ range }) => range.start.line)).toEqual([5, 8]);
  expect(document.tasks[1]?.forbidden).toEqual(['src/keep.ts']);
});

test('Ralph: stories, done when they pass', () => {
  const document = readDocument({
    path: 'prd.json',
    content:
      '{"project":"p","userStories":[{"id":"US-001","title":"Add field","acceptanceCriteria":["Typecheck passes"],"priority":1,"passes":true}]}',
  });
  expect(brief(document)).toEqual(['US-001 done Add field [] <>']);
  expect(document.tasks[0]).toMatchObject({ priority: '1', acceptance: ['Typecheck passes'] });
});

test('task graph: YAML with synonyms, and a cycle that is kept for the checker', () => {
  const document = read(
    'task-graph.yml',
    'tasks:',
    '  - id: api',
    '    title: Build the API',
    '    allowed_paths: [src/api/]',
    '    do_not_touch: [src/ui/]',
    '    parallel_ok: true',
    '    hours: 3',
    '  - id: ui',
    '    name: Build the UI',
    '    files: src/ui/app.tsx',
    '    blocked_by: api',
    '    skills: [react]',
  );
  expect(brief(document)).toEqual([
    'api todo P Build the API [src/api/] <>',
    'ui todo Build the UI [src/ui/app.tsx] <api:field>',
  ]);
  expect(document.tasks[0]).toMatchObject({
    forbidden: ['src/ui/'],
    estimate: { minutes: 180 },
    range: { start: { line: 2 } },
  });
});

test('task graph: headings with depends_on and parallel_ok', () => {
  const document = read(
    'plan.md',
    '# Plan',
    '## Phase 1: API',
    '- depends_on: []',
    '- parallel_ok: true',
    '- files: `src/api.ts`',
    '## Phase 2: UI',
    '- depends_on: [phase-1]',
    '- do_not_touch: `src/api.ts`',
  );
  expect(
    document.tasks.map((task) => [
      task.title,
      task.parallel,
      task.dependencies.map(({ id }) => id),
      task.forbidden,
    ]),
  ).toEqual([
    ['API', true, [], []],
    ['UI', undefined, [document.tasks[0]?.id], ['src/api.ts']],
  ]);
});

test('.claude/tasks: a scope of CREATE, MODIFY and BOUNDARY', () => {
  const document = read(
    '.claude/tasks/login-form.md',
    '# Task: Build the login form',
    '## Scope',
    '- CREATE: `src/Login.tsx`',
    '- MODIFY: `src/App.tsx`',
    '- BOUNDARY: `src/api/`',
    '## Acceptance',
    '- [ ] It renders',
  );
  expect(brief(document)).toEqual(['login-form todo Build the login form [src/Login.tsx,src/App.tsx] <>']);
  expect(document.tasks[0]).toMatchObject({
    writes: [
      { mode: 'create', rung: 1 },
      { mode: 'modify', rung: 1 },
    ],
    forbidden: ['src/api/'],
    acceptance: ['It renders'],
  });
});

test('ExecPlan: dated boxes of its progress', () => {
  const document = read(
    'plan.md',
    '# Move the parser',
    '## Progress',
    '- [x] (2025-10-01 13:00Z) Copy `src/parse.ts`',
    '- [ ] Delete the old one',
    '## Surprises & Discoveries',
    '- none',
    '## Validation and Acceptance',
    '- [ ] Not a task',
  );
  expect(brief(document)).toEqual([
    'copy-src-parse-ts done Copy `src/parse.ts` [src/parse.ts] <>',
    'delete-the-old-one todo Delete the old one [] <>',
  ]);
});

test('a table of tasks', () => {
  const document = read(
    'prd.md',
    '# PRD: X',
    '## Task Breakdown',
    '| ID | Task | Files | Depends on | Estimate |',
    '|----|------|-------|-----------|----------|',
    '| A-1 | Build API | `src/api.ts` | - | 2h |',
    '| A-2 | Build UI | `src/ui.tsx` | A-1 | 1d |',
  );
  expect(brief(document)).toEqual([
    'A-1 todo Build API [src/api.ts] <>',
    'A-2 todo Build UI [src/ui.tsx] <A-1:field>',
  ]);
  expect(document.tasks.map(({ estimate }) => estimate?.minutes)).toEqual([120, 480]);
});

test('fields below a task of a PRD', () => {
  const document = read(
    'prd.md',
    '# Feature: X',
    '## Tasks',
    '- T-01 Create shared types in `src/types.ts`',
    '- [x] T-02: Build the API (2h) [P]',
    '  - Files: `src/api.ts` (new)',
    '  - Depends on: T-01',
    '  - Priority: high',
    '  - Agent: backend',
    '  - Acceptance: npm test',
  );
  expect(brief(document)).toEqual([
    'T-01 todo - Create shared types in `src/types.ts` [src/types.ts] <>',
    'T-02 done P Build the API [src/api.ts] <T-01:field>',
  ]);
  expect(document.tasks[1]).toMatchObject({
    priority: 'high',
    agent: 'backend',
    acceptance: ['npm test'],
    estimate: { minutes: 120 },
    writes: [{ mode: 'create' }],
  });
});

test.each([
  ['stories', ['## US-001: Sign in', 'As a user …', '## US-002: Sign out'], 'rung 2', ['US-001', 'US-002']],
  [
    'requirements',
    ['## Requirements', '- **FR-001**: System MUST log in', '- FR-002: The sky is blue'],
    'rung 3',
    ['FR-001'],
  ],
  [
    'a roadmap',
    ['## Roadmap', '### Phase 1: Base', '- Build the base', '- Risk: none'],
    'rung 4',
    ['build-the-base'],
  ],
  [
    'areas',
    ['## Features', '### 1. Search', 'Find things.', '### 2. Export'],
    'rung 5',
    ['search', 'export'],
  ],
])('a free-form document takes one rung of the ladder: %s', (_name, lines, rung, ids) => {
  const document = read(
    'prd.md',
    '# PRD',
    ...lines,
    '## Risks',
    '- [ ] It may fail',
    '## Success Criteria',
    '- [ ] Fast',
  );
  expect(document.formatWhy).toContain(rung);
  expect(document.tasks.map(({ id }) => id)).toEqual(ids);
});

test('a format can be forced, and one that does not exist is refused', () => {
  const content = '- [ ] T001 a\n';
  expect(readDocument({ path: 'x.md', content }, { format: 'prd' })).toMatchObject({
    format: 'prd',
    formatWhy: 'free text, rung 1: explicit tasks, as told by --format',
  });
  expect(() => readDocument({ path: 'x.md', content }, { format: 'word' })).toThrow('"word" is no format');
});

test('the result of another allocator is refused with a hint', () => {
  const [diagnostic] = read('lanes.json', '{"lanes": [{"lane_id": "a"}]}').diagnostics;
  expect(diagnostic).toMatchObject({
    code: 'NO_TASKS',
    hint: 'give the tasks.md that the lanes were made from',
  });
});

test('a parent that says itself what to do is a task beside its sub-tasks', () => {
  const document = read(
    'tasks.md',
    '- [ ] 2. Create the migration _Requirements: 1_',
    '  - Write `db/schema.sql`',
    '  - [ ] 2.1 Test it',
    '- [ ] 3. Group',
    '  - _Requirements: 2_',
    '  - [ ] 3.1 Real work',
  );
  expect(brief(document).map((line) => line.replace(/ <.*/u, ''))).toEqual([
    '2 todo - Create the migration _Requirements: 1_ [db/schema.sql]',
    '2.1 todo - Test it []',
    '3.1 todo - Real work []',
  ]);
});
