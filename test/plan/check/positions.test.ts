import { describe, expect, test } from 'vitest';
import { checkDocument, inferFiles, readDocument, toGithubAnnotations, toSarif } from '#plan';
import type { Diagnostic } from '#protocol';

const TRACKED = ['src/z.ts'];

function check(path: string, content: string): readonly Diagnostic[] {
  const document = inferFiles(readDocument({ path, content }), { trackedFiles: TRACKED });
  return checkDocument({ document, tracked: TRACKED, roster: [{ name: 'web', skills: ['web'] }] });
}

const places = (path: string, content: string): readonly string[] =>
  check(path, content).map(
    ({ code, range }) => `${range?.start.line ?? 0}:${range?.start.column ?? 0} ${code}`,
  );

describe('every finding has its place', () => {
  test('JSON: the object, and the name in its list', () => {
    const text =
      '{ "tasks": [\n' +
      '  {"id":1,"title":"A","dependencies":[3],"parallel":true,"files":["src/z.ts"]},\n' +
      '    {"id":2,"title":"B","dependencies":[9],"parallel":true,"files":["src/z.ts"]}, {"id":3,"title":"C","dependencies":[1]}\n] }';
    expect(places('tasks.json', text)).toEqual([
      '3:41 TASK_ID_UNKNOWN',
      '3:83 TASK_CYCLE',
      '3:5 FILE_TWO_WRITERS',
    ]);
  });

  test('YAML: the entry, and the name in its field', () => {
    const text =
      'tasks:\n  - id: a\n    title: A\n    depends_on: [b]\n  - id: b\n    title: B\n    depends_on:\n      - a\n      - zz\n';
    expect(places('task-graph.yml', text)).toEqual([
      '9:9 TASK_ID_UNKNOWN',
      '1:1 INPUT_POOR',
      '5:1 TASK_CYCLE',
    ]);
  });

  test('a name with signs of its own', () => {
    const line =
      '{"id":"bd-1","title":"x","issue_type":"task","dependencies":[{"depends_on_id":"bd-2.(x)","type":"blocks"}]}';
    expect(places('issues.jsonl', `${line}\n${line.replaceAll('bd-1', 'bd-3')}\n`)).toEqual([
      '1:80 TASK_ID_UNKNOWN',
      '2:80 TASK_ID_UNKNOWN',
      '1:1 INPUT_POOR',
    ]);
  });

  test('markdown: the line of the task, and the name on it', () => {
    const text =
      '# Tasks\n- [ ] T001 [P] Change `src/z.ts`\n- [ ] T002 [P] Change `src/z.ts` (depends on T077)\n  - Skills: cobol\n- [ ] T003 Update `src/none.ts`\n';
    expect(places('tasks.md', text)).toEqual([
      '3:46 TASK_ID_UNKNOWN',
      '3:1 FILE_TWO_WRITERS',
      '5:1 FILE_MISSING',
      '3:1 TASK_UNOWNED',
    ]);
  });

  test('JSON that is none, a document without tasks', () => {
    expect(places('tasks.json', '{"tasks":[\n{"id":1,}]}')).toEqual(['2:9 JSON_INVALID']);
    expect(places('prd.md', 'Nothing to do.\n')).toEqual(['1:1 NO_TASKS']);
  });
});

const FINDING: Diagnostic = {
  severity: 'error',
  code: 'FILE_TWO_WRITERS',
  message: '100 % of\nT1: \u001B[31mred\u001B[0m',
  path: 'a b/c#1,x:y.md',
  range: { start: { line: 3, column: 1 }, end: { line: 5, column: 1 } },
  hint: 'cure',
};

test('annotations escape what GitHub would read as their own, and name columns of one line only', () => {
  expect(toGithubAnnotations([FINDING])).toBe(
    '::error file=a b/c#1%2Cx%3Ay.md,line=3,endLine=4,title=FILE_TWO_WRITERS::100 %25 of%0AT1: red%0Acure',
  );
  const range = { start: { line: 3, column: 7 }, end: { line: 3, column: 11 } };
  expect(toGithubAnnotations([{ ...FINDING, message: 'm', path: 'x', range }])).toBe(
    '::error file=x,line=3,endLine=3,col=7,endColumn=10,title=FILE_TWO_WRITERS::m%0Acure',
  );
});

test('SARIF names rules by their index and files as URIs', () => {
  expect(toSarif([FINDING])).toEqual({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'squad-allocate', rules: [{ id: 'FILE_TWO_WRITERS' }] } },
        results: [
          {
            ruleId: 'FILE_TWO_WRITERS',
            ruleIndex: 0,
            level: 'error',
            message: { text: '100 % of\nT1: red (cure)' },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'a%20b/c%231%2Cx%3Ay.md' },
                  region: { startLine: 3, startColumn: 1, endLine: 5, endColumn: 1 },
                },
              },
            ],
          },
        ],
      },
    ],
  });
});
