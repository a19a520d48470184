import { describe, expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { ownedRepository, writeFiles } from '../support/owned-repository.ts';
import { gitIn } from '../support/repository.ts';
import { testdir } from '../support/testdir.ts';

const own = (cwd: string, args: readonly string[]) => runBin('squad-own', args, { cwd });

describe('a shallow clone', () => {
  function shallowClone(): string {
    const root = ownedRepository();
    gitIn(root, 'switch', '--quiet', '--create', 'feature');
    writeFiles(root, { 'backend/api.ts': '2\n' });
    gitIn(root, 'commit', '--quiet', '--all', '-m', 'Work\n\nSquad-Agent: agent-2');
    const clone = testdir();
    gitIn(clone, 'clone', '--quiet', '--depth=1', '--no-single-branch', `file://${root}`, '.');
    return clone;
  }

  test('is not judged as if its first commit had made every file', async () => {
    const clone = shallowClone();
    const commit = gitIn(clone, 'rev-parse', 'HEAD').slice(0, 12);
    const refusal = {
      code: 1,
      stdout: '',
      stderr: `error GIT_FAILED: what commit ${commit} changed is not known: this clone is shallow and ends there\n  run: git fetch --unshallow (in GitHub Actions use actions/checkout with fetch-depth: 0)\n`,
    };
    expect(await own(clone, ['check', '--base', 'origin/main'])).toMatchObject(refusal);
    expect(await own(clone, ['audit'])).toMatchObject(refusal);
    gitIn(clone, 'fetch', '--quiet', '--unshallow');
    expect(await own(clone, ['check', '--base', 'origin/main'])).toMatchObject({
      code: 0,
      stdout: '1 change checked: in order\n',
    });
  });
});

test.each([
  ['', 'an empty text names no commit'],
  ['origin/main', 'there is no commit origin/main'],
  ['HEAD..HEAD', 'there is no commit HEAD..HEAD'],
])('the base %j is not taken for nothing to check', async (base, message) => {
  const root = ownedRepository();
  const stderr = `error GIT_FAILED: ${message}\n  fetch it first; in GitHub Actions use actions/checkout with fetch-depth: 0\n`;
  expect(await own(root, ['check', `--base=${base}`])).toMatchObject({ code: 1, stderr });
  expect(await own(root, ['audit', `--since=${base}`])).toMatchObject({ code: 1, stderr });
});

test('a squashed commit is judged by all whose trailers it bears, and by no one else', async () => {
  const root = ownedRepository();
  const squash = (...agents: string[]) => {
    const text = gitIn(root, 'rev-parse', 'HEAD');
    writeFiles(root, { 'frontend/App.tsx': `${text}\n`, 'backend/api.ts': `${text}\n` });
    const trailers = agents.map((agent) => `Squad-Agent: ${agent}`).join('\n');
    gitIn(root, 'commit', '--quiet', '--all', '-m', `Squash\n\n${trailers}`);
  };
  squash('agent-2', 'agent-1');
  expect((await own(root, ['check', '--base', 'HEAD~1'])).stdout).toBe('2 changes checked: in order\n');
  expect((await own(root, ['audit', '--since', 'HEAD~1'])).code).toBe(0);
  squash('agent-2', 'agent-3');
  const { code, stdout } = await own(root, ['check', '--base', 'HEAD~1']);
  expect([code, stdout.split(': ')[0]]).toEqual([1, 'frontend/App.tsx error owned-by-another']);
});

test('an index that git cannot read is not taken for a clean checkout', async () => {
  const root = ownedRepository();
  writeFiles(root, { 'backend/new.ts': 'n\n', '.git/index': 'garbage' });
  const { code, stdout, stderr } = await own(root, ['check', '--agent', 'agent-1']);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^error GIT_FAILED: git status .* failed with 128: .*index/u);
});
