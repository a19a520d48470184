import { expect, test } from 'vitest';
import { inferFiles, makePlan, readDocument, type Plan, type PlanInput, type SourceDocument } from '#plan';
import type { PlanHeader } from '#protocol';

function read(path: string, ...lines: readonly string[]): SourceDocument {
  return inferFiles(readDocument({ path, content: `${lines.join('\n')}\n` }), {
    trackedFiles: [],
    commits: [],
    codeowners: '',
    readText: () => undefined,
  });
}

function planOf(document: SourceDocument, more: Partial<PlanInput> = {}): Plan {
  return makePlan({
    document,
    tracked: [],
    agents: 2,
    roster: [],
    effort: 'fast',
    barriers: 'strict',
    ...more,
  });
}

const brief = ({ tasks }: Plan): readonly string[] =>
  tasks.map(
    ({ id, dependsOn, gates, isCheckpoint }) =>
      `${id} <${dependsOn.join(',')}>${isCheckpoint ? ' approve' : ''}${gates.map((gate) => ` ${gate}`).join('')}`,
  );

const phases = (checkpoint: string): SourceDocument =>
  read(
    'tasks.md',
    '# Tasks: Shop',
    '## Phase 1: Base',
    '- [ ] T001 a `a.ts`',
    '- [ ] T002 b `b.ts`',
    '',
    checkpoint,
    '## Phase 2: More',
    '- [ ] T003 c `c.ts`',
  );

const PLAIN = ['T001 <>', 'T002 <>', 'T003 <>'];

test.each<[string, readonly string[]]>([
  ['**Checkpoint**: Foundation ready - stories can begin in parallel', PLAIN],
  ['**Checkpoint**: the approval workflow can be tried', PLAIN],
  [
    '**Checkpoint**: demo to the team',
    [
      'T001 <>',
      'T002 <>',
      'checkpoint-demo-to-the-team <T001,T002> approve',
      'T003 <checkpoint-demo-to-the-team>',
    ],
  ],
  [
    '**Checkpoint**: a person approves it',
    [
      'T001 <>',
      'T002 <>',
      'checkpoint-a-person-approves-it <T001,T002> approve',
      'T003 <checkpoint-a-person-approves-it>',
    ],
  ],
  ['**Checkpoint**: customer reviews can be posted', PLAIN],
  [
    'Approval: design lead',
    ['T001 <>', 'T002 <>', 'checkpoint-design-lead <T001,T002> approve', 'T003 <checkpoint-design-lead>'],
  ],
  [
    '> **Gate 1**: `npm test` passes',
    [
      'T001 <>',
      'T002 <>',
      'checkpoint-npm-test-passes <T001,T002> npm test',
      'T003 <checkpoint-npm-test-passes>',
    ],
  ],
  [
    'Gate: legal review before T002',
    [
      'T001 <>',
      'checkpoint-legal-review-before-t002 <T001> approve',
      'T002 <checkpoint-legal-review-before-t002>',
      'T003 <>',
    ],
  ],
])('between phases, %s', (line, expected) => {
  expect(brief(planOf(phases(line)))).toEqual(expected);
});

test('every checkpoint waits for a person, or none, when told so', () => {
  const document = phases('**Checkpoint**: Foundation ready');
  expect(brief(planOf(document, { checkpoints: 'all' }))).toEqual([
    'T001 <>',
    'T002 <>',
    'checkpoint-foundation-ready <T001,T002> approve',
    'T003 <checkpoint-foundation-ready>',
  ]);
  expect(brief(planOf(phases('Approval: lead'), { checkpoints: 'off' }))).toEqual(PLAIN);
  expect(planOf(document).syncPoints.map(({ name }) => name)).toEqual([
    'end of Phase 1: Base (Foundation ready)',
  ]);
});

test('fields of a task, of YAML and of GSD', () => {
  expect(
    brief(
      planOf(
        read(
          'prd.md',
          '# X',
          '## Tasks',
          '- Build `a.ts`',
          '  - Gate: `npm run lint`',
          '  - Approval: product owner',
          '- Write `b.ts`',
          '  - Approval: none',
        ),
      ),
    ),
  ).toEqual(['build-a-ts <> approve npm run lint', 'write-b-ts <>']);
  expect(
    brief(
      planOf(
        read(
          'task-graph.yml',
          'tasks:',
          '  - {id: a, title: A, gates: [make check]}',
          '  - {id: b, title: B, type: gate, depends_on: [a]}',
          '  - {id: c, title: C, checkpoint: true, depends_on: [b]}',
        ),
      ),
    ),
  ).toEqual(['a <> make check', 'b <a> approve', 'c <b> approve']);
  const gsd = ['---', 'phase: 1-x', 'plan: 01', 'files_modified: []', '---'];
  expect(
    brief(
      planOf(
        read(
          '01-01-PLAN.md',
          ...gsd,
          '<task type="checkpoint:human-verify">',
          '<what-built>It</what-built>',
          '</task>',
        ),
      ),
    ),
  ).toEqual(['01-01/1 <> approve']);
});

test('a checkpoint in a list comes after what stands above it and before what stands below', () => {
  const document = read(
    '.kiro/specs/x/tasks.md',
    '- [ ] 1. a',
    '- [ ] 2. b',
    '- [ ] 3. Checkpoint - Ensure all tests pass, ask the user if questions arise',
    '- [ ] 4. c',
  );
  expect(brief(planOf(document))).toEqual(['1 <>', '2 <>', '3 <1,2>', '4 <3>']);
});

test('gates and checkpoints that a plan has are kept when it is made anew', () => {
  const document = phases('');
  const previous: readonly PlanHeader[] = [
    {
      version: 1,
      agent: 'agent-1-general',
      role: 'general',
      feature: 'Shop',
      prd_hash: document.hash,
      tasks: [
        {
          id: 'T001',
          title: 'a',
          files: { create: ['a.ts'], modify: [], read: [] },
          depends_on: [],
          estimate_minutes: 120,
          start_minute: 0,
          gates: ['npm test'],
          checkpoint: true,
        },
      ],
    },
  ];
  for (const isReplan of [false, true])
    expect(brief(planOf(document, { begun: { previous, progress: new Map(), isReplan } }))).toEqual([
      'T001 <> approve npm test',
      'T002 <>',
      'T003 <>',
    ]);
});
