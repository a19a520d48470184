import { expect, test } from 'vitest';
import { checkDocument, inferFiles, makePlan, readDocument, type SourceDocument } from '#plan';

const TRACKED = ['src/store.ts', 'vendor/chart.js/a.ts'];

function document(...tasks: readonly string[]): SourceDocument {
  const read = readDocument({
    path: 'tasks.md',
    content: `# Tasks\n\n${tasks.map((task, index) => `- [ ] T00${index + 1} [P] ${task}\n`).join('')}`,
  });
  return inferFiles(read, { trackedFiles: TRACKED });
}

function findings(...tasks: readonly string[]): readonly string[] {
  return checkDocument({ document: document(...tasks), tracked: TRACKED, roster: [] }).map(
    ({ severity, message }) => `${severity} ${message}`,
  );
}

test('two tasks on one symbol, or on a class and its method, clash; on different ones they are warned', () => {
  expect(
    findings(
      'Change `src/store.ts::Store.get`',
      'Fix `src/store.ts::Store.get`',
      'Split `src/store.ts::Store`',
    ),
  ).toEqual([
    'error T001 and T002 are marked parallel, but both write Store.get in src/store.ts',
    'error T001 and T003 are marked parallel, but both write Store.get in src/store.ts',
  ]);
  expect(findings('Change `src/store.ts::Store.get`', 'Change `src/store.ts::Store.getAll`')).toEqual([
    'warning T001 and T002 are marked parallel, but both write src/store.ts, though different parts (Store.get; Store.getAll)',
  ]);
  expect(findings('Change `src/store.ts::Store.get`', 'Rework `src/store.ts`')).toEqual([
    'error T001 and T002 are marked parallel, but both write src/store.ts',
  ]);
});

test('a task that names the file beside a part of it writes the whole file', () => {
  const [task] = document('Change `src/store.ts::A` and `src/store.ts::B`').tasks;
  expect(task?.writes.map(({ symbols }) => symbols)).toEqual([['A', 'B']]);
  const [whole] = document('Change `src/store.ts::A`, then all of `src/store.ts`').tasks;
  expect(whole?.writes.map(({ symbols }) => symbols)).toEqual([undefined]);
});

function plan(...tasks: readonly string[]): ReturnType<typeof makePlan> {
  return makePlan({
    document: document(...tasks),
    tracked: TRACKED,
    agents: 2,
    roster: [
      { name: 'one', skills: ['one'] },
      { name: 'two', skills: ['two'] },
    ],
    effort: 'fast',
    barriers: 'strict',
  });
}

test('writers of different parts take turns in any order, which the matrix says; writers of one part keep theirs', () => {
  const parts = plan('Change `src/store.ts::A`\n  - Agent: one', 'Change `src/store.ts::B`\n  - Agent: two');
  expect(parts.tasks.map(({ dependsOn }) => dependsOn)).toEqual([[], []]);
  expect(parts.ownership.map(({ path, access, why }) => [path, access, why])).toEqual([
    [
      '/src/store.ts',
      'SEQUENTIAL',
      'different parts of one file (T001 A; T002 B): no order needed, but one at a time; with a squad:begin region for each agent it could be PARTITIONED',
    ],
  ]);
  const [first, second] = parts.tasks;
  expect(Math.abs((first?.startMinute ?? 0) - (second?.startMinute ?? 0))).toBeGreaterThanOrEqual(120);
  const same = plan('Change `src/store.ts::A`\n  - Agent: one', 'Change `src/store.ts::A`\n  - Agent: two');
  expect(same.tasks.map(({ dependsOn }) => dependsOn)).toEqual([[], ['T001']]);
  expect(same.tasks.map(({ agent }) => agent)).toEqual(['agent-1-one', 'agent-2-two']);
});

test('a folder whose name reads as a file’s is owned by what is in it', () => {
  expect(plan('Update vendor/chart.js/ files').ownership.map(({ path }) => path)).toEqual([
    '/vendor/chart.js/**',
  ]);
});
