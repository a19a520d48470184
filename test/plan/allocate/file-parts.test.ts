import { expect, test } from 'vitest';
import { checkDocument, inferFiles, makePlan, readDocument, renderReport, type SourceDocument } from '#plan';

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

function planOf(read: SourceDocument): ReturnType<typeof makePlan> {
  return makePlan({
    document: read,
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

function plan(...tasks: readonly string[]): ReturnType<typeof makePlan> {
  return planOf(document(...tasks));
}

test('writers of different parts take turns in any order, which the matrix says; writers of one part keep theirs', () => {
  const parts = plan('Change `src/store.ts::A`\n  - Agent: one', 'Change `src/store.ts::B`\n  - Agent: two');
  expect(parts.tasks.map(({ dependsOn }) => dependsOn)).toEqual([[], []]);
  expect(parts.ownership.map(({ path, access, why }) => [path, access, why])).toEqual([
    [
      '/src/store.ts',
      'SEQUENTIAL',
      'different parts of one file (T001 A; T002 B): no order needed, but one at a time; the report says how a region for each agent would part it',
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

const STORE = [
  'export class Store {',
  '  get(): number {',
  '    return 1;',
  '  }',
  '  set(): void {}',
  '}',
  '',
].join('\n');

function withText(text: string | undefined, ...tasks: readonly string[]): ReturnType<typeof makePlan> {
  const read = readDocument({
    path: 'tasks.md',
    content: `# Tasks\n\n${tasks.map((task, index) => `- [ ] T00${index + 1} ${task}\n`).join('')}`,
  });
  return planOf(inferFiles(read, { trackedFiles: TRACKED, readText: () => text }));
}

const PARTS = [
  'Change `src/store.ts::Store.set`\n  - Agent: one',
  'Change `src/store.ts::Store.get`\n  - Agent: two',
] as const;

test('a file that holds the parts its writers name could be parted into regions, and the report says how', () => {
  const plan = withText(STORE, ...PARTS);
  expect(plan.regions).toEqual([
    {
      path: 'src/store.ts',
      savedMinutes: 120,
      parts: [
        { task: 'T002', agent: 'agent-2-two', symbol: 'Store.get', line: 2 },
        { task: 'T001', agent: 'agent-1-one', symbol: 'Store.set', line: 5 },
      ],
    },
  ]);
  expect(renderReport(plan)).toContain(
    [
      '## Regions instead of turns',
      '`src/store.ts` is written in turn, though its tasks keep to different parts of it. With a region for each, everything would end 120 min sooner. It is not done; to do it:',
      '',
      '1. Mark the parts, and commit that:',
      '   - `// squad:begin agent-2-two:Store-get` above line 2 (Store.get, for T002), `// squad:end agent-2-two:Store-get` below its end',
      '   - `// squad:begin agent-1-one:Store-set` above line 5 (Store.set, for T001), `// squad:end agent-1-one:Store-set` below its end',
      '2. In `.squad/ownership.yaml`, make the row `/src/store.ts: { owner: NONE, access: PARTITIONED }`. The next allocation writes it anew.',
      '3. `squad-own lint`, then `squad-allocate --check`',
    ].join('\n'),
  );
});

test('no regions for a part that the file lacks, nor for one that two share', () => {
  expect(withText('export class Store {}\n', ...PARTS).regions).toEqual([]);
  expect(withText(STORE, PARTS[0], PARTS[0].replace('one', 'two')).regions).toEqual([]);
});
