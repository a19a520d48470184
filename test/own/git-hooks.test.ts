import { chmodSync, existsSync, mkdirSync, readFileSync, readlinkSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { cleanEnvironment, runBin } from '../support/bins.ts';
import { gitIn } from '../support/repository.ts';
import { ownedRepository, writeFiles } from '../support/owned-repository.ts';
import { testdir } from '../support/testdir.ts';

const hooks = (cwd: string, verb: string, env: Record<string, string> = {}) =>
  runBin('squad-own', ['hooks', verb], { cwd, env });

function commitAs(root: string, agent: string | undefined, env: Record<string, string> = {}) {
  const result = spawnSync(
    'git',
    ['-c', 'user.name=T', '-c', 'user.email=t@t', 'commit', '--all', '-m', 'x'],
    {
      cwd: root,
      env: { ...cleanEnvironment(), ...(agent === undefined ? {} : { AGENT_ID: agent }), ...env },
      encoding: 'utf8',
    },
  );
  return { code: result.status, stderr: result.stderr };
}

function script(root: string, path: string, text: string): string {
  writeFiles(root, { [path]: text });
  chmodSync(join(root, path), 0o755);
  return join(root, path);
}

describe('squad-own hooks', () => {
  test('refuse a foreign change at commit, sign the rest, and go without a trace', async () => {
    const root = ownedRepository();
    expect((await hooks(root, 'install')).stdout).toBe(
      'pre-commit: created .git/hooks/pre-commit\nprepare-commit-msg: created .git/hooks/prepare-commit-msg\npre-push: created .git/hooks/pre-push\n',
    );
    expect((await hooks(root, 'install')).stdout).toContain('pre-commit: unchanged');
    writeFiles(root, { 'backend/api.ts': '2\n' });
    const refused = commitAs(root, 'agent-1');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      'backend/api.ts error owned-by-another: modified by agent-1 against /backend',
    );
    expect(commitAs(root, 'agent-2')).toEqual({ code: 0, stderr: '' });
    expect(gitIn(root, 'log', '-1', '--format=%(trailers)')).toBe('Squad-Agent: agent-2');
    await hooks(root, 'uninstall');
    expect(existsSync(join(root, '.git/hooks/pre-commit'))).toBe(false);
  });

  test('squad-init installs them when asked, and takes them out', async () => {
    const root = ownedRepository();
    const init = (...args: string[]) => runBin('squad-init', args, { cwd: root });
    await init();
    expect(existsSync(join(root, '.git/hooks/pre-commit'))).toBe(false);
    expect((await init('--git-hooks')).stdout).toContain('pre-commit: created .git/hooks/pre-commit');
    const uninstalled = await init('--uninstall');
    expect(uninstalled.stdout).toContain('pre-commit: removed .git/hooks/pre-commit');
    expect(uninstalled.stdout).not.toContain('nothing was installed');
    expect(existsSync(join(root, '.git/hooks/pre-commit'))).toBe(false);
    expect((await init('--uninstall')).stdout).toBe(`nothing was installed in ${root}\n`);
  });

  test('a push of a foreign change is refused, of an own one goes through', async () => {
    const root = ownedRepository();
    const remote = testdir();
    gitIn(remote, 'init', '--quiet', '--bare');
    gitIn(root, 'remote', 'add', 'origin', remote);
    gitIn(root, 'push', '--quiet', 'origin', 'main');
    await hooks(root, 'install');
    script(
      root,
      '.git/hooks/pre-push',
      `${readFileSync(join(root, '.git/hooks/pre-push'), 'utf8')}cat > refs.txt\n`,
    );
    writeFiles(root, { 'backend/api.ts': '2\n' });
    gitIn(root, 'commit', '--quiet', '--all', '--no-verify', '-m', 'x', '--trailer', 'Squad-Agent: agent-2');
    gitIn(root, 'push', '--quiet', 'origin', 'main');
    expect(readFileSync(join(root, 'refs.txt'), 'utf8')).toMatch(
      /^refs\/heads\/main [0-9a-f]{40} refs\/heads\/main [0-9a-f]{40}\n$/u,
    );
    writeFiles(root, { 'frontend/App.tsx': '2\n' });
    gitIn(root, 'commit', '--quiet', '--all', '--no-verify', '-m', 'x', '--trailer', 'Squad-Agent: agent-2');
    expect(() => gitIn(root, 'push', '--quiet', 'origin', 'main')).toThrow(
      'frontend/App.tsx error owned-by-another',
    );
  });

  test('an existing hook goes on to run, even one that ends early, and comes back byte for byte', async () => {
    const root = ownedRepository();
    const text = '#!/usr/bin/env bash\necho mine >> ran.txt\nexit 0\n';
    const path = script(root, '.git/hooks/pre-commit', text);
    expect((await hooks(root, 'install')).stdout).toContain('pre-commit: chained .git/hooks/pre-commit');
    writeFiles(root, { 'backend/api.ts': '2\n' });
    expect(commitAs(root, 'agent-1').code).toBe(1);
    expect(commitAs(root, 'agent-2').code).toBe(0);
    expect(readFileSync(join(root, 'ran.txt'), 'utf8')).toBe('mine\n');
    await hooks(root, 'uninstall');
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('a hook in another language is run by ours', async () => {
    const root = ownedRepository();
    const text = `#!${process.execPath}\nrequire('node:fs').writeFileSync('ran.txt', 'node');\n`;
    const path = script(root, '.git/hooks/pre-commit', text);
    await hooks(root, 'install');
    writeFiles(root, { 'backend/api.ts': '2\n' });
    expect(commitAs(root, 'agent-2').code).toBe(0);
    expect(readFileSync(join(root, 'ran.txt'), 'utf8')).toBe('node');
    await hooks(root, 'install');
    await hooks(root, 'uninstall');
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('a hook behind a link is run by ours, and the file it names stays as it is', async () => {
    const root = ownedRepository();
    const text = '#!/bin/sh\necho linked >> ran.txt\n';
    const named = script(root, 'scripts/pre-commit', text);
    const path = join(root, '.git/hooks/pre-commit');
    mkdirSync(join(root, '.git/hooks'), { recursive: true });
    symlinkSync('../../scripts/pre-commit', path);
    await hooks(root, 'install');
    await hooks(root, 'install');
    writeFiles(root, { 'backend/api.ts': '2\n' });
    expect(commitAs(root, 'agent-1').code).toBe(1);
    expect(commitAs(root, 'agent-2').code).toBe(0);
    expect([readFileSync(join(root, 'ran.txt'), 'utf8'), readFileSync(named, 'utf8')]).toEqual([
      'linked\n',
      text,
    ]);
    await hooks(root, 'uninstall');
    expect(readlinkSync(path)).toBe('../../scripts/pre-commit');
  });

  test('a hook that git passes over, because it may not be run, is not run by ours either', async () => {
    const root = ownedRepository();
    const path = script(root, '.git/hooks/pre-commit', '#!/bin/sh\nexit 1\n');
    chmodSync(path, 0o644);
    await hooks(root, 'install');
    writeFiles(root, { 'backend/api.ts': '2\n' });
    expect(commitAs(root, 'agent-1').stderr).toContain('owned-by-another');
    expect(commitAs(root, 'agent-2').code).toBe(0);
    await hooks(root, 'uninstall');
    expect(statSync(path).mode & 0o777).toBe(0o644);
  });

  test('husky keeps its folder', async () => {
    const root = ownedRepository();
    chmodSync(script(root, '.husky/pre-commit', 'npm test\n'), 0o644);
    gitIn(root, 'config', 'core.hooksPath', '.husky/_');
    await hooks(root, 'install');
    const text = readFileSync(join(root, '.husky/pre-commit'), 'utf8');
    expect(text).toMatch(/^# >>> dotsquad[^]*squad_own check --hook pre-commit[^]*<<<\nnpm test\n$/u);
    await hooks(root, 'uninstall');
    expect(readFileSync(join(root, '.husky/pre-commit'), 'utf8')).toBe('npm test\n');
    expect(statSync(join(root, '.husky/pre-commit')).mode & 0o777).toBe(0o644);
  });

  test('lefthook gets a local configuration, and is never overruled', async () => {
    const root = ownedRepository();
    writeFiles(root, { 'lefthook.yml': 'pre-commit:\n  commands: {}\n' });
    await hooks(root, 'install');
    const local = join(root, 'lefthook-local.yml');
    expect(readFileSync(local, 'utf8')).toMatch(
      /pre-commit:\n {2}commands:\n {4}squad-own:\n {6}run: "node '.*squad-own\.js' check --hook pre-commit"/u,
    );
    expect(readFileSync(local, 'utf8')).toContain('--trailer \\"Squad-Agent: $AGENT_ID\\" {1}; fi"');
    await hooks(root, 'uninstall');
    expect(existsSync(local)).toBe(false);
    writeFiles(root, { 'lefthook-local.yml': 'pre-commit:\n  parallel: true\n' });
    const manual = await hooks(root, 'install');
    expect([manual.code, manual.stdout.split('\n')[0]]).toEqual([
      1,
      'pre-commit: manual lefthook-local.yml (add to its hooks:',
    ]);
    expect(readFileSync(local, 'utf8')).toBe('pre-commit:\n  parallel: true\n');
  });

  test('a folder of hooks for all repositories is chained, not touched', async () => {
    const root = ownedRepository();
    const shared = testdir();
    script(shared, 'pre-commit', '#!/bin/sh\necho shared >> ran.txt\n');
    script(shared, 'commit-msg', '#!/bin/sh\necho message >> ran.txt\n');
    writeFiles(shared, { gitconfig: `[core]\n\thooksPath = ${shared}\n` });
    const env = { GIT_CONFIG_GLOBAL: join(shared, 'gitconfig') };
    await hooks(root, 'install', env);
    writeFiles(root, { 'backend/api.ts': '2\n' });
    expect(commitAs(root, 'agent-1', env).code).toBe(1);
    expect(commitAs(root, 'agent-2', env).code).toBe(0);
    expect(readFileSync(join(root, 'ran.txt'), 'utf8')).toBe('shared\nmessage\n');
    await hooks(root, 'uninstall', env);
    expect(existsSync(join(root, '.git/dotsquad-hooks'))).toBe(false);
    expect(gitIn(root, 'config', '--local', '--list')).not.toContain('hookspath');
  });

  test('git commit PATH is judged by its own index, and without .squad/ nothing is', async () => {
    const root = ownedRepository();
    await hooks(root, 'install');
    writeFiles(root, { 'backend/api.ts': '2\n', 'frontend/App.tsx': '2\n' });
    gitIn(root, 'add', '--all');
    const only = spawnSync('git', ['commit', '-m', 'x', '--', 'frontend/App.tsx'], {
      cwd: root,
      env: { ...cleanEnvironment(), AGENT_ID: 'agent-1' },
      encoding: 'utf8',
    });
    expect([only.status, only.stderr]).toEqual([0, '']);
    gitIn(root, 'rm', '-rq', '--cached', '.squad');
    await import('node:fs').then(({ rmSync }) => rmSync(join(root, '.squad'), { recursive: true }));
    expect(commitAs(root, 'agent-1')).toEqual({ code: 0, stderr: '' });
  });
});
