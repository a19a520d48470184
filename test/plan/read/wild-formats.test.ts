import { expect, test } from 'vitest';
import { readDocument, readFolder, type SourceDocument } from '#plan';

/** One line a task: id, status, title, files, dependencies. */
function brief({ tasks }: SourceDocument): readonly string[] {
  return tasks.map(({ id, status, title, writes, dependencies }) => {
    const files = writes.map(({ path }) => path).join(',');
    const after = dependencies.map((one) => one.id).join(',');
    return `${id} ${status} ${title} [${files}] <${after}>`;
  });
}

function read(path: string, ...lines: readonly string[]): SourceDocument {
  return readDocument({ path, content: `${lines.join('\n')}\n` });
}

test('spec-kitty: packages called "Work Package WP01", with a section on what each depends on', () => {
  const document = read(
    'kitty-specs/001-import/tasks.md',
    '# Work Packages: Import',
    '## Work Package WP01: Schema (Priority: P0)',
    '### Included Subtasks',
    '- [x] T001 Create `src/schema.sql`',
    '### Dependencies',
    '- None (starting package); WP02 comes later.',
    '## Work Package WP02: Reader (Priority: P1)',
    '### Included Subtasks',
    '- [ ] T002 Write `src/reader.py`',
    '### Dependencies',
    '- Depends on WP01.',
    '## Work Package WP03: Docs (Priority: P2)',
    '### Included Subtasks',
    '- [ ] T003 Write `docs/import.md`',
    '### Dependencies',
    'WP01 (the schema), WP02.',
  );
  expect(brief(document)).toEqual([
    'T001 done Create `src/schema.sql` [src/schema.sql] <>',
    'T002 todo Write `src/reader.py` [src/reader.py] <T001>',
    'T003 todo Write `docs/import.md` [docs/import.md] <T001,T002>',
  ]);
});

test('Kiro writes [-] into the box of the task it works on', () => {
  expect(brief(read('.kiro/specs/x/tasks.md', '- [-] 1. Begin', '- [ ] 2. Go on'))).toEqual([
    '1 doing Begin [] <>',
    '2 todo Go on [] <>',
  ]);
});

test('numbered boxes keep the phases that they stand in, lettered ones too', () => {
  const document = read(
    'openspec/changes/x/tasks.md',
    '## Phase A: Server',
    '- [ ] 1.1 a',
    '## Phase B: Client',
    '- [ ] 2.1 b',
  );
  expect(document.stages.map(({ name, taskIds }) => [name, taskIds])).toEqual([
    ['Phase A: Server', ['1.1']],
    ['Phase B: Client', ['2.1']],
  ]);
});

test('a box without a number is the group of the boxes below it and gives them its file', () => {
  const document = read(
    'openspec/changes/x/tasks.md',
    '- [ ] Send mail (`mail.ts`)',
    '  - [ ] Template',
    '  - [ ] Strings in `en.json`',
    '- [ ] Dialog in `dialog.tsx`',
  );
  expect(brief(document)).toEqual([
    'template todo Template [mail.ts] <>',
    'strings-in-en-json todo Strings in `en.json` [en.json] <>',
    'dialog-in-dialog-tsx todo Dialog in `dialog.tsx` [dialog.tsx] <>',
  ]);
  expect(document.skipped.map(({ reason }) => reason)).toEqual(['it is a group of the tasks below it']);
});

test('GSD: a decision is called by what is decided, and what an action forbids is forbidden', () => {
  const document = read(
    '03-02-PLAN.md',
    '---',
    'phase: 03-pay',
    'plan: 02',
    'files_modified: []',
    '---',
    '<task type="checkpoint:decision" gate="blocking">',
    '  <decision>Choose a provider</decision>',
    '  <options><option id="a"><name>One</name></option></options>',
    '</task>',
    '<task type="auto">',
    '  <name>Task 2: Wire it</name>',
    '  <files>src/route.ts</files>',
    '  <action>Wire it. Do NOT touch src/charge.ts.</action>',
    '</task>',
    '<success_criteria>',
    '- [ ] All done',
    '</success_criteria>',
  );
  expect(brief(document)).toEqual([
    '03-02/1 todo Choose a provider [] <>',
    '03-02/2 todo Wire it [src/route.ts] <03-02/1>',
  ]);
  expect(document.tasks[1]?.forbidden).toEqual(['src/charge.ts']);
  expect(document.skipped.map(({ text }) => text)).toEqual(['All done']);
});

test('beads: a tombstone is no work', () => {
  const issue = JSON.stringify({ id: 'bd-1', title: 'Old', status: 'tombstone' });
  expect(brief(read('.beads/issues.jsonl', issue))).toEqual(['bd-1 cancelled Old [] <>']);
});

test('files of .claude/tasks mean one another by their numbers', () => {
  const document = readFolder('.claude/tasks', [
    { path: '.claude/tasks/001-auth.md', content: '# Task 001: Auth\n\n- CREATE: `src/auth.ts`\n' },
    {
      path: '.claude/tasks/002-store.md',
      content: '# Task 002: Store\n\n**Depends on**: 001\n\n### MODIFY\n- `src/store.ts`\n',
    },
  ]);
  expect(brief(document)).toEqual([
    '001-auth todo Auth [src/auth.ts] <>',
    '002-store todo Store [src/store.ts] <001-auth>',
  ]);
});

test('a task that only the epic lists is a task beside those with a file', () => {
  const document = readFolder('.claude/epics/shop', [
    {
      path: '.claude/epics/shop/41.md',
      content:
        '---\nname: Cart\nstatus: open\ndepends_on: [42]\nparallel: true\nconflicts_with: []\n---\n# Task: Cart\n',
    },
    {
      path: '.claude/epics/shop/epic.md',
      content:
        '---\nname: shop\n---\n## Tasks Created\n- [ ] #41 - Cart (parallel: true)\n- [x] #42 - Payment (parallel: false)\n',
    },
  ]);
  expect(brief(document)).toEqual(['41 todo Cart [] <42>', '42 done Payment [] <>']);
  expect(document.diagnostics).toEqual([]);
});

test('requirements sorted by weight are a task each; the title of the document and its timeline are none', () => {
  const document = read(
    'habits.md',
    '# Product Requirements Document: Habits',
    '## Requirements',
    '### Must have',
    '1. People can create a habit',
    '2. Streaks are computed daily',
    '### Nice to have',
    '- Dark mode',
    '## Timeline',
    '| Phase | Deliverable |',
    '|---|---|',
    '| 1 | API |',
    '## Risks',
    '- Certificates',
  );
  expect(document.tasks.map(({ title }) => title)).toEqual([
    'People can create a habit',
    'Streaks are computed daily',
    'Dark mode',
  ]);
});

test('spec-kit: what stands in brackets behind a word is what the word means', () => {
  const lines = ['- [ ] T001 a', '- [ ] T002 b', '- [ ] T003 c', '- [ ] T004 d', '## Dependencies'];
  expect(brief(read('tasks.md', ...lines, '- Tests (T001-T002) before implementation (T003, T004)'))).toEqual(
    ['T001 todo a [] <>', 'T002 todo b [] <>', 'T003 todo c [] <T001,T002>', 'T004 todo d [] <T001,T002>'],
  );
  expect(
    brief(read('tasks.md', ...lines, '- It builds on what was extended (T004), build after T001'))[3],
  ).toBe('T004 todo d [] <>');
});

test('GSD: plans of phases with letters, and dependencies in each spelling', () => {
  const plan = (phase: string, number: string, depends: string): { path: string; content: string } => ({
    path: `.planning/${phase}-${number}-PLAN.md`,
    content: `---\nphase: ${phase}-x\nplan: ${number}\ndepends_on: [${depends}]\nfiles_modified: []\n---\n<task type="auto"><name>Do ${number}</name></task>\n`,
  });
  expect(
    brief(
      readFolder('.planning', [
        plan('CP-01', '01', ''),
        plan('CP-01', '02', 'CP-01-01'),
        plan('CP-01', '03', 'CP-01-PLAN-02'),
      ]),
    ),
  ).toEqual([
    'CP-01-01/1 todo Do 01 [] <>',
    'CP-01-02/1 todo Do 02 [] <CP-01-01/1>',
    'CP-01-03/1 todo Do 03 [] <CP-01-02/1>',
  ]);
});

test('several tasks in one file of .claude/tasks: scopes as tables and in a line, order by number', () => {
  const document = read(
    '.claude/tasks/billing.md',
    '# Tasks',
    '## Task 1: Model',
    '| Action | Path |',
    '|---|---|',
    '| CREATE | `billing/invoice.py` |',
    '| BOUNDARY | `payments/**` |',
    '## Task 2: API',
    'Scope: CREATE `billing/api.py`; MODIFY `app.py`; BOUNDARY `billing/invoice.py`',
    'Depends on: Task 1',
    '## Task 3: Docs',
    '- CREATE → docs/billing.md',
    '- After Task 1 and Task 2',
  );
  expect(brief(document)).toEqual([
    'Task-1 todo Model [billing/invoice.py] <>',
    'Task-2 todo API [billing/api.py,app.py] <Task-1>',
    'Task-3 todo Docs [docs/billing.md] <Task-1,Task-2>',
  ]);
  expect(document.tasks.map(({ forbidden }) => forbidden)).toEqual([
    ['payments/**'],
    ['billing/invoice.py'],
    [],
  ]);
});

test('a numbered list is meant by its numbers, a group by its own, and what a group names its parts write', () => {
  expect(
    brief(read('plan.md', '# Plan', '## Tasks', '1. Add `a.ts`', '2. Add `b.ts`, depends on step 1')),
  ).toEqual([
    'add-a-ts todo Add `a.ts` [a.ts] <>',
    'add-b-ts-depends-on-step-1 todo Add `b.ts`, depends on step 1 [b.ts] <add-a-ts>',
  ]);
  expect(
    brief(
      read(
        'story.md',
        '# Story',
        '## Tasks / Subtasks',
        '- [ ] Task 1: Engine in `engine.rb`',
        '  - [ ] Parser',
        '- [ ] Task 2: Page, depends on Task 1',
      ),
    ),
  ).toEqual(['parser todo Parser [engine.rb] <>', 'Task-2 todo Page, depends on Task 1 [] <parser>']);
});

test('OpenSpec: orders below a heading on validation are work, statements there are criteria', () => {
  const document = read(
    'openspec/changes/x/tasks.md',
    '## Validation and cleanup',
    '- [ ] Run `openspec validate x --strict`',
    '- [ ] Remove `src/tmp.ts`',
    '- [ ] All tests pass',
    '## Docs',
    '- [ ] Update the API reference `docs/api.md`',
  );
  expect(document.tasks.map(({ title, writes }) => [title, writes.map(({ path }) => path)])).toEqual([
    ['Run `openspec validate x --strict`', []],
    ['Remove `src/tmp.ts`', ['src/tmp.ts']],
    ['Update the API reference `docs/api.md`', ['docs/api.md']],
  ]);
});

test('paths by the place of a clone lose what is above the repository', () => {
  const document = read(
    'tasks.md',
    '- [ ] T001 Create `/home/ann/shop/src/tests/a.ts`',
    '- [ ] T002 Update /home/ann/shop/src/core/b.ts and `/home/ann/shop/docs/c.md`',
  );
  expect(brief(document).map((line) => line.replace(/^.*\[/u, '['))).toEqual([
    '[src/tests/a.ts] <>',
    '[src/core/b.ts,docs/c.md] <>',
  ]);
});

test('headings T1, T2 with What, Where and Gate; an execution plan drawn by phases', () => {
  const document = read(
    '.specs/features/dock/tasks.md',
    '# Dock',
    '## Execution Plan',
    '### Phase 1',
    '```',
    'T1',
    'T1 → T2',
    '```',
    '## Task Breakdown',
    '### T1: Server',
    '**Where**: `server/routes.ts` (line 56)',
    '**Reuses**: `server/can.ts`',
    '**Gate**: `pnpm run test:int`',
    '### T2: Client',
    '**Where**: `web/dock.ts`',
    '**Done when**:',
    '- [ ] it shows',
  );
  expect(brief(document)).toEqual([
    'T1 todo Server [server/routes.ts] <>',
    'T2 todo Client [web/dock.ts] <T1>',
  ]);
  expect(document.tasks[0]?.reads).toEqual(['server/can.ts']);
  expect(document.tasks[0]?.gates).toEqual(['pnpm run test:int']);
});

test('a number before the box, and tasks by name below a heading on design', () => {
  expect(
    brief(
      read(
        'todo.md',
        '## 1. [ ] Commands',
        '- 1.1 [x] Create a.md',
        '- 1.2 [ ] Create b.md',
        '  - Dependencies: 1.1',
      ),
    ),
  ).toEqual(['1.1 done Create a.md [a.md] <>', '1.2 todo Create b.md [b.md] <1.1>']);
  expect(
    brief(
      read(
        'plan.md',
        '# X',
        '## Task Breakdown',
        '### 1. Analysis & Design',
        '- **Task 1.1**: Draw it',
        '### 2. Data',
        '- **Task 2.1**: Add `a.rs` (depends on Task 1.1)',
      ),
    ),
  ).toEqual(['Task-1.1 todo Draw it [] <>', 'Task-2.1 todo Add `a.rs` [a.rs] <Task-1.1>']);
});

test('ExecPlan: dates with zones of each kind are no part of a title', () => {
  const document = read(
    'plan.md',
    '# X',
    '## Progress',
    '- [x] (2026-05-09 22:31 IST) Read it',
    '- [x] (2026-07-07 14:20+08:00) Check it',
    '- [ ] 2026-08-13T02:08Z Write it',
    '## Decision Log',
  );
  expect(document.tasks.map(({ title }) => title)).toEqual(['Read it', 'Check it', 'Write it']);
});

test('several labels on one line, and a table with a struck row', () => {
  const document = read(
    'plan.md',
    '# X',
    '## Implementation Tasks',
    '### Task 1: Base',
    '**Priority**: High | **Effort**: 4 hours | **Dependencies**: None',
    '**Create:** `src/app.js`, `test/app.js`. **Modify:** `index.js`.',
    '### Task 2: Use',
    '- **Owner:** Backend. **Depends on:** Task 1; **Files:** `src/use.js`',
  );
  expect(brief(document)).toEqual([
    'Task-1 todo Base [src/app.js,test/app.js,index.js] <>',
    'Task-2 todo Use [src/use.js] <Task-1>',
  ]);
  expect(document.tasks.map(({ priority, agent, estimate }) => [priority, agent, estimate?.minutes])).toEqual(
    [
      ['High', undefined, 240],
      [undefined, 'Backend', undefined],
    ],
  );
  const table = read(
    'plan.md',
    '# X',
    '## Tasks',
    '| # | Task | Depends On | Parallel? |',
    '|---|---|---|---|',
    '| 1 | ~~Check `a.sh`~~ done | — | — |',
    '| 2 | Implement it in `commands/spec.md` | 1 | yes |',
  );
  expect(brief(table).map((line) => line.replace(/^\S+ /u, ''))).toEqual([
    'cancelled Check `a.sh` done [a.sh] <>',
    'todo Implement it in `commands/spec.md` [commands/spec.md] <check-a-sh-done>',
  ]);
  expect(table.tasks[1]?.parallel).toBe(true);
});

test('spec-kitty: packages whose tasks are bare lines', () => {
  const document = read(
    'kitty-specs/002/tasks.md',
    '## Work Package WP01: Enablers (Priority: P0)',
    '### Included Subtasks',
    '',
    'T001 Red test in `src/a.py` (WP01)',
    'T002 [P] Add aliases in `src/b.py`, in an',
    'additive shape (WP01)',
    '',
    '### Parallel Opportunities',
    '- T001 and T002',
    '## Work Package WP02: Track (Priority: P1)',
    '### Included Subtasks',
    '',
    'T003 Widen `src/c.py` (WP02)',
    '### Dependencies',
    'WP01',
  );
  expect(brief(document)).toEqual([
    'T001 todo Red test in `src/a.py` (WP01) [src/a.py] <>',
    'T002 todo Add aliases in `src/b.py`, in an additive shape (WP01) [src/b.py] <>',
    'T003 todo Widen `src/c.py` (WP02) [src/c.py] <T001,T002>',
  ]);
});

test('a list of files that are not to be changed gives no task a file', () => {
  const lines = ['# X', '## Tasks', '- [ ] Restyle the tailwind config'];
  expect(brief(read('p.md', ...lines, '## Files to modify', '- `tailwind.config.ts`'))[0]).toMatch(
    /\[tailwind\.config\.ts\]/u,
  );
  expect(brief(read('p.md', ...lines, '## Files NOT to modify', '- `tailwind.config.ts`'))[0]).toMatch(
    / \[\] </u,
  );
});
