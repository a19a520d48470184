import { expect, test } from 'vitest';
import { readFolder } from '#plan';

const task = (name: string, depends: string, body = ''): string =>
  `---\nname: ${name}\nstatus: open\ndepends_on: ${depends}\nparallel: true\nconflicts_with: []\n---\n\n# Task: ${name}\n${body}`;

test('the files of an epic are one document whose references reach from file to file', () => {
  const document = readFolder('.claude/epics/login', [
    {
      path: '.claude/epics/login/epic.md',
      content:
        '---\nname: Login\nstatus: open\n---\n\n## Tasks Created\n\n- [ ] 001.md - Schema (parallel: true)\n',
    },
    {
      path: '.claude/epics/login/001.md',
      content: task('Schema', '[]', '\n## Technical Details\n- Files affected: `db/schema.sql`\n'),
    },
    { path: '.claude/epics/login/002.md', content: task('API', '[001]') },
    { path: '.claude/epics/login/notes.md', content: '# Notes\n\nNothing to do here.\n' },
  ]);
  expect(document.feature).toBe('Login');
  expect(
    document.tasks.map(({ id, source, dependencies }) => [id, source, dependencies.map((one) => one.id)]),
  ).toEqual([
    ['001', '.claude/epics/login/001.md', []],
    ['002', '.claude/epics/login/002.md', ['001']],
  ]);
  expect(document.diagnostics).toEqual([]);
});

test('plans of a phase wait for the plans they name', () => {
  const plan = (number: string, depends: string): string =>
    `---\nphase: 03-core\nplan: ${number}\nwave: 1\ndepends_on: ${depends}\nfiles_modified: [src/p${number}.ts]\n---\n\n<objective>Plan ${number}</objective>\n\n<tasks>\n<task type="auto">\n  <name>Task 1: Do ${number}</name>\n  <files>src/p${number}.ts</files>\n</task>\n</tasks>\n`;
  const document = readFolder('.planning/phases/03-core', [
    { path: '03-01-PLAN.md', content: plan('01', '[]') },
    { path: '03-02-PLAN.md', content: plan('02', '["03-01-core"]') },
  ]);
  expect(document.tasks.map(({ id, dependencies }) => [id, dependencies.map((one) => one.id)])).toEqual([
    ['03-01/1', []],
    ['03-02/1', ['03-01/1']],
  ]);
});

test('a folder of prose has no tasks and says so', () => {
  const document = readFolder('docs', [{ path: 'docs/a.md', content: '# A\n\nText.\n' }]);
  expect(document.diagnostics.map(({ code }) => code)).toEqual(['NO_TASKS']);
});
