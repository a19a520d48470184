import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBin, type BinResult } from '../support/bins.ts';
import { testRepository } from '../support/repository.ts';

const PRD =
  '# Feature: X\r\n\r\n## Tasks\r\n- [ ] T-01 Build `src/a.ts` (2h)\r\n- [ ] T-02 Paint the door\r\n';

const allocate = (cwd: string, ...args: readonly string[]): Promise<BinResult> =>
  runBin('squad-allocate', args, { cwd });

test('questions go out as YAML and come back as answers', async () => {
  const root = testRepository({ 'feature-prd.md': PRD });
  const asked = await allocate(root, '--emit-questions');
  expect(asked).toMatchObject({
    code: 0,
    stdout:
      '# 1 open questions about feature-prd.md. Correct the values and give this file to --answers.\nanswers:\n  "T-02":\n    # Which files does "Paint the door" write? Nothing in the text or the repository says.\n    files: []\n',
  });
  writeFileSync(join(root, 'answers.yaml'), asked.stdout.replace('files: []', 'files: [src/door.ts]'));
  const planned = await allocate(root, '--answers', 'answers.yaml', '--dry-run', '--json');
  const { tasks } = JSON.parse(planned.stdout) as { tasks: { id: string; files: { create: string[] } }[] };
  expect(tasks.map(({ id, files }) => [id, files.create])).toEqual([
    ['T-01', ['src/a.ts']],
    ['T-02', ['src/door.ts']],
  ]);
});

test('update ticks what agents reported complete and nothing else', async () => {
  const root = testRepository({ 'feature-prd.md': PRD });
  expect((await allocate(root)).code).toBe(0);
  const done = await runBin(
    'squad-comms',
    ['done', '--task', 'T-01', '--agent', 'agent-1', '--evidence', 'true'],
    { cwd: root },
  );
  expect(done).toMatchObject({ code: 0 });
  expect(await allocate(root, '--update')).toMatchObject({
    code: 0,
    stdout: 'feature-prd.md: ticked T-01\n',
  });
  expect(readFileSync(join(root, 'feature-prd.md'), 'utf8')).toBe(PRD.replace('[ ] T-01', '[x] T-01'));
  expect(await allocate(root, '--update')).toMatchObject({
    code: 0,
    stdout: 'feature-prd.md: nothing to tick\n',
  });
});

test('an export of several files needs a folder and overwrites nothing; the folder is read back', async () => {
  const root = testRepository({ 'feature-prd.md': PRD });
  expect(await allocate(root, '--export', 'ccpm')).toMatchObject({ code: 2 });
  expect(await allocate(root, '--export', 'ccpm', '--out', 'epic')).toMatchObject({ code: 0 });
  expect(readdirSync(join(root, 'epic'))).toEqual(['001.md', '002.md', 'epic.md']);
  expect(await allocate(root, '--export', 'ccpm', '--out', 'epic')).toMatchObject({ code: 1 });
  const read = await allocate(root, 'epic', '--export', 'csv');
  expect(read.stdout.split('\n').map((row) => row.split(',').slice(0, 4).join())).toEqual([
    'id,title,status,files',
    '001,Build `src/a.ts`,todo,src/a.ts',
    '002,Paint the door,todo,',
    '',
  ]);
});

test('poor input is a warning that says what to add and keeps agents few', async () => {
  const root = testRepository({
    'feature-prd.md': '# Feature: X\n\n## Tasks\n- Paint the door\n- Ring the bell\n- Feed the cat\n',
  });
  const { code, stdout, stderr } = await allocate(root, '--dry-run');
  expect(code).toBe(0);
  expect(stdout).toContain('3 tasks for 1 agent');
  expect(stderr).toContain(
    'feature-prd.md:1:1 warning INPUT_POOR the document scores 0 of 100 for parallel work',
  );
});

test('a format, an export and answers that do not exist are refused with what to do', async () => {
  const root = testRepository({ 'feature-prd.md': PRD });
  for (const [args, message] of [
    [['--format', 'word'], '"word" is no format'],
    [['--export', 'word'], '"word" is no format to export to'],
  ] as const)
    expect(await allocate(root, ...args)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message) as unknown,
    });
  expect(await allocate(root, '--answers', 'none.yaml')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('squad-allocate --emit-questions > answers.yaml') as unknown,
  });
});
