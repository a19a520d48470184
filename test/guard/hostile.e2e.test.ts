import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callGuard, editOf, guardedRepository, writeIn } from '../support/guarded.ts';
import { edit, journal, MATRIX, reasonIn, shell } from '../support/judged.ts';
import { testdir } from '../support/testdir.ts';

test.each([
  ['lenient', 0, ''],
  ['strict', 2, 'refused because guard.onFailure is strict'],
])('a matrix that cannot be read: %s', async (mode, code, words) => {
  const root = guardedRepository('/a: [broken');
  writeIn(root, '.squad/config.yaml', `guard:\n  onFailure: ${mode}\n`);
  const result = await callGuard({ root, as: 'alice', input: editOf('a.ts') });
  expect(result.code).toBe(code);
  expect(result.stderr).toContain('the guard could not check this');
  expect(result.stdout).toContain(words);
  expect(journal(root).map(({ kind }) => kind)).toContain('guard.failed');
});

test.each([
  ['truncated JSON', '{"tool_name":'],
  ['a NUL in the JSON', '{"tool_name":"Edit\0"}'],
  ['nothing', ''],
  ['a list', '[]'],
])('hook input that is %s fails strictly when asked to', async (_, input) => {
  const root = guardedRepository(MATRIX);
  writeIn(root, '.squad/config.yaml', 'guard:\n  onFailure: strict\n');
  expect((await callGuard({ root, as: 'alice', input })).code).toBe(2);
  expect((await callGuard({ root, as: 'alice', event: 'prompt', input })).code).toBe(0);
});

test('hostile paths are refused by name', async () => {
  const root = guardedRepository(MATRIX);
  expect(await edit(root, 'alice', 'a.ts\0.png')).toContain('the path holds a NUL character');
  expect(await edit(root, 'alice', '.git/hooks/pre-commit')).toContain('is inside .git');
  expect(await edit(root, 'alice', 'src/../bob/./x.ts')).toContain('bob/x.ts is EXCLUSIVE to bob');
  expect(await edit(root, 'alice', 'new\nline.ts')).toContain('control character');
});

test('a symbolic link is judged by where it leads, also when nothing is there yet', async () => {
  const root = guardedRepository(MATRIX, { 'bob/x.ts': 'x\n' });
  symlinkSync('bob/x.ts', join(root, 'innocent.ts'));
  symlinkSync('bob', join(root, 'folder'));
  symlinkSync('bob/new.ts', join(root, 'dangling.ts'));
  expect(await edit(root, 'alice', 'innocent.ts')).toContain('bob/x.ts is EXCLUSIVE to bob');
  expect(await edit(root, 'alice', 'folder/y.ts')).toContain('bob/y.ts is EXCLUSIVE to bob');
  expect(await edit(root, 'alice', 'dangling.ts')).toContain('bob/new.ts is EXCLUSIVE to bob');
});

test('a link swapped between check and write is said aloud after the write', async () => {
  const root = guardedRepository(MATRIX, { 'bob/x.ts': 'x\n', 'mine/a.ts': 'a\n' });
  symlinkSync('mine/a.ts', join(root, 'link.ts'));
  expect(await edit(root, 'alice', 'link.ts')).toBe('allowed');
  unlinkSync(join(root, 'link.ts'));
  symlinkSync('bob/x.ts', join(root, 'link.ts'));
  const after = await callGuard({
    root,
    as: 'alice',
    event: 'post-tool',
    input: { ...editOf('link.ts'), hook_event_name: 'PostToolUse' },
  });
  expect(reasonIn(after.stdout)).toContain('bob/x.ts was written although it is EXCLUSIVE to bob');
  expect(journal(root).map(({ kind }) => kind)).toContain('guard.violated');
});

test('both spellings of an accented name are one path', async () => {
  const root = guardedRepository('/caf\u00e9: { owner: bob, access: EXCLUSIVE }\n');
  expect(await edit(root, 'alice', 'caf\u00e9/x.ts')).toContain('EXCLUSIVE to bob');
  expect(await edit(root, 'alice', 'cafe\u0301/x.ts')).toContain('EXCLUSIVE to bob');
});

test('where the file system folds letter case, a rule holds in any spelling', async () => {
  const root = guardedRepository('/Src/A.ts: { owner: bob, access: EXCLUSIVE }\n', { 'x.ts': 'x\n' });
  writeIn(root, '.squad/OWNERSHIP.YAML', readFileSync(join(root, '.squad/ownership.yaml'), 'utf8'));
  for (const path of ['SRC/A.ts', 'src/a.ts', 'Src/A.TS'])
    expect(await edit(root, 'alice', path)).toContain('EXCLUSIVE to bob');
  expect(await shell(root, 'alice', 'mkdir -p SRC && echo x > SRC/a.ts')).toContain('EXCLUSIVE to bob');
});

test('a moved repository keeps working: nothing recorded holds absolute paths that decide', async () => {
  const parent = testdir();
  const root = guardedRepository(MATRIX);
  expect(await edit(root, 'alice', 'a.ts')).toBe('allowed');
  const moved = join(parent, 'moved');
  mkdirSync(parent, { recursive: true });
  renameSync(root, moved);
  expect(await edit(moved, 'bob', 'a.ts')).toContain('held by alice');
});

test('a hundred megabytes of content are judged by their path', async () => {
  const root = guardedRepository(MATRIX);
  const input = {
    ...editOf('bob/x.ts'),
    tool_name: 'Write',
    tool_input: { file_path: 'bob/x.ts', content: 'x'.repeat(100_000_000) },
  };
  expect((await callGuard({ root, as: 'alice', input })).code).toBe(2);
});

test('a YAML bomb and code in a header do no harm', async () => {
  const root = guardedRepository(MATRIX);
  const bomb = Array.from(
    { length: 12 },
    (_, level) => `a${level}: &a${level} [${`*a${level - 1},`.repeat(10)}]`,
  );
  writeIn(
    root,
    '.squad/parallel-plans/agent-1-plan.md',
    `---\n${['a0: &a0 [x]', ...bomb.slice(1)].join('\n')}\n---\n`,
  );
  writeIn(
    root,
    '.squad/parallel-plans/agent-2-plan.md',
    `---js\nrequire('fs').writeFileSync('${join(root, 'owned')}', '')\n---\n`,
  );
  expect(await edit(root, 'agent-1-x', 'bob/x.ts')).toContain('EXCLUSIVE to bob');
  expect(existsSync(join(root, 'owned'))).toBe(false);
});
