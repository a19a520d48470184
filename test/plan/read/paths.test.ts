import { describe, expect, test } from 'vitest';
import { readDocument, type SourceTask } from '#plan';

/** The one task of a spec-kit line with these nested bullets. */
function line(text: string, ...below: readonly string[]): SourceTask {
  const content = `# Tasks: X\n\n## Phase 1: Setup\n\n- [ ] T001 ${text}\n${below.map((one) => `  - ${one}\n`).join('')}`;
  const [task] = readDocument({ path: 'tasks.md', content }).tasks;
  if (task === undefined) throw new Error('no task');
  return task;
}

const writes = (text: string, ...below: readonly string[]): readonly string[] =>
  line(text, ...below).writes.map(({ path }) => path);

describe('what a line writes', () => {
  test.each<[string, string, readonly string[]]>([
    ['a contract test', 'Contract test for GET /x in tests/contract/x.test.ts', ['tests/contract/x.test.ts']],
    ['a contract in code', 'Implement `src/contracts/user.ts`', ['src/contracts/user.ts']],
    ['a contract that is read', 'Implement per contracts/users.yaml in src/users.ts', ['src/users.ts']],
    ['a file and its name in words', 'Add the CHANGELOG entry in `CHANGELOG.md`', ['CHANGELOG.md']],
    ['a bare path', 'Create the model in src/models/user.py', ['src/models/user.py']],
    ['a path at the end of a sentence', 'Add it to src/a.ts.', ['src/a.ts']],
    ['a code span', 'Add `src/a.ts`', ['src/a.ts']],
    ['a link', 'Edit [the store](./src/store.ts#L10)', ['src/store.ts']],
    ['a line number', 'Fix `src/a.ts:123-140`', ['src/a.ts']],
    ['a test case', 'Fix `tests/test_x.py::test_case`', ['tests/test_x.py']],
    ['a leading slash', 'Create `/www/admin/Bind.php`', ['www/admin/Bind.php']],
    ['an alias', 'Create `@/lib/x.ts`', ['src/lib/x.ts']],
    ['backslashes', 'Create `src\\lib\\x.ts`', ['src/lib/x.ts']],
    ['two files in one span', 'Create `A.tsx / B.tsx`', ['A.tsx', 'B.tsx']],
    ['two bare files with a slash', 'Create A.tsx/B.tsx', ['A.tsx', 'B.tsx']],
    [
      'braces',
      'Create `test/{unit,widget}/a_test.dart`',
      ['test/unit/a_test.dart', 'test/widget/a_test.dart'],
    ],
    ['router segments', 'Create `app/(shop)/[id]/page.tsx`', ['app/(shop)/[id]/page.tsx']],
    ['a folder', 'Create `src/utils/` directory', ['src/utils/']],
    ['a pattern', 'Update `src/locales/*.json`', ['src/locales/*.json']],
    ['well-known names', 'Write Dockerfile and docker-compose.yml', ['Dockerfile', 'docker-compose.yml']],
    ['a dot file', 'Add KEY to .env.example', ['.env.example']],
    ['dunder names', 'Export it in src/pkg/__init__.py', ['src/pkg/__init__.py']],
    ['names and their folder', 'Create `a.ts` and `b.ts` in `src/net/`', ['src/net/a.ts', 'src/net/b.ts']],
    ['a name that the full path repeats', 'Create `a.ts` in `src/net/a.ts`', ['src/net/a.ts']],
    ['Japanese after a path', '`x` を src/a.tsに追加', ['src/a.ts']],
    ['a path after Chinese', '创建src/a.ts文件', ['src/a.ts']],
    ['an emoji', '🚀 Ship src/a.ts ✅', ['src/a.ts']],
    ['removal from a file', 'Remove the flag from src/a.ts', ['src/a.ts']],
    ['an endpoint', 'Implement GET /health and POST /api/inquiries', []],
    ['a call', 'Use `formatDate(x)` everywhere', []],
    ['a product', 'Install Node.js and Next.js', []],
    ['a version', 'Upgrade to 3.11.4 and v2.0', []],
    ['a URL', 'Read https://example.com/a.ts', []],
    ['an address', 'Ask jo@example.com', []],
    ['words with a slash', 'Handle success/ failure and input/output', []],
    ['an abbreviation', 'Handle dates, e.g. today, i.e. now', []],
    ['a negation', 'Write it rather than a new `src/b.ts`', []],
    ['a model to follow', 'Follow the pattern of src/b.ts', []],
    ['a check', 'Verify that `src/a.ts` compiles', []],
    ['a run', 'Run quickstart.md validation', []],
    ['a design document', 'Implement the entity per data-model.md', []],
    ['cited documents', 'Define types (see contracts/api.md, research.md)', []],
    ['reused code', 'Show it with `src/money.ts` (already exists)', []],
  ])('%s', (_name, text, expected) => {
    expect(writes(text)).toEqual(expected);
  });

  test('files of nested bullets are the task’s', () => {
    expect(writes('Create the list', '`src/List.tsx`', 'and `src/Item.tsx`')).toEqual([
      'src/List.tsx',
      'src/Item.tsx',
    ]);
  });

  test('what must not be touched is forbidden', () => {
    const task = line('Refactor `src/a.ts`, do not touch `src/b.ts`');
    expect([task.writes.map(({ path }) => path), task.forbidden]).toEqual([['src/a.ts'], ['src/b.ts']]);
  });

  test('a symbol stays with its file', () => {
    expect(line('Extend `src/store.ts::Store.get`').writes).toMatchObject([
      { path: 'src/store.ts', symbols: ['Store.get'] },
    ]);
  });

  test('a document that is written is written', () => {
    expect(writes('Update docs/research.md with the figures')).toEqual(['docs/research.md']);
  });
});

describe('what a line waits for', () => {
  const ids = Array.from({ length: 12 }, (_, index) => `- [ ] T0${String(index + 10)} Step ${index}\n`).join(
    '',
  );
  const waits = (text: string): readonly string[] =>
    readDocument({ path: 'tasks.md', content: `# Tasks: X\n\n## Phase 1: A\n\n${ids}- [ ] T099 ${text}\n` })
      .tasks.at(-1)
      ?.dependencies.map(({ id }) => id) ?? [];
  test.each<[string, readonly string[]]>([
    ['Do x (depends on T012, T013)', ['T012', 'T013']],
    ['Do x — depends on T012 and T014', ['T012', 'T014']],
    ['Do x (depends on T010–T012)', ['T010', 'T011', 'T012']],
    ['Do x (depends on T010 to T011)', ['T010', 'T011']],
    ['Do x (depends on T014, same file)', ['T014']],
    ['Do x, blocked by T015', ['T015']],
    ['Do x after T016', ['T016']],
    ['依存: T017', ['T017']],
    ['依赖：T018', ['T018']],
    ['Do x (depends: T010, 24-28h)', ['T010']],
    ['Do x; it does not depend on T010', []],
    ['Retry after 5 failures, requires 2 cores', []],
    ['Covers FR-001 and 1.2', []],
  ])('%s', (text, expected) => {
    expect(waits(text)).toEqual(expected);
  });
});
