import { execFileSync } from 'node:child_process';
import { testdir } from './testdir.ts';

/** Runs git in a test repository and returns its output, trimmed. */
export function gitIn(root: string, ...args: readonly string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  return execFileSync(
    'git',
    ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false', ...args],
    {
      cwd: root,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  ).trim();
}

/** A fresh git repository on branch `main` with these files committed; its path holds a space. */
export function testRepository(
  files: Readonly<Record<string, string>> = { 'README.md': '# Test\n' },
): string {
  const root = testdir(files);
  gitIn(root, 'init', '--quiet', '--initial-branch=main');
  gitIn(root, 'config', 'user.name', 'Test');
  gitIn(root, 'config', 'user.email', 'test@example.org');
  gitIn(root, 'add', '--all');
  gitIn(root, 'commit', '--quiet', '--allow-empty', '--message', 'Start');
  return root;
}
