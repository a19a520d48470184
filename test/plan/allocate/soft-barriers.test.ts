import { expect, test } from 'vitest';
import { inferFiles, makePlan, readDocument, type Plan, type PlanInput } from '#plan';

const document = inferFiles(
  readDocument({
    path: 'tasks.md',
    content: [
      '# Tasks: Shop',
      '## Phase 1: Setup',
      '- [ ] T001 Configure `tools/lint.json` (1h)',
      '## Phase 2: User Story 1',
      '- [ ] T002 Build `src/cart/cart.ts` (4h)',
      '- [ ] T003 Build `src/cart/price.ts` (1h)',
      '## Phase 3: User Story 2',
      '- [ ] T004 Build `src/orders/order.ts` (4h)',
      '- [ ] T005 Round in `src/cart/round.ts` (1h)',
      '',
    ].join('\n'),
  }),
  { trackedFiles: [], commits: [], codeowners: '', readText: () => undefined },
);

function planOf(barriers: PlanInput['barriers']): Plan {
  return makePlan({ document, tracked: [], agents: 2, roster: [], effort: 'fast', barriers });
}

const after = ({ tasks }: Plan): readonly string[] =>
  tasks.map(({ id, dependsOn }) => `${id} <${dependsOn.join(',')}>`);

test('phases as hints: foundations come first, a later phase waits only in the folders of an earlier one', () => {
  const soft = planOf('soft');
  expect(after(soft)).toEqual(['T001 <>', 'T002 <>', 'T003 <>', 'T004 <>', 'T005 <T002,T003>']);
  expect(soft.tasks.slice(1).every(({ startMinute }) => startMinute >= 60)).toBe(true);
  expect(soft.tasks[4]?.why.dependsOn['T002']).toBe(
    '"Phase 3: User Story 2" comes after it, and both work in src/cart/',
  );
});

test('each plan of a document with phases says what its phases cost', () => {
  expect(planOf('strict').phases).toEqual({
    barriers: 'strict',
    strictMinutes: 540,
    softMinutes: 420,
    offMinutes: 360,
  });
  expect(planOf('soft').phases).toMatchObject({ barriers: 'soft', softMinutes: 420 });
  expect(planOf('strict').makespanMinutes).toBe(540);
  expect(planOf('soft').makespanMinutes).toBe(420);
});
