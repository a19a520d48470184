import fc from 'fast-check';
import { readTaskGraphYaml, renderTaskGraphYaml, TASK_DEFAULTS, type Task } from '#tasks';
import { expect, test } from 'vitest';
import { squadRepository } from '../support/squad-repository.ts';

const SPEC_KIT = `# Tasks: Photo Albums

## Phase 1: Setup

- [x] T001 Create project structure
- [ ] T002 Create the schema in src/db/schema.sql

## Phase 2: User Story 1

- [ ] T003 [P] [US1] Create the model in src/models/album.ts
- [ ] T004 [P] [US1] Create the page in src/pages/albums.tsx
`;

const TASK_MASTER = JSON.stringify({
  tasks: [
    { id: 1, title: 'Set up', description: 'd', status: 'done', dependencies: [], priority: 'high' },
    { id: 2, title: 'API', description: 'd', status: 'pending', dependencies: [1], priority: 'high' },
    { id: 3, title: 'UI', description: 'd', status: 'pending', dependencies: [2], priority: 'low' },
  ],
});

interface Graph {
  tasks: { id: string; dependsOn: string[]; files: { create: string[]; modify: string[] } }[];
  waves: string[][];
}

test('a spec-kit document is a task graph as it stands: what is done is left out, phases are waves', async () => {
  const repo = await squadRepository({ 'specs/001-albums/tasks.md': SPEC_KIT });
  for (const from of ['specs/001-albums/tasks.md', 'specs/001-albums']) {
    const result = await repo.task(['graph', '--json', '--from', from]);
    const { tasks, waves } = JSON.parse(result.stdout) as Graph;
    expect(waves).toEqual([['T002'], ['T003', 'T004']]);
    expect(tasks.map(({ files }) => [...files.create, ...files.modify])).toEqual([
      ['src/db/schema.sql'],
      ['src/models/album.ts'],
      ['src/pages/albums.tsx'],
    ]);
  }
});

test('import writes the open tasks as task-graph.yml, once, and every command then reads them', async () => {
  const repo = await squadRepository({ '.taskmaster/tasks.json': TASK_MASTER });
  const made = await repo.task(['import', '.taskmaster/tasks.json']);
  expect([made.code, made.stdout]).toEqual([
    0,
    'task-graph.yml: 2 open tasks of .taskmaster/tasks.json\nsee: squad-task graph\n',
  ]);
  const next = await repo.task(['next', '--json', '--agent', 'agent-1']);
  expect(JSON.parse(next.stdout)).toMatchObject({ task: { id: '2' } });
  const again = await repo.task(['import', '.taskmaster/tasks.json']);
  expect([again.code, again.stderr]).toEqual([
    2,
    'error USAGE: task-graph.yml is there already, and nothing is written over it\n  remove it, or: squad-task import .taskmaster/tasks.json --to other.yml\n',
  ]);
});

test('a document without a task is told as such', async () => {
  const repo = await squadRepository({ 'notes.json': '{"a": 1}\n' });
  const result = await repo.task(['import', 'notes.json']);
  expect([result.code, result.stdout]).toEqual([1, '']);
  expect(result.stderr).toMatch(/^error (?:INPUT_INVALID|NO_TASKS_FOUND): /u);
});

test('ids without a digit are ids where nothing else in the document is one', () => {
  const text = 'api: {title: API, files: [a.txt]}\nui: {title: UI, depends_on: [api]}\n';
  expect(readTaskGraphYaml(text, 'g.yml').tasks.map(({ id }) => id)).toEqual(['api', 'ui']);
});

const word = fc.stringMatching(/^[a-z][a-z0-9 :#'"-]{0,12}[a-z0-9]$/u);
const path = fc.stringMatching(/^[a-z]{1,6}(?:\/[a-z]{1,6}){0,2}\.ts$/u);
const task: fc.Arbitrary<Task> = fc.record({
  id: fc.stringMatching(/^[A-Z]{1,4}-[0-9]{1,4}$/u),
  title: word,
  agent: fc.option(fc.stringMatching(/^agent-[1-9]$/u), { nil: undefined }),
  files: fc.record({ create: fc.array(path), modify: fc.array(path), read: fc.array(path) }),
  dependsOn: fc.array(fc.stringMatching(/^[A-Z]{1,4}-[0-9]{1,4}$/u)),
  parallelOk: fc.boolean(),
  produces: fc.array(path),
  consumes: fc.array(path),
  priority: fc.constantFrom('critical', 'high', 'medium', 'low'),
  checkpoint: fc.boolean(),
  acceptance: fc.option(word, { nil: undefined }),
  gates: fc.array(word),
  criteria: fc.array(word),
  retries: fc.integer({ min: 0, max: 3 }),
  estimateMinutes: fc.integer({ min: 1, max: 10_000 }),
  detail: fc.oneof(fc.constant(TASK_DEFAULTS.detail), word),
  source: fc.constant({ path: 'g.yml', line: 1 }),
});

test('what is written as a graph is read as the same tasks', () => {
  fc.assert(
    fc.property(fc.uniqueArray(task, { selector: ({ id }) => id, minLength: 1, maxLength: 5 }), (tasks) => {
      const read = readTaskGraphYaml(renderTaskGraphYaml(tasks), 'g.yml');
      expect(read.diagnostics).toEqual([]);
      expect(read.tasks.map((each) => ({ ...each, source: { path: 'g.yml', line: 1 } }))).toEqual(tasks);
    }),
  );
});
