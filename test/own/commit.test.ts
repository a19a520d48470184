import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RepoPath } from '#protocol';
import { createNodeStore, recordChange } from '#store';
import { describe, expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { gitIn } from '../support/repository.ts';
import { ownedRepository, writeFiles } from '../support/owned-repository.ts';

const own = (cwd: string, agent: string, args: readonly string[]) =>
  runBin('squad-own', args, { cwd, env: { AGENT_ID: agent } });

const filesOf = (root: string, rev: string): string[] =>
  gitIn(root, 'show', '--format=', '--name-only', rev).split('\n').filter(Boolean);

describe('squad-own commit', () => {
  test('two agents in one checkout never absorb each other', async () => {
    const root = ownedRepository();
    writeFiles(root, { 'frontend/App.tsx': '2\n', 'frontend/new file.ts': 'n\n', 'backend/api.ts': '2\n' });
    gitIn(root, 'add', 'backend/api.ts');
    const first = await own(root, 'agent-1', ['commit', '-m', 'Frontend']);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(filesOf(root, 'HEAD')).toEqual(['frontend/App.tsx', 'frontend/new file.ts']);
    expect(gitIn(root, 'log', '-1', '--format=%(trailers)')).toBe('Squad-Agent: agent-1');
    expect(gitIn(root, 'status', '--porcelain')).toBe('M  backend/api.ts');
    await own(root, 'agent-2', ['commit', '-m', 'Backend']);
    expect(filesOf(root, 'HEAD')).toEqual(['backend/api.ts']);
    expect(gitIn(root, 'status', '--porcelain')).toBe('');
  });

  test('of a file that all write it takes only the own region', async () => {
    const root = ownedRepository();
    const region = (name: string, text: string) =>
      `<!-- squad:begin ${name} -->\n${text}\n<!-- squad:end ${name} -->\n`;
    writeFiles(root, {
      'CHANGELOG.md': `# Changes\n${region('agent-1', '- one')}${region('agent-2', '- two')}`,
    });
    expect((await own(root, 'agent-2', ['commit', '-m', 'Log'])).code).toBe(0);
    expect(gitIn(root, 'show', 'HEAD:CHANGELOG.md')).toBe(
      `# Changes\n\n${region('agent-2', '- two').trimEnd()}`,
    );
    expect(gitIn(root, 'status', '--porcelain')).toBe('M CHANGELOG.md');
  });

  test('of a file that two edited in turn each commits its own lines', async () => {
    const root = ownedRepository();
    const lines = Array.from({ length: 12 }, (_, index) => `line ${index}`);
    writeFiles(root, { 'shared/types.ts': `${lines.join('\n')}\n` });
    gitIn(root, 'commit', '--quiet', '--all', '-m', 'Lines');
    const edit = async (agent: string, from: string, to: string) => {
      await runBin('squad-lock', ['acquire', 'shared/types.ts'], { cwd: root, env: { AGENT_ID: agent } });
      const path = join(root, 'shared/types.ts');
      writeFileSync(path, readFileSync(path, 'utf8').replace(`${from}\n`, `${to}\n`));
      const change = { path: 'shared/types.ts' as RepoPath, worktreeRoot: root, at: '2026-11-20T11:00:00Z' };
      recordChange(createNodeStore(), join(root, '.squad'), agent, change);
      await runBin('squad-lock', ['release', '--all'], { cwd: root, env: { AGENT_ID: agent } });
    };
    await edit('agent-1', 'line 1', 'one of agent-1');
    await edit('agent-2', 'line 6', 'six of agent-2');
    await edit('agent-1', 'line 10', 'ten of agent-1');
    const commit = async (agent: string) => {
      await runBin('squad-lock', ['acquire', 'shared/types.ts'], { cwd: root, env: { AGENT_ID: agent } });
      const { code, stdout } = await own(root, agent, ['commit', '-m', agent, '--release']);
      expect(stdout).toContain('shared/types.ts');
      expect(code).toBe(0);
      return gitIn(root, 'show', '--format=', '--unified=0', 'HEAD')
        .split('\n')
        .filter((line) => /^\+[^+]/u.test(line));
    };
    expect(await commit('agent-2')).toEqual(['+six of agent-2']);
    expect(await commit('agent-1')).toEqual(['+one of agent-1', '+ten of agent-1']);
    expect(gitIn(root, 'status', '--porcelain')).toBe('');
  });

  test('takes a free file only by name, a leased one by its holder, a deleted one too', async () => {
    const root = ownedRepository();
    writeFiles(root, { 'notes.txt': '2\n', 'shared/types.ts': '2\n' });
    rmSync(join(root, 'backend/api.ts'));
    await runBin('squad-lock', ['acquire', 'shared/types.ts'], { cwd: root, env: { AGENT_ID: 'agent-2' } });
    const json = JSON.parse(
      (await own(root, 'agent-2', ['commit', '-m', 'x', '--release', '--json'])).stdout,
    ) as object;
    expect(json).toMatchObject({
      kind: 'committed',
      files: [
        { path: 'backend/api.ts', why: 'EXCLUSIVE to agent-2' },
        { path: 'shared/types.ts', why: 'you hold its lease' },
      ],
      left: [{ path: 'notes.txt', why: 'nobody is recorded to have edited it: name it to commit it' }],
    });
    expect((await runBin('squad-lock', ['list'], { cwd: root })).stdout).toBe('no leases\n');
    expect((await own(root, 'agent-1', ['commit', '-m', 'x', 'notes.txt'])).code).toBe(0);
    expect(filesOf(root, 'HEAD')).toEqual(['notes.txt']);
  });

  test('waits for git and says who uses it', async () => {
    const root = ownedRepository();
    writeFiles(root, { 'frontend/App.tsx': '2\n' });
    await runBin('squad-lock', ['acquire', 'op:git'], { cwd: root, env: { AGENT_ID: 'agent-2' } });
    const { code, stdout } = await own(root, 'agent-1', ['commit', '-m', 'x', '--wait', '200ms']);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^git is in use by agent-2, for another \d+m/u);
    expect(gitIn(root, 'rev-list', '--count', 'HEAD')).toBe('1');
  });

  test('eight agents committing at once lose nothing and mix nothing', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `agent-${index}`);
    const root = ownedRepository(
      names.map((name) => `/${name}: { owner: ${name}, access: EXCLUSIVE }\n`).join(''),
    );
    writeFiles(root, Object.fromEntries(names.map((name) => [`${name}/a.ts`, `${name}\n`])));
    const results = await Promise.all(
      names.map((name) => own(root, name, ['commit', '-m', name, '--wait', '50s'])),
    );
    expect(results.map(({ code, stderr }) => [code, stderr])).toEqual(names.map(() => [0, '']));
    const commits = gitIn(root, 'log', '-8', '--format=%s').split('\n');
    expect(commits.toSorted()).toEqual(names);
    for (const [index, subject] of commits.entries()) {
      expect(filesOf(root, `HEAD~${index}`)).toEqual([`${subject}/a.ts`]);
    }
    expect(gitIn(root, 'status', '--porcelain')).toBe('');
  });

  test('what a hook of the repository refuses stays out and unstaged', async () => {
    const root = ownedRepository();
    writeFiles(root, {
      'frontend/App.tsx': '2\n',
      '.git/hooks/pre-commit': '#!/bin/sh\necho no more; exit 1\n',
    });
    gitIn(root, 'config', 'core.fileMode', 'false');
    await import('node:fs').then(({ chmodSync }) => chmodSync(join(root, '.git/hooks/pre-commit'), 0o755));
    const { code, stdout } = await own(root, 'agent-1', ['commit', '-m', 'x']);
    expect([code, stdout]).toEqual([1, 'git refused the commit:\nno more\n']);
    expect(gitIn(root, 'status', '--porcelain')).toBe('M frontend/App.tsx');
  });

  test('says what is missing', async () => {
    const root = ownedRepository();
    expect((await own(root, 'agent-1', ['commit'])).stderr).toBe(
      'error USAGE: a commit needs a message\n  squad-own commit -m "what and why"\n',
    );
    expect((await runBin('squad-own', ['commit', '-m', 'x'], { cwd: root })).stderr).toContain(
      'AGENT_ID_MISSING',
    );
    expect(await own(root, 'agent-1', ['commit', '-m', 'x'])).toMatchObject({
      code: 1,
      stdout: 'nothing of agent-1 to commit\n',
    });
  });
});
