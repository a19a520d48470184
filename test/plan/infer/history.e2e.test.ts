import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inferFiles, readDocument } from '#plan';
import { findRenames } from '../../../packages/cli/src/allocate/find-renames.ts';
import { runBin } from '../../support/bins.ts';
import { testRepository } from '../../support/repository.ts';

const LINES = Array.from({ length: 40 }, (_, index) => `line ${index}\n`).join('');
const DOCUMENT = `# Feature: Sessions
## Tasks
- Change \`src/session.ts\` so that it times out
- Speed up the login session lookup
`;

function commit(root: string, message: string): void {
  execFileSync('git', ['add', '-A'], { cwd: root });
  execFileSync('git', ['commit', '-qm', message], { cwd: root });
}

function repository(): string {
  const root = testRepository({ 'src/session.ts': LINES, 'src/other.ts': '0\n', 'feature-prd.md': DOCUMENT });
  writeFileSync(join(root, 'src/session.ts'), `${LINES}more\n`);
  commit(root, 'Cache the login session lookup');
  execFileSync('git', ['mv', 'src/session.ts', 'src/state.ts'], { cwd: root });
  commit(root, 'Rename it');
  execFileSync('git', ['mv', 'src/state.ts', 'src/store.ts'], { cwd: root });
  commit(root, 'Rename it again');
  writeFileSync(join(root, 'src/store.ts'), `${LINES}more\nand more\n`);
  commit(root, 'Fix the login session lookup');
  return root;
}

test('a path that was renamed is planned by its present name, and both the plan and a check say so', async () => {
  const root = repository();
  const { stdout } = await runBin('squad-allocate', ['--json'], { cwd: root });
  const plan = JSON.parse(stdout) as {
    tasks: { files: { modify: string[] }; why: { confidence: Record<string, string> }; likely?: object[] }[];
    diagnostics: { code: string; message: string; range: { start: object } }[];
  };
  expect(plan.tasks[0]?.files.modify).toEqual(['src/store.ts']);
  expect(plan.tasks[0]?.why.confidence).toEqual({ 'src/store.ts': 'high' });
  const moved = plan.diagnostics.find(({ code }) => code === 'FILE_MOVED');
  expect(moved?.message).toMatch(
    /^change-src-session-ts-so-that-it-times-out: src\/session\.ts was renamed to src\/store\.ts in [0-9a-f]{7} \(100 % alike\); the new path is planned$/u,
  );
  expect(moved?.range.start).toEqual({ line: 3, column: 1 });
  const checked = await runBin('squad-allocate', ['--check', 'feature-prd.md', '--json'], { cwd: root });
  expect(checked.code).toBe(0);
  expect(checked.stdout).toContain('"FILE_MOVED"');
});

test('a task without files gets those that the log speaks of, as guesses that nobody owns', async () => {
  const root = repository();
  await runBin('squad-allocate', [], { cwd: root });
  const report = readFileSync(join(root, '.squad/parallel-allocation-report.md'), 'utf8');
  expect(report).toContain(
    '| speed-up-the-login-session-lookup | `src/store.ts` | low | commits that changed it, and its path, speak of "login", "session", "lookup" |',
  );
  expect(report).toContain('- Files by how sure they are: 1 high, 1 tasks without any');
  const plans = ['agent-1', 'agent-2'].map((agent) =>
    readFileSync(join(root, `.squad/parallel-plans/${agent}-plan.md`), 'utf8'),
  );
  expect(plans.filter((text) => text.includes('## May Also Change')).length).toBe(1);
  expect((await runBin('squad-allocate', ['--check'], { cwd: root })).code).toBe(0);
});

/** Commits that each change one file, made at once. */
function addCommits(root: string, count: number): void {
  const head = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  const stream = Array.from({ length: count }, (_, index) => {
    const from = index === 0 ? `from ${head}\n` : '';
    const text = `${index}\n`;
    return `commit refs/heads/long\ncommitter a <a@b> ${1_700_000_000 + index} +0000\ndata 1\nx\n${from}M 100644 inline src/other.ts\ndata ${text.length}\n${text}\n`;
  });
  execFileSync('git', ['fast-import', '--quiet'], { cwd: root, input: stream.join('') });
  execFileSync('git', ['reset', '--quiet', '--hard', 'long'], { cwd: root });
}

test('a rename is found however many commits ago it was', async () => {
  const root = repository();
  addCommits(root, 450);
  const { stdout } = await runBin('squad-allocate', ['--json', '--dry-run'], { cwd: root });
  const plan = JSON.parse(stdout) as { tasks: { files: { modify: string[] } }[] };
  expect(plan.tasks[0]?.files.modify).toEqual(['src/store.ts']);
});

test('a history that takes too long is not looked through, and the plan says for which files', async () => {
  const root = repository();
  const document = readDocument({ path: 'feature-prd.md', content: DOCUMENT });
  const search = { worktreeRoot: root, tracked: ['src/store.ts'], commits: [], limitMs: 0 };
  const found = await findRenames(document, search);
  expect(found.unsearched).toEqual(['src/session.ts']);
  const { diagnostics } = inferFiles(document, { trackedFiles: [], ...found });
  expect(diagnostics.find(({ code }) => code === 'HISTORY_CUT')?.message).toBe(
    'the history is too long to look in it for what became of src/session.ts',
  );
});
