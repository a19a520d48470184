import { renderDiagnostic } from '#protocol';
import {
  buildTaskGraph,
  planWaves,
  readTaskFile,
  readTaskGraphYaml,
  renderMermaid,
  scheduleOptions,
} from '#tasks';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const SEED = `version: 1
phases:
  phase_1:
    name: Foundation
    tasks:
      BACKEND-01:
        title: Metrics API
        depends_on: []
        parallel_ok: true
        produces: [metrics-contract]
        files: [backend/metrics.ts]
        estimate: 2h
      DATABASE-01:
        title: Schema
        parallel_ok: false
        estimate: 30 minutes
  phase_2:
    - id: FRONTEND-01
      title: Dashboard
      agent: frontend
      depends_on: BACKEND-01
      consumes: [metrics-contract]
      priority: P1
      checkpoint: yes
      acceptance: npm test
      files:
        create: [frontend/dashboard.tsx]
        read: [shared/types.ts]
      retries: 1
`;

const idsOf = (waves: readonly (readonly { id: string }[])[]): string[][] =>
  waves.map((wave) => wave.map(({ id }) => id));

test('a task-graph.yml is read in its forms: mappings, lists, named groups', () => {
  const { tasks, diagnostics } = readTaskGraphYaml(SEED, 'task-graph.yml');
  expect(diagnostics).toEqual([]);
  expect(tasks.map(({ id, source }) => [id, source.line])).toEqual([
    ['BACKEND-01', 6],
    ['DATABASE-01', 13],
    ['FRONTEND-01', 18],
  ]);
  expect(tasks[2]).toEqual({
    id: 'FRONTEND-01',
    title: 'Dashboard',
    agent: 'frontend',
    files: { create: ['frontend/dashboard.tsx'], modify: [], read: ['shared/types.ts'] },
    dependsOn: ['BACKEND-01'],
    parallelOk: true,
    produces: [],
    consumes: ['metrics-contract'],
    priority: 'high',
    checkpoint: true,
    acceptance: 'npm test',
    gates: [],
    criteria: [],
    retries: 1,
    estimateMinutes: 30,
    detail: '',
    source: { path: 'task-graph.yml', line: 18 },
  });
});

test('a task that must run alone has a wave of its own', () => {
  const { graph } = buildTaskGraph(readTaskGraphYaml(SEED, 'task-graph.yml').tasks);
  expect(idsOf(planWaves(graph))).toEqual([['BACKEND-01'], ['FRONTEND-01'], ['DATABASE-01']]);
});

test('two writers of one file are never in one wave', () => {
  const yaml = `A-1: {title: a, files: [src/x.ts]}\nA-2: {title: b, files: [src]}\nA-3: {title: c, files: [lib/x.ts]}\n`;
  const { graph } = buildTaskGraph(readTaskGraphYaml(yaml, 'g.yml').tasks);
  expect(idsOf(planWaves(graph))).toEqual([['A-1', 'A-3'], ['A-2']]);
});

test('every problem of a graph is told at once, with its place and a suggestion', () => {
  const yaml = `- {id: T-01, title: a, depends_on: [T-03]}
- {id: T-02, title: b, depends_on: [T-1O], parallel_ok: maybe}
- {id: T-03, title: c, depends_on: [T-01]}
- {id: T-02, title: again}
- {id: T-10, title: e, priority: soonish, estimate: long}
`;
  const reading = readTaskGraphYaml(yaml, 'g.yml');
  const { diagnostics } = buildTaskGraph(reading.tasks);
  expect([...reading.diagnostics, ...diagnostics].map((each) => renderDiagnostic(each))).toEqual([
    'g.yml:2:1 error FIELD_INVALID T-02: parallel_ok\n  expected: true or false\n  found: "maybe"',
    'g.yml:5:1 error FIELD_INVALID T-10: priority\n  expected: critical, high, medium or low\n  found: "soonish"',
    'g.yml:5:1 error FIELD_INVALID T-10: estimate\n  expected: minutes, or a duration like 90m or 2h\n  found: "long"',
    'g.yml:4:1 error TASK_ID_DUPLICATE T-02 is already a task, at g.yml:2',
    'g.yml:2:1 error TASK_ID_UNKNOWN T-02 depends on T-1O, which is no task\n  hint: did you mean T-10?',
    'g.yml:1:1 error TASK_CYCLE these tasks wait for one another: T-01 → T-03 → T-01\n  hint: remove one of the depends_on entries',
  ]);
});

test('a task file is read from its header, or from lines and lists under its title', () => {
  const header = `---\nid: BACKEND-01\ndepends_on: [DB-01]\nparallel_ok: true\n---\n\n# Login API\n\nUse the session table.\n`;
  expect(readTaskFile(header, '.claude/tasks/x.md').tasks[0]).toMatchObject({
    id: 'BACKEND-01',
    title: 'Login API',
    dependsOn: ['DB-01'],
    detail: 'Use the session table.',
    source: { path: '.claude/tasks/x.md', line: 7 },
  });
  const lines = `# BACKEND-02: Logout\n\n- **Depends on:** BACKEND-01, DB-01\n- parallel_ok: false\nNote: keep the cookie name.\n\n## Files\n- \`src/logout.ts\` - new\n\n## Acceptance Criteria\n- [ ] the session is gone\n\n## Dependencies\n- none\n`;
  expect(readTaskFile(lines, '.claude/tasks/BACKEND-02.md').tasks[0]).toMatchObject({
    id: 'BACKEND-02',
    title: 'Logout',
    parallelOk: false,
    dependsOn: ['BACKEND-01', 'DB-01'],
    files: { create: [], modify: ['src/logout.ts'], read: [] },
    criteria: ['the session is gone'],
    detail: 'Note: keep the cookie name.',
  });
});

test('the parallel and the sequential way are both planned, an agent stays at its terminal', () => {
  const yaml = `T-1: {title: a, agent: x, estimate: 30}\nT-2: {title: b, agent: y, estimate: 50}\nT-3: {title: c, agent: x, depends_on: [T-2], estimate: 10}\n`;
  const { graph } = buildTaskGraph(readTaskGraphYaml(yaml, 'g.yml').tasks);
  const { parallel, sequential } = scheduleOptions(graph, { terminals: 2 });
  expect([parallel.minutes, parallel.terminals, sequential.minutes, sequential.terminals]).toEqual([
    60, 2, 90, 1,
  ]);
  expect(parallel.tasks.map(({ task, terminal, startMinute }) => [task.id, terminal, startMinute])).toEqual([
    ['T-2', 1, 0],
    ['T-1', 2, 0],
    ['T-3', 2, 50],
  ]);
});

test('a Mermaid chart is safe for any title', () => {
  const yaml = `T-1: {title: 'say "hi" <b>'}\nT-2: {title: b, depends_on: [T-1], checkpoint: true}\n`;
  const { graph } = buildTaskGraph(readTaskGraphYaml(yaml, 'g.yml').tasks);
  expect(
    renderMermaid(graph, (id) => (id === 'T-1' ? 'done' : undefined))
      .split('\n')
      .slice(0, 4),
  ).toEqual([
    'flowchart LR',
    '  t0["T-1: say #quot;hi#quot; #lt;b#gt;"]:::done',
    '  t1{{"T-2: b"}}',
    '  t0 --> t1',
  ]);
});

const ids = Array.from({ length: 12 }, (_, index) => `T-${index}`);
const anyGraph = fc
  .array(
    fc.record({
      dependsOn: fc.uniqueArray(fc.constantFrom(...ids), { maxLength: 3 }),
      parallel: fc.boolean(),
      file: fc.constantFrom('a', 'b', 'c/d', 'c'),
      estimate: fc.nat(60),
    }),
    { minLength: 1, maxLength: ids.length },
  )
  .map((drafts) =>
    drafts.map(({ dependsOn, parallel, file, estimate }, index) => ({
      id: ids[index],
      title: 't',
      depends_on: dependsOn,
      parallel_ok: parallel,
      files: [file],
      estimate,
    })),
  );

test('whatever the tasks, the waves hold every task once, after its dependencies, and a schedule ends', () => {
  fc.assert(
    fc.property(anyGraph, (drafts) => {
      const { graph } = buildTaskGraph(readTaskGraphYaml(JSON.stringify(drafts), 'g.yml').tasks);
      const waves = idsOf(planWaves(graph));
      const waveOf = new Map(waves.flatMap((wave, index) => wave.map((id) => [id, index] as const)));
      expect(waves.flat().toSorted()).toEqual(graph.tasks.map(({ id }) => id).toSorted());
      for (const { from, to } of graph.edges) expect(waveOf.get(from)).toBeLessThan(waveOf.get(to) ?? -1);
      const { parallel, sequential } = scheduleOptions(graph, { terminals: 3 });
      expect([parallel.tasks.length, sequential.tasks.length]).toEqual([
        graph.tasks.length,
        graph.tasks.length,
      ]);
      expect(sequential.minutes).toBe(graph.tasks.reduce((sum, task) => sum + task.estimateMinutes, 0));
      expect(parallel.minutes).toBeLessThanOrEqual(sequential.minutes);
    }),
  );
});

test('ten thousand tasks in a row are planned without a deep stack', () => {
  const drafts = Array.from({ length: 10_000 }, (_, index) => ({
    id: `T-${index}`,
    title: 't',
    depends_on: index === 0 ? [] : [`T-${index - 1}`],
  }));
  const { graph, diagnostics } = buildTaskGraph(readTaskGraphYaml(JSON.stringify(drafts), 'g.yml').tasks);
  expect([graph.edges.length, diagnostics]).toEqual([9_999, []]);
});
