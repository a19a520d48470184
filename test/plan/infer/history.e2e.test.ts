import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
