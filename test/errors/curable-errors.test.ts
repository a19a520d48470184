import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { holdLeases, openLocks } from '#lock';
import { readDocument } from '#plan';
import { createIdSource } from '#protocol';
import { createNodeStore, systemClock } from '#store';
import { expect, onTestFinished, test } from 'vitest';
import { runBin, type BinResult } from '../support/bins.ts';
import { testRepository } from '../support/repository.ts';
import { testdir } from '../support/testdir.ts';

const AS = { AGENT_ID: 'agent-1' };

/** The error of a command that must fail: one JSON document, no stack. */
function errorOf({ code, stdout, stderr }: BinResult): { code: string; message: string; hint?: string } {
  expect(code).toBe(1);
  expect(stderr).not.toContain('    at ');
  return (JSON.parse(stdout) as { error: { code: string; message: string; hint?: string } }).error;
}

async function preparedRepository(files?: Readonly<Record<string, string>>): Promise<string> {
  const root = testRepository(files);
  await runBin('squad-init', [], { cwd: root });
  return root;
}

test('NO_SQUAD_DIR names the command that makes one', async () => {
  const result = await runBin('squad-comms', ['inbox', '--json'], { cwd: testRepository(), env: AS });
  expect(errorOf(result)).toMatchObject({ code: 'NO_SQUAD_DIR', hint: 'run: dotsquad init' });
});

test.each([
  ['AGENT_ID_INVALID', 'squad-comms', ['inbox', '--agent', '../x']],
  ['DURATION_INVALID', 'squad-lock', ['acquire', 'a.ts', '--ttl', 'soon']],
  ['BACKUP_UNKNOWN', 'squad-worktree', ['restore', 'refs/squad/backup/none']],
  ['MERGE_UNKNOWN', 'squad-merge', ['undo', 'none']],
  ['NO_TASKS_FOUND', 'squad-task', ['graph']],
  ['RUN_UNKNOWN', 'squad-run', ['status', 'none']],
] as const)('%s is what %s %j answers', async (code, bin, args) => {
  const result = await runBin(bin, [...args, '--json'], { cwd: await preparedRepository(), env: AS });
  expect(errorOf(result).code).toBe(code);
});

test('GIT_MISSING is said when there is no git', async () => {
  const result = await runBin('squad-worktree', ['create', 'one', '--json'], {
    cwd: await preparedRepository(),
    env: { ...AS, PATH: '' },
  });
  expect(errorOf(result).code).toBe('GIT_MISSING');
});

test('RESOURCE_EXHAUSTED names the range that is full', async () => {
  const root = await preparedRepository();
  writeFileSync(join(root, '.squad/config.yaml'), 'worktree:\n  ports:\n    web: 41999-41999\n');
  expect((await runBin('squad-worktree', ['create', 'one'], { cwd: root, env: AS })).code).toBe(0);
  const second = await runBin('squad-worktree', ['create', 'two', '--json'], { cwd: root, env: AS });
  expect(errorOf(second)).toMatchObject({
    code: 'RESOURCE_EXHAUSTED',
    message: 'no port of 41999-41999 is free for web',
  });
});

test('WORKTREE_BUSY names the process that works there', async () => {
  const root = await preparedRepository();
  await runBin('squad-worktree', ['create', 'one'], { cwd: root, env: AS });
  const folder = (await runBin('squad-worktree', ['path', 'one'], { cwd: root, env: AS })).stdout.trim();
  const worker = spawn(process.execPath, ['-e', 'process.stdout.write("up"); setInterval(() => {}, 1000)'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void worker.kill('SIGKILL'));
  await once(worker.stdout, 'data');
  const result = await runBin('squad-worktree', ['move', 'one', join(testdir(), 'elsewhere'), '--json'], {
    cwd: root,
    env: AS,
  });
  expect(errorOf(result)).toMatchObject({
    code: 'WORKTREE_BUSY',
    message: expect.stringContaining(String(worker.pid)),
  });
});

test('BACKUP_FAILED stops a removal before anything is changed', async () => {
  const root = await preparedRepository();
  await runBin('squad-worktree', ['create', 'one'], { cwd: root, env: AS });
  const folder = (await runBin('squad-worktree', ['path', 'one'], { cwd: root, env: AS })).stdout.trim();
  // A name that git refuses on every platform, because NTFS would take it for .git.
  writeFileSync(join(folder, 'git~1'), 'text\n');
  const result = await runBin('squad-worktree', ['remove', 'one', '--force', '--json'], {
    cwd: root,
    env: AS,
  });
  expect(`${result.stdout}${result.stderr}`).toContain('BACKUP_FAILED');
  expect(existsSync(join(folder, 'git~1'))).toBe(true);
});

test('LEASE_LOST is the reason with which a broken lease is aborted', async () => {
  const root = await preparedRepository();
  const ids = createIdSource(
    () => Date.now(),
    (size) => crypto.getRandomValues(new Uint8Array(size)),
  );
  const locks = openLocks(
    {
      store: createNodeStore(),
      squadDir: join(root, '.squad'),
      clock: systemClock,
      newId: ids,
    },
    { ttlMs: 60_000, maxHoldMs: 600_000 },
  );
  await using held = await holdLeases(locks, { agent: 'agent-1', resources: [{ name: 'a.ts' }], ttlMs: 300 });
  const aborted = once(held.signal, 'abort');
  locks.breakLease({ resource: 'a.ts', by: 'human-ada', reason: 'test' });
  await aborted;
  expect(held.signal.reason).toMatchObject({ code: 'LEASE_LOST' });
});

test('DEPENDENCY_SHORTENED says that a reference means too much', () => {
  const tasks = Array.from(
    { length: 230 },
    (_, n) => `- [ ] T${String(n + 1).padStart(3, '0')} Write src/f${n}.ts`,
  );
  const text = `# Tasks: X\n\n## Phase 1: Setup\n\n${tasks.join('\n')}\n- [ ] T900 Write src/all.ts (depends on T001–T230)\n`;
  expect(readDocument({ path: 'tasks.md', content: text }).diagnostics.map(({ code }) => code)).toContain(
    'DEPENDENCY_SHORTENED',
  );
});

test('BARRIER_LIFTED tells of a task that depends on a later phase', async () => {
  const text =
    '# Tasks: X\n\n## Phase 1: Setup\n\n- [ ] T001 Write src/a.ts (depends on T002)\n\n## Phase 2: More\n\n- [ ] T002 Write src/b.ts\n';
  const root = await preparedRepository({ 'tasks.md': text });
  const { stdout } = await runBin('squad-allocate', ['tasks.md', '--dry-run', '--json'], { cwd: root });
  expect(
    (JSON.parse(stdout) as { diagnostics: { code: string }[] }).diagnostics.map(({ code }) => code),
  ).toContain('BARRIER_LIFTED');
});

test('CODEOWNERS_INEXPRESSIBLE tells what an export leaves out', async () => {
  const root = await preparedRepository();
  writeFileSync(join(root, '.squad/ownership.yaml'), '/docs:\n  owner: NONE\n  access: READ-ONLY\n');
  const { stdout, stderr } = await runBin('squad-own', ['export'], { cwd: root });
  expect(`${stdout}${stderr}`).toContain('CODEOWNERS_INEXPRESSIBLE');
});
