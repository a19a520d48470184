import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBin } from '../../support/bins.ts';
import { testRepository } from '../../support/repository.ts';

const TASKS = '# Tasks\n\n- [ ] T001 Create `src/a.ts`\n- [ ] T002 Create `src/b.ts`\n';

async function failure(
  cwd: string,
  args: readonly string[],
  input = '',
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const { code, stderr } = await runBin('squad-allocate', [...args], { cwd, input });
  return { code, stderr };
}

test('what is no document is said with the next step; nothing is written', async () => {
  const root = testRepository({ 'my tasks.md': TASKS, 'empty folder/note.txt': 'x\n' });
  writeFileSync(join(root, 'bin.dat'), Buffer.from([0x89, 0x50, 0, 1, 2]));
  const inFolder = join(root, 'empty folder');
  expect(await failure(inFolder, ['../bin.dat'])).toEqual({
    code: 1,
    stderr:
      'error FILE_UNREADABLE: bin.dat is no text\n  name a planning document, as UTF-8: squad-allocate path/to/prd.md\n',
  });
  expect(await failure(inFolder, ['.'])).toEqual({
    code: 1,
    stderr:
      'error NO_PRD_FOUND: empty folder holds no planning file (.md, .json, .jsonl, .yaml)\n  name a document or another folder: squad-allocate path/to/prd.md\n',
  });
  expect(await failure(root, ['my tasks.md', '--out', 'x'])).toEqual({
    code: 2,
    stderr: 'error USAGE: --out is for --export\n  as in: squad-allocate --export json --out FOLDER\n',
  });
});

test('standard input is a document like any other, but cannot be ticked', async () => {
  const root = testRepository({ 'README.md': '' });
  const { code, stdout } = await runBin('squad-allocate', ['-', '--json', '--dry-run'], {
    cwd: root,
    input: TASKS,
  });
  expect(code).toBe(0);
  expect((JSON.parse(stdout) as { source: string }).source).toBe('stdin');
  expect((await runBin('squad-allocate', ['--check', '-'], { cwd: root, input: TASKS })).stdout).toBe(
    'stdin (spec-kit, 2 tasks): no errors\n',
  );
  expect((await failure(root, ['-', '--update'], TASKS)).code).toBe(2);
});

test('answers are refused where they are wrong, in their own file', async () => {
  const root = testRepository({
    'tasks.md': TASKS,
    'a.yaml':
      'answers:\n  T001:\n    files: [src/z.ts, "not a path"]\n    after: [T009]\n    estimate: soonish\n    color: red\n  T002: yes\n',
  });
  const { code, stderr } = await failure(root, ['tasks.md', '--answers', 'a.yaml']);
  expect(code).toBe(1);
  expect(stderr.split('\n').filter((line) => line.includes('a.yaml:'))).toEqual([
    'error INPUT_INVALID: a.yaml:6:5 error FIELD_INVALID "color" is no question',
    'a.yaml:3:24 error PATH_INVALID "not a path" is no path in the repository',
    'a.yaml:4:13 error TASK_ID_UNKNOWN "T001" is to wait for "T009", which no task is called',
    'a.yaml:5:15 error FIELD_INVALID "soonish" is no estimate',
    'a.yaml:7:3 error FIELD_INVALID the answer to "T002" is no mapping',
  ]);
  expect(stderr).toContain(
    '  3 |     files: [src/z.ts, "not a path"]\n    |                        ^^^^^^^^^^\n',
  );
});

test('questions that are emitted are taken back as they are', async () => {
  const root = testRepository({
    'feature-prd.md': '# Feature: X\n## Tasks\n- Style the page\n- Wire the page to it\n',
  });
  const asked = await runBin('squad-allocate', ['--emit-questions'], { cwd: root });
  writeFileSync(join(root, 'answers.yaml'), asked.stdout);
  const { code, stdout } = await runBin(
    'squad-allocate',
    ['--answers', 'answers.yaml', '--json', '--dry-run'],
    {
      cwd: root,
    },
  );
  expect(code).toBe(0);
  const { tasks } = JSON.parse(stdout) as { tasks: { why: { files: Record<string, string> } }[] };
  expect(tasks.flatMap(({ why }) => Object.values(why.files))[0]).toBe('answered in answers.yaml');
});

test('plans of a newer version are not overwritten', async () => {
  const root = testRepository({ 'tasks.md': TASKS });
  await runBin('squad-allocate', ['tasks.md'], { cwd: root });
  const plan = join(root, '.squad/parallel-plans/agent-1-plan.md');
  const newer = readFileSync(plan, 'utf8').replace('version: 1', 'version: 9');
  writeFileSync(plan, newer);
  const { code, stderr } = await failure(root, ['tasks.md']);
  expect(code).toBe(1);
  expect(stderr).toContain(
    '.squad/parallel-plans/agent-1-plan.md:2:1 error FORMAT_VERSION_UNSUPPORTED the plan was written by a newer version (9)',
  );
  expect(readFileSync(plan, 'utf8')).toBe(newer);
});
