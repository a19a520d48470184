import { expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { gitIn } from '../support/repository.ts';
import { testdir } from '../support/testdir.ts';

test.each([
  [['ini'], 2, 'did you mean: dotsquad init'],
  [['init', '--dry-rum'], 2, 'did you mean --dry-run?'],
  [['init', 'surplus'], 2, 'does not take "surplus"'],
  [[], 2, ''],
])('dotsquad %j exits %d and helps', async (args, code, text) => {
  const result = await runBin('dotsquad', args, { cwd: testdir() });
  expect(result.code).toBe(code);
  expect(result.stderr).toContain(text);
});

test('help lists every option and an example', async () => {
  const { code, stdout } = await runBin('squad-init', ['--help'], { cwd: testdir() });
  expect(code).toBe(0);
  for (const word of ['--force', '--dry-run', '--json', 'squad-init --dry-run'])
    expect(stdout).toContain(word);
});

test('the version is the package’s', async () => {
  expect((await runBin('squad-init', ['--version'], { cwd: testdir() })).stdout).toMatch(
    /^\d+\.\d+\.\d+\n$/u,
  );
});

test('with --json an error is one document', async () => {
  const { code, stdout } = await runBin('squad-init', ['--json'], { cwd: testdir() });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'NO_REPOSITORY', hint: 'run: git init' } });
});

test('a bare repository is named as such, with the worktree to make', async () => {
  const root = testdir();
  gitIn(root, 'init', '--quiet', '--bare', 'shop.git');
  const { code, stdout } = await runBin('squad-init', ['--json'], { cwd: `${root}/shop.git/refs` });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    error: {
      code: 'NO_REPOSITORY',
      message: `${root}/shop.git is a bare repository: it has no files to work on`,
      hint: `work in a worktree of it: git -C "${root}/shop.git" worktree add "${root}/main"`,
    },
  });
});
