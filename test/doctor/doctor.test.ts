import { chmodSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { guardedRepository, writeIn } from '../support/guarded.ts';
import { gitIn } from '../support/repository.ts';
import { testdir } from '../support/testdir.ts';

async function doctor(root: string, ...args: readonly string[]) {
  return doctorIn({ cwd: root, env: { HOME: testdir() } }, ...args);
}

async function doctorIn(
  place: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
  ...args: readonly string[]
) {
  const env = { GITHUB_SHA: '', ...place.env };
  const { code, stdout } = await runBin('squad-doctor', [...args, '--json'], { ...place, env });
  const { findings } = JSON.parse(stdout) as {
    findings: { check: string; severity: string; message: string; repair?: string; repaired?: boolean }[];
  };
  const wrong = findings.filter(({ severity }) => severity !== 'ok');
  return {
    code,
    fine: findings.filter(({ severity }) => severity === 'ok').map(({ message }) => message),
    wrong,
  };
}

test('every installed client is asked, and its guard fires', async () => {
  const root = guardedRepository('version: 1\n');
  await runBin('squad-init', ['--claude', '--codex', '--gemini', '--opencode', '--cursor'], { cwd: root });
  const { fine, wrong } = await doctor(root);
  expect(fine.filter((message) => message.endsWith('the guard fires'))).toEqual([
    '.claude/settings.json: the guard fires',
    '.codex/hooks.json: the guard fires',
    '.gemini/settings.json: the guard fires',
    '.opencode/plugins/dotsquad.js: the guard fires',
    '.cursor/hooks.json: the guard fires',
  ]);
  expect(wrong.map(({ message }) => message)).toEqual([
    'Codex skips hooks that nobody trusted, without a word',
  ]);
});

test('a guard that cannot start, and traps that let edits through, are found', async () => {
  const root = guardedRepository('version: 1\n');
  await runBin('squad-init', ['--claude'], { cwd: root });
  const path = join(root, '.claude/settings.json');
  const settings = readFileSync(path, 'utf8')
    .replaceAll('/.claude/dotsquad.cjs', '/.claude/missing/dotsquad.cjs')
    .replace('"onFailure": "block",', '')
    .replace('{', '{ "disableAllHooks": true,');
  writeFileSync(path, settings);
  const { code, wrong } = await doctor(root);
  expect(code).toBe(1);
  expect(
    wrong.map(({ severity, message }) => `${severity} ${message.replace(/ \(exit.*| a guard.*/u, '')}`),
  ).toEqual([
    'error .claude/settings.json: the guard does not fire',
    'warning .claude/settings.json: without "onFailure": "block"',
    'warning "disableAllHooks" is set: no hook fires',
  ]);
});

test('looking changes nothing; --fix repairs, proves it, and has nothing left to do', async () => {
  const root = guardedRepository('version: 1\n');
  writeIn(root, '.squad/comms/.tmp-1-2-3', 'half');
  utimesSync(join(root, '.squad/comms/.tmp-1-2-3'), 1, 1);
  writeIn(
    root,
    '.squad/.run/sessions/s1.json',
    JSON.stringify({
      version: 1,
      session: 's1',
      client: 'claude',
      agent: 'alice',
      named: 'bound',
      worktreeRoot: root,
      startedAt: '2026-01-01T00:00:00Z',
      process: { host: (await import('node:os')).hostname(), boot: 'an-earlier-boot', pid: 1, start: '1' },
    }),
  );
  const seen = await doctor(root);
  expect((await doctor(root)).wrong).toEqual(seen.wrong);
  expect(seen.wrong.filter(({ repair }) => repair !== undefined)).toHaveLength(2);
  const fixed = await doctor(root, '--fix');
  expect(fixed.wrong.filter(({ repaired }) => repaired === true)).toHaveLength(2);
  expect((await doctor(root)).wrong.filter(({ repair }) => repair !== undefined)).toEqual([]);
});

test('an unreadable matrix is an error, and the examination goes on', async () => {
  const root = guardedRepository('/a: [broken');
  const { wrong, fine } = await doctor(root);
  expect(wrong[0]?.message).toContain('.squad/ownership.yaml');
  expect(fine).toContain('no torn or half-written file');
});

test('a worktree of ours whose folder is gone is forgotten by --fix; one that a person made is hers to settle', async () => {
  const root = guardedRepository('version: 1\n');
  const made = await runBin('squad-worktree', ['create', 'auth', '--json'], { cwd: root });
  const path = (JSON.parse(made.stdout) as { created: { path: string }[] }).created[0]?.path ?? '';
  const theirs = join(testdir(), 'theirs');
  gitIn(root, 'worktree', 'add', '--quiet', '-b', 'theirs', theirs);
  const branches = gitIn(root, 'branch', '--format=%(refname:short)');
  rmSync(path, { recursive: true });
  rmSync(theirs, { recursive: true });
  const { wrong } = await doctor(root, '--fix');
  const orphans = wrong.filter(({ check }) => check === 'worktrees');
  expect(new Map(orphans.map(({ message, repaired }) => [message, repaired]))).toEqual(
    new Map([
      [`git knows a worktree whose folder is gone: ${path}`, true],
      [`git knows a worktree whose folder is gone: ${theirs}`, undefined],
    ]),
  );
  expect(gitIn(root, 'worktree', 'list')).not.toContain(path);
  expect(gitIn(root, 'branch', '--format=%(refname:short)')).toBe(branches);
  gitIn(root, 'worktree', 'prune');
  expect((await doctor(root)).fine).toContain('every worktree has its folder');
});

test('git hooks that git does not run are found; to have none is a choice', async () => {
  const root = guardedRepository('version: 1\n');
  const found = async (): Promise<readonly string[]> => {
    const { fine, wrong } = await doctor(root);
    return [...fine, ...wrong.map(({ message }) => message)].filter((message) =>
      /\bgit (?:runs|does)/u.test(message),
    );
  };
  expect(await found()).toEqual([]);
  await runBin('squad-init', ['--git-hooks'], { cwd: root });
  expect(await found()).toEqual(['git runs ours: pre-commit, prepare-commit-msg, pre-push']);
  chmodSync(join(root, '.git/hooks/pre-push'), 0o644);
  expect(await found()).toEqual([
    'git runs ours: pre-commit, prepare-commit-msg',
    'pre-push is installed, but git does not run it',
  ]);
});

test('checks in the configuration of lefthook are not run before it made its scripts', async () => {
  const root = guardedRepository('version: 1\n', { 'lefthook.yml': 'pre-commit: {}\n' });
  const { stdout } = await runBin('squad-init', ['--git-hooks'], { cwd: root });
  expect(stdout).toContain('pre-push: created lefthook-local.yml (not run until: lefthook install)');
  writeIn(root, '.git/hooks/pre-commit', '#!/bin/sh\nlefthook run pre-commit\n');
  const again = await runBin('squad-init', ['--git-hooks'], { cwd: root });
  expect(again.stdout).toContain('pre-commit: unchanged lefthook-local.yml\n');
  expect(again.stdout).toContain('pre-push: unchanged lefthook-local.yml (not run until: lefthook install)');
  const { wrong } = await doctor(root);
  expect(wrong.filter(({ check }) => check === 'git-hooks').map(({ message }) => message)).toEqual([
    'prepare-commit-msg is installed, but git does not run it',
    'pre-push is installed, but git does not run it',
  ]);
});

describe('what lets an edit through although the guard is installed', () => {
  async function trapsIn(
    flag: string,
    change: { readonly file: string; readonly from: string; readonly to: string },
    more: { readonly folder?: string; readonly env?: Readonly<Record<string, string>> } = {},
  ): Promise<readonly string[]> {
    const root = guardedRepository('version: 1\n', { 'src/a.ts': 'a\n' });
    await runBin('squad-init', [flag], { cwd: root });
    const path = join(root, change.file);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(change.from, change.to));
    const cwd = join(root, more.folder ?? '');
    const { wrong } = await doctorIn({ cwd, env: { HOME: testdir(), ...more.env } });
    return wrong.map(({ message }) => message);
  }

  test('settings that are no JSON', async () => {
    const file = '.claude/settings.json';
    expect(await trapsIn('--claude', { file, from: '"timeout": 10', to: '"timeout": ten' })).toEqual([
      `${file}:9 is no JSON (expected a value): the guard may not fire`,
    ]);
  });

  test.each([
    ['--claude', '.claude/settings.json', 'Claude Code'],
    ['--gemini', '.gemini/settings.json', 'Gemini CLI'],
  ])('%s in a sub-folder', async (flag, file, client) => {
    expect(await trapsIn(flag, { file, from: 'x-x', to: '' }, { folder: 'src' })).toEqual([
      `started in a sub-folder ${client} does not read project hooks`,
    ]);
  });

  test.each([
    ['--claude', '.claude/settings.json', '${CLAUDE_PROJECT_DIR}/.claude'],
    ['--codex', '.codex/hooks.json', '$(git rev-parse --show-toplevel)/.codex'],
    ['--gemini', '.gemini/settings.json', '${GEMINI_PROJECT_DIR:-.}/.gemini'],
  ])('%s: hooks with a relative path', async (flag, file, place) => {
    const to = place.slice(place.lastIndexOf('/') + 1);
    expect(await trapsIn(flag, { file, from: place, to })).toContain(
      `${file} names the guard by a relative path: it is not found from a sub-folder`,
    );
  });

  test('Codex hooks that are trusted, but switched off', async () => {
    const root = guardedRepository('version: 1\n');
    await runBin('squad-init', ['--codex'], { cwd: root });
    const trusted = `[hooks.state."${join(root, '.codex/hooks.json')}:PreToolUse:0:0"]\ntrusted_hash = "x"\n`;
    const home = testdir({ 'config.toml': trusted });
    const env = { HOME: testdir(), CODEX_HOME: home };
    expect((await doctorIn({ cwd: root, env })).wrong).toEqual([]);
    writeFileSync(join(home, 'config.toml'), `${trusted}[features]\nhooks = false\n`);
    expect((await doctorIn({ cwd: root, env })).wrong).toHaveLength(1);
  });

  test.each([
    ['trusted', true, []],
    ['untrusted', true, ['Codex skips hooks that nobody trusted, without a word']],
    ['modified', true, ['Codex skips hooks that changed since somebody trusted them, without a word']],
    ['trusted', false, ['our hooks are switched off in Codex']],
    [
      undefined,
      true,
      ['Codex does not read our hooks: it does not trust the folder, or its hooks are switched off'],
    ],
  ])('Codex says of our hooks: %s, enabled %s', async (trustStatus, enabled, expected) => {
    const root = guardedRepository('version: 1\n');
    await runBin('squad-init', ['--codex'], { cwd: root });
    const hook = {
      eventName: 'preToolUse',
      command: 'node dotsquad.cjs guard pre-tool',
      sourcePath: join(root, '.codex/hooks.json'),
      enabled,
      trustStatus,
    };
    const answer = { id: 2, result: { data: [{ hooks: trustStatus === undefined ? [] : [hook] }] } };
    const bin = testdir({
      codex: `#!/bin/sh\nread -r a\necho 'noise'\ncat <<'END'\n${JSON.stringify(answer)}\nEND\n`,
    });
    chmodSync(join(bin, 'codex'), 0o755);
    const env = { HOME: testdir(), PATH: `${bin}:${process.env['PATH'] ?? ''}` };
    const { wrong } = await doctorIn({ cwd: root, env });
    expect(wrong.map(({ message }) => message)).toEqual(expected);
  });

  test('Cursor without failClosed', async () => {
    const file = '.cursor/hooks.json';
    expect(
      await trapsIn('--cursor', { file, from: '"failClosed": true', to: '"failClosed": false' }),
    ).toEqual([`${file}: without "failClosed": true a guard that crashes lets edits through`]);
  });

  test('OpenCode 2', async () => {
    const bin = testdir({ opencode: '#!/bin/sh\necho 2.1.4\n' });
    chmodSync(join(bin, 'opencode'), 0o755);
    const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}` };
    const file = '.opencode/plugins/dotsquad.js';
    expect(await trapsIn('--opencode', { file, from: 'x-x', to: '' }, { env })).toEqual([
      'OpenCode 2 loads no plugins of 1.x: nothing is guarded there',
    ]);
  });
});
