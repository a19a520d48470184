import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';

const CORPUS = new URL('../../fixtures/corpus', import.meta.url).pathname;

/** Every document of the corpus that the tests hold: its path below the corpus and its text. */
export const DOCUMENTS: readonly { readonly path: string; readonly text: string }[] = readdirSync(CORPUS, {
  recursive: true,
  encoding: 'utf8',
})
  .filter(
    (path) => !path.startsWith('gold') && path !== 'ATTRIBUTION.md' && statSync(join(CORPUS, path)).isFile(),
  )
  .sort()
  .map((path) => ({ path, text: readFileSync(join(CORPUS, path), 'utf8') }));

const NAMES = [
  'feature-prd.md',
  'tasks.md',
  'tasks.json',
  'issues.jsonl',
  'task-graph.yml',
  '01-02-PLAN.md',
  'x.plan.md',
];

const FRAGMENTS: readonly string[] = [
  '---',
  'name: x',
  'todos:',
  '  - id: a',
  '    content: Do `src/a.ts`',
  'depends_on: [010, a, "5.2"]',
  'files_modified:',
  'parallel: true',
  'assignee: @me',
  '# Feature: A',
  '## Phase 1: Setup',
  '## Phase 2: Foundational (Blocking)',
  '## Tasks',
  '## Tasks Created',
  '## Dependencies & Execution Order',
  '### Stream A: Backend (2 tasks)',
  '### Task 3: Build it',
  '### US-001: As a user',
  '## WP01 — Package',
  '## Acceptance Criteria',
  '## Risks',
  '- [ ] T001 [P] [US1] Create src/models/user.py',
  '- [x] T001 Again in `src/a.ts` (depends on T002, T003–T009)',
  '- [ ] **T004**: x — depends on all',
  '- [ ]* 1.2 (P) Write tests',
  '  - [ ] 1.2.1 Deep _Requirements: 1.2_',
  '- [ ] 2. Checkpoint - Ensure all tests pass',
  '- [ ] [#13](https://example.com/13) - T (parallel: true, depends: 13,14, 24-28h, Size: L)',
  '  - Files: `a.ts`, `{b,c}/d.ts`',
  '    - Depends on: T001',
  '* point `A.tsx / B.tsx`',
  '1. Create the dashboard (2h)',
  '2) **FR-001**: System MUST work',
  '| Task | Files | Depends on |',
  '|---|---|---|',
  '| Build `x.ts` | src/x.ts | T001 |',
  '```bash',
  '```',
  '~~~',
  '<!-- - [ ] T099 hidden -->',
  '<!--',
  '-->',
  '> - [ ] quoted',
  'T002 → T003 → (T004, T005) -> T006',
  'T009 must complete before T010/T011.',
  '**Files**:',
  '**Depends on**: T001',
  '<task type="auto">',
  '  <name>Task 1: x</name> <files>a.py, b.py</files>',
  '</task>',
  '{"id":"bd-1","title":"x","issue_type":"task","dependencies":[{"depends_on_id":"bd-2","type":"blocks"}]}',
  '{"tasks":[{"id":1,"title":"a","dependencies":[2],"subtasks":[{"id":1,"title":"b"}]}]}',
  '{"waves":[{"id":0,"tasks":["1.1"]}]}',
  'tasks:',
  '  - id: a',
  '    depends_on: [b]',
  '- CREATE: `src/a.ts`',
  '- BOUNDARY: `src/b.ts`',
  '✅ 🚀 完成 タスク：作成 — Größe',
  '',
  '\t- tabbed',
  '      deep text',
];

/** Lines as planning documents have them, in any order, with noise among them. */
const assembled: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc
          .tuple(fc.constantFrom('', '', '  ', '    '), fc.constantFrom(...FRAGMENTS))
          .map((parts) => parts.join('')),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
      {
        weight: 1,
        arbitrary: fc.string({
          unit: fc.constantFrom('(', ')', '[', ']', '`', '*', '-', ' ', '/', '.', '{', '}', ':', '→'),
          maxLength: 60,
        }),
      },
    ),
    { maxLength: 60 },
  )
  .map((lines) => lines.join('\n'));

/** A real document with some of its lines dropped, doubled, swapped or cut. */
const mutated: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...DOCUMENTS),
    fc.array(
      fc.tuple(
        fc.constantFrom('drop', 'double', 'swap', 'cut', 'insert'),
        fc.nat(),
        fc.nat(),
        fc.constantFrom(...FRAGMENTS),
      ),
      { maxLength: 12 },
    ),
    fc.nat(),
  )
  .map(([{ text }, edits, start]) => {
    const all = text.split('\n');
    const from = all.length > 120 ? start % (all.length - 100) : 0;
    const lines = all.length > 120 ? [...all.slice(0, 8), ...all.slice(from, from + 100)] : all;
    for (const [kind, a, b, fragment] of edits)
      edit(lines, { kind, at: a % Math.max(1, lines.length), other: b, fragment });
    return lines.join('\n');
  });

function edit(
  lines: string[],
  { kind, at, other, fragment }: { kind: string; at: number; other: number; fragment: string },
): void {
  const line = lines[at] ?? '';
  if (kind === 'drop') lines.splice(at, 1);
  else if (kind === 'double') lines.splice(at, 0, line);
  else if (kind === 'swap')
    [lines[at], lines[other % lines.length]] = [lines[other % lines.length] ?? '', line];
  else if (kind === 'cut') lines[at] = line.slice(0, other % (line.length + 1));
  else lines.splice(at, 0, fragment);
}

/** A generated planning document under some name. */
export const planningDocument: fc.Arbitrary<{ readonly path: string; readonly content: string }> = fc.record({
  path: fc.constantFrom(...NAMES),
  content: fc.oneof(assembled, mutated),
});
