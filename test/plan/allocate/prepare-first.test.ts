import { expect, test } from 'vitest';
import { inferFiles, makePlan, readDocument, type Plan, type PlanInput, type SourceDocument } from '#plan';
import { violations } from './independent-judge.ts';

function documentOf(...tasks: readonly string[]): SourceDocument {
  const rows = tasks.map((text, index) => `- [ ] T00${index + 1} ${text}`);
  const content = ['# Shop', '## Tasks', ...rows, ''].join('\n');
  return inferFiles(readDocument({ path: 'tasks.md', content }), {
    trackedFiles: ['src/types.ts'],
    commits: [],
    codeowners: '',
    readText: () => undefined,
  });
}

function planOf(document: SourceDocument, more: Partial<PlanInput> = {}): Plan {
  const input = { document, tracked: ['src/types.ts'], agents: undefined, roster: [] } as const;
  return makePlan({ ...input, effort: 'fast', barriers: 'strict', ...more });
}

const SHOP = [
  'Build the cart in `src/cart.ts` and its types in `src/types.ts` (4h)',
  'Build orders in `src/orders.ts`, extend `src/types.ts` (4h)',
  'Build search in `src/search.ts`, extend `src/types.ts` (4h)',
  'Build mail in `src/mail.ts` (3h)',
];

test('types that several tasks write get a task of their own that goes first, when that ends sooner', () => {
  const plan = planOf(documentOf(...SHOP));
  expect(plan.tasks.map(({ id, estimateMinutes, dependsOn }) => [id, estimateMinutes, dependsOn])).toEqual([
    ['prepare-src-types.ts', 45, []],
    ['T001', 225, ['prepare-src-types.ts']],
    ['T002', 225, ['prepare-src-types.ts']],
    ['T003', 225, ['prepare-src-types.ts']],
    ['T004', 180, []],
  ]);
  expect(plan.tasks[0]).toMatchObject({
    title: 'Prepare src/types.ts for T001, T002, T003',
    files: { create: [], modify: ['src/types.ts'], read: [] },
  });
  expect(plan.tasks[1]?.files).toEqual({ create: ['src/cart.ts'], modify: [], read: ['src/types.ts'] });
  expect(plan.sharedFiles).toEqual([
    {
      path: 'src/types.ts',
      form: 'shared first',
      tasks: 3,
      agents: 1,
      lostMinutes: 30,
      minutes: { oneOwner: 720, handedOn: 720, sharedFirst: 270 },
      why: 'prepare-src-types.ts writes src/types.ts before T001, T002, T003, which then need not wait for one another: everything ends in 270 min instead of 720 (its own 45 min are a guess, taken from those tasks)',
    },
  ]);
});

test('a plan with a task that goes first holds for a judge that shares no code with the planner', () => {
  const { tasks, agents } = planOf(documentOf(...SHOP));
  const place = (id: string): number => tasks.findIndex((task) => task.id === id);
  const paths = [...new Set(tasks.flatMap(({ files }) => [...files.create, ...files.modify]))];
  const instance = {
    durations: tasks.map(({ estimateMinutes }) => estimateMinutes),
    edges: tasks.flatMap(({ dependsOn }, task) => dependsOn.map((id) => [place(id), task] as const)),
    files: tasks.map(({ files }) => [...files.create, ...files.modify].map((path) => paths.indexOf(path))),
  };
  const timetable = {
    starts: tasks.map(({ startMinute }) => startMinute),
    agents: tasks.map(({ agent }) => agents.findIndex(({ id }) => id === agent)),
  };
  expect(violations(instance, timetable, agents.length)).toEqual([]);
});

test.each<[string, readonly string[], Partial<PlanInput>]>([
  ['with one agent nobody waits', SHOP, { agents: 1 }],
  [
    'a task that writes only the types is that task already',
    ['Define `src/types.ts` (4h)', ...SHOP.slice(1)],
    {},
  ],
  [
    'code that builds on code keeps its order',
    SHOP.map((text) => text.replace('src/types.ts', 'src/store.ts')),
    {},
  ],
  [
    'what saves less than a tenth is left alone',
    ['A in `a.ts`, `src/types.ts` (1h)', 'B in `b.ts`, `src/types.ts` (1h)', 'C in `c.ts` (30h)'],
    {},
  ],
])('no task is added: %s', (_, tasks, more) => {
  const plan = planOf(documentOf(...tasks), more);
  expect(plan.tasks.map(({ id }) => id)).toEqual(tasks.map((__, index) => `T00${index + 1}`));
});

test('what might have gone first is told with what it would have given', () => {
  const [shared] = planOf(documentOf(...SHOP), { agents: 1 }).sharedFiles;
  expect(shared).toMatchObject({
    form: 'one owner',
    minutes: { oneOwner: 900, handedOn: 900, sharedFirst: 900 },
  });
});
