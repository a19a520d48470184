import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { killingGit } from '../support/git-that-kills.ts';
import { ownedRepository, writeFiles } from '../support/owned-repository.ts';
import { gitIn } from '../support/repository.ts';
import { testdir } from '../support/testdir.ts';

// `squad-own commit` in checkouts where others have work under way, and repositories with hooks and filters of their own.

const commit = (cwd: string, agent: string, env: Readonly<Record<string, string>> = {}) =>
  runBin('squad-own', ['commit', '-m', `Work of ${agent}`], { cwd, env: { AGENT_ID: agent, ...env } });

const filesOf = (root: string): string[] =>
  gitIn(root, 'show', '--format=', '--name-only', 'HEAD').split('\n').filter(Boolean);

function script(path: string, text: string): void {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

const region = (name: string, text: string) => `# squad:begin ${name}\n${text}\n# squad:end ${name}\n`;

describe('hooks of the repository', () => {
  test('a formatter changes what is committed, and leaves nothing staged behind', async () => {
    const root = ownedRepository();
    writeFiles(root, { 'frontend/App.tsx': '2\n', 'backend/api.ts': '2\n' });
    gitIn(root, 'add', 'backend/api.ts');
    script(
      join(root, '.git/hooks/pre-commit'),
      'for f in $(git diff --cached --name-only); do echo formatted >> "$f"; git add "$f"; done',
    );
    expect((await commit(root, 'agent-1')).code).toBe(0);
    expect(gitIn(root, 'show', 'HEAD:frontend/App.tsx')).toBe('2\nformatted');
    expect(gitIn(root, 'status', '--porcelain')).toBe('M  backend/api.ts');
  });

  test('one that stages everything is refused, and what it did is taken back', async () => {
    const root = ownedRepository();
    writeFiles(root, { 'frontend/App.tsx': '2\n', 'backend/api.ts': '2\n' });
    script(join(root, '.git/hooks/pre-commit'), 'git add --all');
    const before = gitIn(root, 'rev-parse', 'HEAD');
    expect(await commit(root, 'agent-1')).toMatchObject({
      code: 1,
      stdout: [
        'a hook of the repository added to the commit what is not yours: backend/api.ts',
        '  a hook that changes files must stage only what git diff --cached --name-only lists',
        'nothing was committed',
        '',
      ].join('\n'),
    });
    expect(gitIn(root, 'rev-parse', 'HEAD')).toBe(before);
    expect(gitIn(root, 'diff', '--cached', '--name-only')).toBe('');
  });

  test('one that stages the whole of a shared file is refused', async () => {
    const root = ownedRepository();
    writeFiles(root, { 'CHANGELOG.md': `${region('agent-1', 'one')}${region('agent-2', 'two')}` });
    script(join(root, '.git/hooks/pre-commit'), 'git add CHANGELOG.md');
    expect((await commit(root, 'agent-1')).stdout).toMatch(
      /^a hook .* added to the commit what is not yours: CHANGELOG\.md\n/u,
    );
    expect(gitIn(root, 'rev-list', '--count', 'HEAD')).toBe('1');
  });

  test('one that says no leaves the index as it was: parts of files, and files only announced', async () => {
    const root = ownedRepository();
    writeFiles(root, { 'frontend/App.tsx': 'staged\n', 'frontend/new.ts': 'new\n' });
    gitIn(root, 'add', 'frontend/App.tsx');
    gitIn(root, 'add', '--intent-to-add', 'frontend/new.ts');
    writeFiles(root, { 'frontend/App.tsx': 'staged\nand more\n' });
    script(join(root, '.git/hooks/pre-commit'), 'exit 1');
    const state = () => [gitIn(root, 'status', '--porcelain'), gitIn(root, 'diff', '--cached')];
    const before = state();
    expect((await commit(root, 'agent-1')).code).toBe(1);
    expect(state()).toEqual(before);
  });
});

describe('texts', () => {
  test('line ends that git converts do not count as changes', async () => {
    const root = ownedRepository();
    const text = `${region('agent-1', 'one')}${region('agent-2', 'two')}`;
    writeFiles(root, { 'CHANGELOG.md': text });
    gitIn(root, 'commit', '--quiet', '--all', '-m', 'Regions');
    gitIn(root, 'config', 'core.autocrlf', 'true');
    writeFiles(root, { 'CHANGELOG.md': text.replace('one', 'changed').replaceAll('\n', '\r\n') });
    const checked = await runBin('squad-own', ['check', '--agent', 'agent-1'], { cwd: root });
    expect(checked).toMatchObject({ code: 0, stdout: '1 change checked: in order\n' });
    expect((await commit(root, 'agent-1')).code).toBe(0);
    expect(gitIn(root, 'show', 'HEAD:CHANGELOG.md')).toBe(text.replace('one', 'changed').trimEnd());
  });

  test('a file that git filters is committed by region', async () => {
    const root = ownedRepository();
    gitIn(root, 'config', 'filter.turn.clean', 'tr a-z n-za-m');
    gitIn(root, 'config', 'filter.turn.smudge', 'tr n-za-m a-z');
    const text = `${region('agent-1', 'one')}${region('agent-2', 'two')}`;
    writeFiles(root, { '.gitattributes': 'CHANGELOG.md filter=turn\n', 'CHANGELOG.md': text });
    gitIn(root, 'add', '--all');
    gitIn(root, 'commit', '--quiet', '-m', 'Regions');
    writeFiles(root, { 'CHANGELOG.md': text.replace('one', 'changed').replace('two', 'other') });
    expect((await commit(root, 'agent-1')).code).toBe(0);
    expect(gitIn(root, 'cat-file', '--filters', 'HEAD:CHANGELOG.md')).toBe(
      text.replace('one', 'changed').trimEnd(),
    );
  });

  test('a shared file that is not UTF-8 is left alone, byte for byte', async () => {
    const root = ownedRepository();
    const bytes = Buffer.from(`caf\u00e9\n${region('agent-1', 'one')}`, 'latin1');
    writeFileSync(join(root, 'CHANGELOG.md'), bytes);
    expect(await commit(root, 'agent-1')).toMatchObject({
      code: 1,
      stdout:
        'nothing of agent-1 to commit\nleft alone\n  CHANGELOG.md: its regions cannot be taken apart: it is not UTF-8 text\n',
    });
    expect(readFileSync(join(root, 'CHANGELOG.md'))).toEqual(bytes);
  });

  test('what a person has staged of a shared file stays staged', async () => {
    const root = ownedRepository();
    const text = (one: string, two: string) => `${region('agent-1', one)}\n\n\n${region('agent-2', two)}`;
    writeFiles(root, { 'CHANGELOG.md': text('one', 'two') });
    gitIn(root, 'commit', '--quiet', '--all', '-m', 'Regions');
    writeFiles(root, { 'CHANGELOG.md': text('one', 'staged') });
    gitIn(root, 'add', 'CHANGELOG.md');
    writeFiles(root, { 'CHANGELOG.md': text('mine', 'staged, then changed') });
    expect((await commit(root, 'agent-1')).code).toBe(0);
    expect(gitIn(root, 'show', 'HEAD:CHANGELOG.md')).toBe(text('mine', 'two').trimEnd());
    expect(gitIn(root, 'show', ':CHANGELOG.md')).toBe(text('mine', 'staged').trimEnd());
  });
});

describe('others at work', () => {
  test("a person's commit in the same moment is kept", async () => {
    const root = ownedRepository();
    writeFiles(root, { 'frontend/App.tsx': '2\n', 'backend/api.ts': '2\n' });
    const folder = testdir();
    // A git that, asked by us to commit, first commits for somebody else.
    const other = `env -u GIT_INDEX_FILE git -C '${root}' commit --quiet -m Person backend/api.ts`;
    script(
      join(folder, 'git'),
      `PATH=${process.env['PATH'] ?? ''}
case "$*" in *" commit "*) [ -f '${folder}/done' ] || { touch '${folder}/done'; ${other}; } ;; esac
exec git "$@"`,
    );
    const made = await commit(root, 'agent-1', { PATH: `${folder}:${process.env['PATH'] ?? ''}` });
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(gitIn(root, 'log', '--format=%s')).toBe('Work of agent-1\nPerson\nStart');
    expect(filesOf(root)).toEqual(['frontend/App.tsx']);
    expect(gitIn(root, 'show', 'HEAD:backend/api.ts')).toBe('2');
    expect(gitIn(root, 'status', '--porcelain')).toBe('');
  });

  test('a file with an unsettled merge is left alone', async () => {
    const root = ownedRepository();
    writeFiles(root, { 'frontend/App.tsx': 'stashed\n' });
    gitIn(root, 'stash', '--quiet');
    writeFiles(root, { 'frontend/App.tsx': 'other\n', 'frontend/b.ts': 'b\n' });
    gitIn(root, 'commit', '--quiet', '--all', '-m', 'Other');
    expect(() => gitIn(root, 'stash', 'pop')).toThrow();
    expect((await commit(root, 'agent-1')).stdout).toContain(
      'left alone\n  frontend/App.tsx: a merge in it is not settled\n',
    );
    expect(filesOf(root)).toEqual(['frontend/b.ts']);
    expect(gitIn(root, 'status', '--porcelain')).toBe('UU frontend/App.tsx');
  });

  test('a rebase that stands between two commits is not committed into', async () => {
    const root = ownedRepository();
    gitIn(root, 'commit', '--quiet', '--allow-empty', '-m', 'Two');
    gitIn(root, '-c', 'sequence.editor=sed -i 1ibreak', 'rebase', '--quiet', '--interactive', 'HEAD~1');
    writeFiles(root, { 'frontend/App.tsx': '2\n' });
    expect((await commit(root, 'agent-1')).stderr).toMatch(
      /^error COMMAND_FAILED: a rebase is under way in this checkout/u,
    );
  });

  test('killed at any call of git, nothing is lost or mixed, and the next commit goes through', async () => {
    const git = killingGit();
    let isWhole = false;
    // Those before the fifth only look.
    for (let call = 5; !isWhole; call += 1) {
      expect(call).toBeLessThan(60);
      const root = ownedRepository();
      writeFiles(root, { 'frontend/App.tsx': '2\n', 'backend/api.ts': 'staged\n', 'shared/new.ts': 'n\n' });
      gitIn(root, 'add', 'backend/api.ts');
      writeFiles(root, { 'backend/api.ts': 'not staged\n' });
      isWhole = (await commit(root, 'agent-1', git.arm(call, 'before'))).signal === null;
      expect(gitIn(root, 'show', ':backend/api.ts')).toBe('staged');
      expect(readFileSync(join(root, 'backend/api.ts'), 'utf8')).toBe('not staged\n');
      await commit(root, 'agent-1');
      expect(filesOf(root)).toEqual(['frontend/App.tsx']);
      expect(gitIn(root, 'rev-list', '--count', 'HEAD')).toBe('2');
      expect(gitIn(root, 'status', '--porcelain')).toBe('MM backend/api.ts\n?? shared/new.ts');
    }
  });
});
