import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  EXPORT_FORMATS,
  exportDocument,
  readDocument,
  readFolder,
  tickTasks,
  type SourceDocument,
} from '#plan';
import { DOCUMENTS } from '../read/planning-document.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

function tick(
  path: string,
  text: string,
  ids: readonly string[],
): { text: string; ticked: readonly string[]; untouched: readonly unknown[] } {
  const content = bytes(text);
  const result = tickTasks(content, readDocument({ path, content }), new Set(ids));
  return {
    text: Buffer.from(result.content).toString('utf8'),
    ticked: result.ticked,
    untouched: result.untouched,
  };
}

describe('ticking', () => {
  test('a box, with its line end, its spaces and the rest of the document as they were', () => {
    const text =
      '\uFEFF# Tasks: é\r\n## Phase 1: A\r\n- [ ]  T001  Do 完成 it \r\n\t- [ ] note\r\n* [~] T002 b\n';
    expect(tick('tasks.md', text, ['T001', 'T002'])).toEqual({
      text: text.replace('[ ]  T001', '[x]  T001').replace('[~]', '[x]'),
      ticked: ['T001', 'T002'],
      untouched: [],
    });
  });

  test('a box behind the number', () => {
    const text = '## 1. Docs\n- 1.1 [ ] Write it\n- 1.2 [ ] Ship it\n';
    expect(tick('tasks.md', text, ['1.2']).text).toBe(text.replace('1.2 [ ]', '1.2 [x]'));
  });

  test('a task-master status, not its sub-task’s nor its neighbour’s', () => {
    const text = JSON.stringify(
      {
        tasks: [
          {
            id: 1,
            title: 'a',
            subtasks: [
              { id: 1, title: 'x', status: 'pending' },
              { id: 2, title: 'y', status: 'pending' },
            ],
          },
          { id: 2, title: 'b', status: 'pending' },
        ],
      },
      undefined,
      2,
    );
    const { text: after } = tick('tasks.json', text, ['1.2', '2']);
    expect(
      readDocument({ path: 'tasks.json', content: after }).tasks.map(({ id, status }) => `${id} ${status}`),
    ).toEqual(['1.1 todo', '1.2 done', '2 done']);
    expect(after.length).toBe(text.length - 2 * ('pending'.length - 'done'.length));
  });

  test('a status in JSON on one line, behind letters of several bytes and a byte-order mark', () => {
    const text =
      '\uFEFF{"tasks":[{"id":1,"title":"é ü 完","details":"\\"status\\": {","status":"pending"},{"id":2,"subtasks":[],"status":"pending","title":"b"}]}';
    expect(tick('tasks.json', text, ['2'])).toEqual({
      text: text.replace('"subtasks":[],"status":"pending"', '"subtasks":[],"status":"done"'),
      ticked: ['2'],
      untouched: [],
    });
    expect(tick('tasks.json', text, ['1', '2']).text).toBe(text.replaceAll('pending', 'done'));
  });

  test('mixed line ends and a missing last one stay', () => {
    const text = '# Tasks\r\n- [ ] T001 a\r- [ ] T002 b\n\n- [ ] T003 c';
    expect(tick('tasks.md', text, ['T001', 'T002', 'T003']).text).toBe(text.replaceAll('[ ]', '[x]'));
  });

  test('the status of a Cursor todo, of a CCPM file, of a Ralph story, of a task graph', () => {
    const cursor =
      '---\nname: x\noverview: y\ntodos:\n  - id: a\n    content: A\n    status: pending\n  - id: b\n    content: B\n    status: pending # later\nisProject: false\n---\n';
    expect(tick('x.plan.md', cursor, ['b']).text).toBe(
      cursor.replace('pending # later', 'completed # later'),
    );
    const ccpm = '---\nname: x\nstatus: "open"\nparallel: true\n---\nBody status: open\n';
    expect(tick('7.md', ccpm, ['7']).text).toBe(ccpm.replace('"open"', '"closed"'));
    const ralph =
      '{"userStories": [\n {"id": "US-1", "title": "a", "passes": false},\n {"id": "US-2", "title": "b", "passes": false}\n]}';
    expect(tick('prd.json', ralph, ['US-2']).text).toBe(
      ralph.replace('"title": "b", "passes": false', '"title": "b", "passes": true'),
    );
    const graph = 'tasks:\n  - id: a\n    title: A\n    status: todo\n  - id: b\n    title: B\n';
    expect(tick('task-graph.yml', graph, ['a', 'b'])).toEqual({
      text: graph.replace('todo', 'done'),
      ticked: ['a'],
      untouched: [{ id: 'b', reason: 'it has no status to set' }],
    });
  });

  test('a task without a box is named and nothing is changed', () => {
    const text = '# Feature: X\n\n## Tasks\n- Build x\n';
    expect(tick('prd.md', text, ['build-x'])).toEqual({
      text,
      ticked: [],
      untouched: [{ id: 'build-x', reason: 'it has no box' }],
    });
  });

  test('in every document of the corpus only the ticked lines change, and they read as done', () => {
    fc.assert(
      fc.property(fc.constantFrom(...DOCUMENTS), fc.nat(), fc.boolean(), ({ path, text }, seed, isCrlf) => {
        const content = bytes(isCrlf ? text.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n') : text);
        const document = readDocument({ path, content });
        const chosen = new Set(
          document.tasks.filter((_, index) => (index * 7 + seed) % 3 === 0).map(({ id }) => id),
        );
        const { content: after, ticked } = tickTasks(content, document, chosen);
        const before = Buffer.from(content).toString('latin1').split('\n');
        const changed = Buffer.from(after)
          .toString('latin1')
          .split('\n')
          .flatMap((line, index) => (line === before[index] ? [] : [index]));
        expect(changed.length).toBe(ticked.length);
        const again = new Map(
          readDocument({ path, content: after }).tasks.map(({ id, status }) => [id, status]),
        );
        for (const id of ticked) expect(again.get(id)).toBe('done');
        for (const task of document.tasks)
          if (!chosen.has(task.id)) expect(again.get(task.id)).toBe(task.status);
      }),
      { numRuns: 150 },
    );
  });
});

const SOURCE = readDocument({
  path: 'tasks.md',
  content: [
    '# Tasks: Login',
    '## Phase 1: Setup',
    '- [x] T001 Create `package.json`',
    '- [ ] T002 [P] Build src/a.ts (depends on T001)',
    '## Phase 2: Polish',
    '- [ ] T003 Say "hi", =1+1 in `docs/a b.md` (depends on T001, T002)',
    '',
  ].join('\n'),
});

const shape = (document: SourceDocument): readonly unknown[] => {
  const place = new Map(document.tasks.map(({ id }, index) => [id, index]));
  return document.tasks.map((task) => [
    task.status,
    task.dependencies.map(({ id }) => place.get(id)),
    task.writes.map(({ path }) => path),
  ]);
};

const VERBS = ['Build', 'Add', 'Rework', 'Document', 'Split'];
const THINGS = [
  'the parser',
  'a login form',
  'retries (three of them)',
  'metrics, labelled',
  'the "fast" path',
];

/** A list of tasks in which each waits for any of those before it. */
const graph = fc
  .array(
    fc.record({
      verb: fc.constantFrom(...VERBS),
      thing: fc.constantFrom(...THINGS),
      files: fc.uniqueArray(fc.constantFrom('src/a.ts', 'src/b c.ts', 'docs/x.md', 'app/[id]/page.tsx'), {
        maxLength: 2,
      }),
      isDone: fc.boolean(),
      after: fc.array(fc.nat(30), { maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((tasks) =>
    tasks
      .map(({ verb, thing, files, isDone, after }, index) => {
        const id = (place: number): string => `T${String(place + 1).padStart(3, '0')}`;
        const ids = [...new Set(after.filter((place) => place < index).map(id))];
        const depends = ids.length === 0 ? '' : ` (depends on ${ids.join(', ')})`;
        const named = files.length === 0 ? '' : ` in ${files.map((path) => `\`${path}\``).join(', ')}`;
        return `- [${isDone ? 'x' : ' '}] ${id(index)} ${verb} ${thing}${named}${depends}\n`;
      })
      .join(''),
  );

describe('exports', () => {
  test.each(['spec-kit', 'task-master', 'ccpm', 'backlog'])('%s is read back as the same tasks', (format) => {
    const files = exportDocument(SOURCE, format) ?? [];
    const [first] = files;
    const again =
      files.length === 1 && first !== undefined
        ? readDocument(first)
        : readFolder(
            'out',
            files.map((file) => ({ path: file.path, content: file.content })),
          );
    expect(again.format).toBe(format);
    expect(shape(again)).toEqual(shape(SOURCE));
  });

  test.each(EXPORT_FORMATS.filter((format) => format !== 'mermaid' && format !== 'csv'))(
    'any tasks, files and edges survive %s',
    (format) => {
      fc.assert(
        fc.property(graph, (content) => {
          const source = readDocument({ path: 'tasks.md', content });
          const files = exportDocument(source, format) ?? [];
          const [first] = files;
          const again =
            files.length === 1 && first !== undefined ? readDocument(first) : readFolder('out', files);
          expect(again.format).toBe(source.tasks.length === 0 ? again.format : format);
          expect(shape(again)).toEqual(shape(source));
        }),
        { numRuns: 60 },
      );
    },
  );

  test('the JSON model keeps areas, declared paths and stages', () => {
    const source = readDocument({
      path: 'prd.md',
      content:
        '# Feature: X\n## Requirements\n1. Frontend: a\n2. Backend: b\n## Tasks\n- Build a\n- Build b (3h)\n',
    });
    const [file] = exportDocument(source, 'json') ?? [];
    const again = readDocument(file ?? { path: '', content: '' });
    expect([again.areas, again.declared, again.stages, again.feature]).toEqual([
      source.areas,
      source.declared,
      source.stages,
      'X',
    ]);
    expect(again.tasks.map(({ estimate }) => estimate?.minutes)).toEqual([undefined, 180]);
  });

  test('spec-kit', () => {
    expect(exportDocument(SOURCE, 'spec-kit')).toEqual([
      {
        path: 'tasks.md',
        content:
          '# Tasks: Login\n\n## Phase 1: Setup\n\n- [x] T001 Create `package.json`\n- [ ] T002 [P] Build src/a.ts (depends on T001)\n## Phase 2: Polish\n\n- [ ] T003 Say "hi", =1+1 in `docs/a b.md` (depends on T001, T002)\n',
      },
    ]);
  });

  test('Mermaid and CSV', () => {
    expect(exportDocument(SOURCE, 'mermaid')?.[0]?.content).toBe(
      'flowchart LR\n  t1["T001 Create `package.json`"]\n  t2["T002 Build src/a.ts"]\n  t3["T003 Say #quot;hi#quot;, =1+1 in `docs/a b.md`"]\n  t1 --> t2\n  t1 --> t3\n  t2 --> t3\n',
    );
    expect(exportDocument(SOURCE, 'csv')?.[0]?.content.split('\r\n').slice(0, 2)).toEqual([
      'id,title,status,files,depends_on,estimate_minutes,priority,agent,section',
      'T001,Create `package.json`,done,package.json,,,,,Tasks: Login / Phase 1: Setup',
    ]);
  });

  test('a format that is not written is none', () => {
    expect(exportDocument(SOURCE, 'word')).toBeUndefined();
    expect(EXPORT_FORMATS).toEqual(['spec-kit', 'task-master', 'ccpm', 'backlog', 'json', 'mermaid', 'csv']);
  });
});
