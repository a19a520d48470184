import { describe, expect, test } from 'vitest';
import {
  applyAnswers,
  inferFiles,
  inputQuality,
  openQuestions,
  parseCommitLog,
  readDocument,
  renderQuestions,
  type RepositoryEvidence,
  type SourceDocument,
} from '#plan';

const prd = (...tasks: readonly string[]): SourceDocument =>
  readDocument({
    path: 'prd.md',
    content: `# Feature: X\n\n## Tasks\n${tasks.map((task) => `- ${task}\n`).join('')}`,
  });

function files(task: string, evidence: RepositoryEvidence): readonly string[] {
  const [first] = inferFiles(prd(task), evidence).tasks;
  return (first?.writes ?? []).map(({ path, mode, rung }) => `${path} ${mode} ${rung}`);
}

const TREE = {
  trackedFiles: [
    'apps/web/src/UserMenu.tsx',
    'apps/web/src/app.tsx',
    'package.json',
    'server/api/routes.py',
    'server/util.py',
    'web/util.py',
  ],
};

describe('files against the real tree', () => {
  test.each<[string, string, readonly string[]]>([
    ['an existing path', 'Change `server/util.py`', ['server/util.py modify 2']],
    ['a new path', 'Write `server/new.py`', ['server/new.py create 2']],
    ['another case', 'Change `Server/Util.py`', ['server/util.py modify 2']],
    ['a path inside a package', 'Change `src/app.tsx`', ['apps/web/src/app.tsx modify 2']],
    ['a bare name', 'Change `routes.py`', ['server/api/routes.py modify 3']],
    ['a bare name of two files', 'Change `util.py`', ['server/util.py modify 4', 'web/util.py modify 4']],
    ['an identifier', 'Animate the UserMenu', ['apps/web/src/UserMenu.tsx modify 3']],
    ['a folder', 'Clean up `server/api/`', ['server/api/ modify 2']],
    ['an area', 'Build the REST endpoints', ['server/ unknown 8']],
  ])('%s', (_name, task, expected) => {
    expect(files(task, TREE)).toEqual(expected);
  });

  test('CODEOWNERS says which folder is an area’s', () => {
    const codeowners = '# who\n* @all\n/apps/web/ @acme/frontend-team\n';
    const [task] = inferFiles(prd('Style the login page'), { ...TREE, codeowners }).tasks;
    expect(task?.writes.map(({ path, why }) => [path, why])).toEqual([
      ['apps/web/', '"style", "page" speaks of frontend; CODEOWNERS gives apps/web/ to @acme/frontend-team'],
    ]);
  });
});

const LOG = [
  '\0Add the export button\n\n30\t10\tweb/export.ts\n20\t0\tweb/menu.ts\n',
  '\0Add the export format\n\n100\t0\tweb/export.ts\n20\t0\tweb/menu.ts\n',
  '\0Fix the export button\n\n5\t5\tweb/export.ts\n1\t1\tweb/menu.ts\n-\t-\tlogo.png\n',
  '\0Unrelated\n\n1\t1\tREADME.md\n',
].join('');

describe('history and imports', () => {
  test('files that changed together are likely, with the figures, and are no writes', () => {
    const [task] = inferFiles(prd('Change `web/export.ts`'), {
      trackedFiles: ['web/export.ts', 'web/menu.ts'],
      commits: parseCommitLog(LOG),
    }).tasks;
    expect(task?.likely).toEqual([
      {
        path: 'web/menu.ts',
        mode: 'modify',
        rung: 7,
        why: 'changed with web/export.ts in 3 of its last 3 commits',
      },
    ]);
    expect(task?.writes.map(({ path }) => path)).toEqual(['web/export.ts']);
  });

  test('similar commits give an estimate; without three the default is marked', () => {
    const evidence = { trackedFiles: [], commits: parseCommitLog(LOG) };
    const estimates = inferFiles(prd('Improve the export button format', 'Paint it'), evidence).tasks.map(
      ({ estimate }) => estimate,
    );
    expect(estimates).toEqual([
      { minutes: 60, reason: 'history', why: '3 similar commits changed 60 lines in the middle' },
      { minutes: 120, reason: 'default', why: 'no estimate; a task takes two hours' },
    ]);
  });

  test('a barrel beside a new file and the importers of a removed one are likely', () => {
    const sources: Record<string, string> = {
      'src/index.ts': "export { a } from './a.ts';",
      'src/a.ts': '',
      'src/b.ts': "import { a } from './a.js';",
      'pkg/x.py': 'from .y import z\n',
      'pkg/y.py': '',
    };
    const evidence = { trackedFiles: Object.keys(sources).sort(), readText: (path: string) => sources[path] };
    const { tasks } = inferFiles(
      prd('Create `src/new.ts`', 'Delete `src/a.ts`', 'Rename what `pkg/y.py` exports'),
      evidence,
    );
    expect(tasks.map(({ likely }) => likely?.map(({ path, rung, why }) => `${path} ${rung} ${why}`))).toEqual(
      [
        ['src/index.ts 6 lists what is in src/, where src/new.ts is new'],
        ['src/b.ts 6 imports src/a.ts', 'src/index.ts 6 imports src/a.ts'],
        ['pkg/x.py 6 imports pkg/y.py'],
      ],
    );
  });
});

describe('order that the text implies', () => {
  const order = (...tasks: readonly string[]): readonly string[] =>
    inferFiles(prd(...tasks), { trackedFiles: [] }).tasks.map(({ dependencies }) =>
      dependencies.map(({ id, reason }) => `${id}:${reason}`).join(),
    );
  test('shared types come first', () => {
    expect(order('Create shared types in `shared/types.ts`', 'Paint the door', 'Build the shed')).toEqual([
      '',
      'create-shared-types-in-shared-types-ts:types-first',
      'create-shared-types-in-shared-types-ts:types-first',
    ]);
  });
  test('a consumer waits for what it uses, and nothing else', () => {
    expect(order('Build the invoice parser', 'Build the mailer', 'Integrate the invoice parser')).toEqual([
      '',
      '',
      'build-the-invoice-parser:producer',
    ]);
  });
  test('"then" waits for the task before', () => {
    expect(order('Draft the form', 'Then polish it')).toEqual(['', 'draft-the-form:order']);
  });
});

describe('quality and questions', () => {
  const vague = inferFiles(prd('Paint the door', 'Ring the bell', 'Feed the cat'), { trackedFiles: [] });

  test('a document without files limits the agents and says what to add', () => {
    expect(inputQuality(vague)).toEqual({
      score: 0,
      maxAgents: 1,
      advice: [
        'name the files of paint-the-door, ring-the-bell, feed-the-cat: "Files: `src/…`" below the task',
        'say which tasks wait for others: "(depends on T-01)" or phases',
        'give estimates, "(2h)": without any, all tasks count the same',
      ],
    });
    const good = inferFiles(prd('A-1 Do `a.ts` (2h)', 'A-2 Do `b.ts` (1h) (depends on A-1)'), {
      trackedFiles: [],
    });
    expect(inputQuality(good)).toEqual({ score: 100, maxAgents: undefined, advice: [] });
  });

  test('questions are answered by editing the file they were printed to', () => {
    const document = prd(
      'Paint the door',
      'Build the API server',
      'Create the dashboard page',
      'Add WebSocket updates',
    );
    const inferred = inferFiles(document, { trackedFiles: [] });
    expect(openQuestions(inferred).map(({ task, field, assumed }) => [task, field, assumed])).toEqual([
      ['paint-the-door', 'files', []],
      ['build-the-api-server', 'files', ['backend/']],
      ['create-the-dashboard-page', 'files', ['frontend/']],
      ['add-websocket-updates', 'files', ['frontend/']],
      ['add-websocket-updates', 'after', ['build-the-api-server', 'create-the-dashboard-page']],
    ]);
    const answers = renderQuestions(inferred)
      .replace('files: []', 'files: ["src/door.ts"]')
      .replace('"create-the-dashboard-page"]', ']')
      .replace('server",]', 'server"]');
    const { tasks } = inferFiles(applyAnswers(document, answers, 'answers.yaml'), {
      trackedFiles: ['src/door.ts'],
    });
    expect(tasks[0]?.writes).toEqual([
      { path: 'src/door.ts', mode: 'modify', rung: 1, why: 'answered in answers.yaml' },
    ]);
    expect(tasks[3]?.dependencies.map(({ id, reason }) => `${id} ${reason}`)).toEqual([
      'build-the-api-server field',
    ]);
  });

  test('answers to unknown tasks and broken answers are reported', () => {
    const document = prd('Paint the door');
    expect(
      applyAnswers(document, 'answers:\n  nobody: {files: [a.ts]}\n', 'a.yaml').diagnostics,
    ).toMatchObject([{ code: 'TASK_ID_UNKNOWN', range: { start: { line: 2 } } }]);
    expect(applyAnswers(document, 'answers: [', 'a.yaml').diagnostics).toMatchObject([
      { code: 'YAML_INVALID' },
    ]);
  });
});
