import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { binPath, cleanEnvironment } from '../support/bins.ts';
import { squadRepository } from '../support/squad-repository.ts';

// What a user might type after each command.
const ARGUMENTS: Readonly<Record<string, string>> = {
  'parallel-features': 'task-graph.yml',
  'parallel-review': '--lens security',
  'parallel-test': "--env unit='echo fine'",
  'parallel-explore': '--lens architecture',
  'merge-worktrees': 'auth',
  'monitor-agents': '',
  'squad-status': 'T-1',
  'squad-handoff': 'bob --file base.txt --notes ready',
  'squad-block': '--waiting-for base.txt --task T-1',
};

// Exit codes that mean "told": done, an expected failure, wait. Never usage (2) or a bug (70).
const TOLD = new Set([0, 1, 3]);

const CLAUDE = `#!/bin/sh
cat > /dev/null
echo '{"type":"result","subtype":"success","is_error":false,"result":"{\\"findings\\": []}"}'
`;

test('each command that a slash command names runs as it is written', async () => {
  const repo = await squadRepository({ 'base.txt': 'base\n', 'task-graph.yml': 'T-1: {title: a}\n' });
  const bin = join(repo.outside, 'bin');
  mkdirSync(bin);
  const shim = (name: string, text: string): void => {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  };
  for (const name of Object.keys(packageJson.bin).filter((each) => each !== 'dotsquad'))
    shim(
      name,
      `#!/bin/sh\nexec '${process.execPath}' '${binPath(name as keyof typeof packageJson.bin)}' "$@"\n`,
    );
  shim('claude', CLAUDE);
  const env = { ...cleanEnvironment(), PATH: `${bin}:${process.env['PATH'] ?? ''}`, AGENT_ID: 'ann' };
  const sh = (command: string) =>
    spawnSync('/bin/sh', ['-c', command], { cwd: repo.root, env, encoding: 'utf8', timeout: 50_000 });
  expect(sh('squad-worktree create auth').status).toBe(0);

  const ran: string[] = [];
  for (const [name, words] of Object.entries(ARGUMENTS)) {
    const template = readFileSync(
      join(import.meta.dirname, '../../templates/commands', `${name}.md`),
      'utf8',
    );
    expect(template.length).toBeLessThan(1400);
    const commands = [...template.matchAll(/`(\{\{squad-[a-z]+\}\} [^`]*)`/gu)].map(([, text = '']) => text);
    for (const command of commands) {
      const line = command.replace(/\{\{(squad-[a-z]+)\}\}/gu, '$1').replaceAll('$ARGUMENTS', words);
      const { status, stderr } = sh(line);
      ran.push(line);
      expect([line, status !== null && TOLD.has(status), stderr.includes('error USAGE')], stderr).toEqual([
        line,
        true,
        false,
      ]);
    }
  }
  expect(ran).toHaveLength(22);
  const reports = ['review', 'test', 'explore'].map((name) =>
    existsSync(join(repo.root, '.squad', 'reports', `${name}.md`)),
  );
  expect(reports).toEqual([true, true, true]);
});
