import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cleanEnvironment, runBin } from '../../support/bins.ts';
import { writeIn } from '../../support/guarded.ts';
import { gitIn, testRepository } from '../../support/repository.ts';
import { testdir } from '../../support/testdir.ts';
import { HOOK_MANAGERS, ensurePackage } from './client-cache.ts';

const MANIFEST = JSON.stringify({ private: true, scripts: { test: 'echo own-hook' } });

interface Manager {
  readonly files: Readonly<Record<string, string>>;
  /** What its own users run before us, and what our installation asks for. */
  readonly setUp: readonly (readonly string[])[];
  readonly afterwards: readonly (readonly string[])[];
}

const MANAGERS: Readonly<Record<keyof typeof HOOK_MANAGERS, Manager>> = {
  husky: { files: {}, setUp: [['init']], afterwards: [] },
  lefthook: {
    files: { 'lefthook.yml': 'pre-commit:\n  commands:\n    own:\n      run: echo own-hook\n' },
    setUp: [['install']],
    afterwards: [['install']],
  },
};

function git(root: string, agent: string, ...args: readonly string[]) {
  const env = { ...cleanEnvironment(), AGENT_ID: agent };
  const { status, stdout, stderr } = spawnSync('git', [...args], { cwd: root, env, encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}

test.each(Object.entries(MANAGERS))(
  "%s: commit and push of what is not the agent's are refused, its own hook runs, and all goes without a trace",
  async (name, { files, setUp, afterwards }) => {
    const root = testRepository({
      'theirs.txt': 'a\n',
      'package.json': MANIFEST,
      '.gitignore': 'node_modules\n',
      ...files,
    });
    for (const [key, value] of Object.entries({ 'user.name': 'T', 'user.email': 't@t' }))
      gitIn(root, 'config', key, value);
    const modules = ensurePackage(HOOK_MANAGERS[name === 'husky' ? 'husky' : 'lefthook']);
    symlinkSync(modules, join(root, 'node_modules'));
    const manage = (commands: Manager['setUp']): void => {
      for (const args of commands)
        execFileSync(join(modules, '.bin', name), [...args], {
          cwd: root,
          env: cleanEnvironment(),
          stdio: 'ignore',
        });
    };
    manage(setUp);
    await runBin('squad-init', [], { cwd: root });
    writeIn(root, '.squad/ownership.yaml', '/theirs.txt: { owner: bob, access: EXCLUSIVE }\n');
    gitIn(root, 'add', '--all');
    gitIn(root, 'commit', '--quiet', '--no-verify', '--message', 'Set up');
    const remote = testdir();
    gitIn(remote, 'init', '--quiet', '--bare');
    gitIn(root, 'remote', 'add', 'origin', remote);

    await runBin('squad-init', ['--git-hooks'], { cwd: root });
    manage(afterwards);
    appendFileSync(join(root, 'theirs.txt'), 'b\n');
    gitIn(root, 'add', 'theirs.txt');
    const refused = git(root, 'alice', 'commit', '-m', 'x');
    expect([refused.status, refused.said]).toEqual([1, expect.stringContaining('owned-by-another')]);
    const made = git(root, 'bob', 'commit', '-m', 'x');
    expect([made.status, made.said]).toEqual([0, expect.stringContaining('own-hook')]);
    expect(gitIn(root, 'log', '-1', '--format=%(trailers)')).toBe('Squad-Agent: bob');
    expect(git(root, 'bob', 'push', 'origin', 'HEAD:main').status).toBe(0);
    appendFileSync(join(root, 'theirs.txt'), 'c\n');
    gitIn(
      root,
      'commit',
      '--quiet',
      '--no-verify',
      '-m',
      'y',
      '--trailer',
      'Squad-Agent: alice',
      'theirs.txt',
    );
    const push = git(root, 'alice', 'push', 'origin', 'HEAD:main');
    expect([push.status, push.said]).toEqual([1, expect.stringContaining('modified by alice in commit')]);

    await runBin('squad-init', ['--uninstall'], { cwd: root });
    manage(afterwards);
    expect(gitIn(root, 'status', '--short')).toBe('');
  },
);
