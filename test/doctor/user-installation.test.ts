import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { guardedRepository, writeIn } from '../support/guarded.ts';
import { testdir } from '../support/testdir.ts';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

// Begun in a sub-folder, where only what a person installed for all folders fires.
async function doctorBelow(root: string, home: string, client: string): Promise<readonly string[]> {
  const env = { HOME: home, GITHUB_SHA: '' };
  const { stdout } = await runBin('squad-doctor', ['--json'], { cwd: join(root, 'src'), env });
  const { findings } = JSON.parse(stdout) as {
    findings: { check: string; severity: string; message: string }[];
  };
  const found = findings.filter(({ check }) => check === client || check === 'clients');
  return found.map(({ severity, message }) => `${severity} ${message}`);
}

async function repositoryWith(...flags: readonly string[]): Promise<string> {
  const root = guardedRepository('version: 1\n', { 'src/a.ts': 'a\n' });
  await runBin('squad-init', [...flags], { cwd: root });
  return root;
}

test('the extension of Gemini CLI is asked, and answers for sub-folders where it is switched on', async () => {
  const root = await repositoryWith('--gemini');
  const home = testdir({
    '.gemini/extensions/squad/.gemini-extension-install.json': JSON.stringify({
      type: 'link',
      source: join(DIST, 'gemini-extension'),
    }),
  });
  const both = [
    'ok the extension of Gemini CLI: the guard fires',
    'ok .gemini/settings.json: the guard fires',
  ];
  expect(await doctorBelow(root, home, 'gemini')).toEqual(both);
  const rules = (...overrides: readonly string[]): void =>
    writeIn(home, '.gemini/extensions/extension-enablement.json', JSON.stringify({ squad: { overrides } }));
  rules('/*', `!${root}/*`);
  expect(await doctorBelow(root, home, 'gemini')).toEqual([
    'ok .gemini/settings.json: the guard fires',
    'warning started in a sub-folder Gemini CLI does not read project hooks',
  ]);
  rules(`!${root}/*`, `${root}/src/*`);
  expect(await doctorBelow(root, home, 'gemini')).toEqual(both);
});

test('the plugin of Claude Code is asked while it is switched on', async () => {
  const root = await repositoryWith();
  const home = testdir({
    '.claude/plugins/installed_plugins.json': JSON.stringify({
      version: 2,
      plugins: { 'squad@dotsquad': [{ scope: 'user', installPath: join(DIST, 'plugin') }] },
    }),
  });
  const none = ['warning no client asks the guard here'];
  expect(await doctorBelow(root, home, 'claude')).toEqual(none);
  writeIn(home, '.claude/settings.json', '{ "enabledPlugins": { "squad@dotsquad": true } }');
  expect(await doctorBelow(root, home, 'claude')).toEqual(['ok the plugin of Claude Code: the guard fires']);
  writeIn(home, '.claude/settings.json', '{ "enabledPlugins": { "squad@dotsquad": false } }');
  expect(await doctorBelow(root, home, 'claude')).toEqual(none);
});

test('a plugin of Codex whose files are gone is an error', async () => {
  const root = await repositoryWith();
  const home = testdir({ '.codex/config.toml': '[plugins."squad@dotsquad"]\nenabled = true\n' });
  expect(await doctorBelow(root, home, 'codex')).toEqual([
    'error the plugin of Codex: the guard does not fire (exit none): its files are gone',
  ]);
  mkdirSync(join(home, '.codex/plugins/cache/dotsquad/squad'), { recursive: true });
  symlinkSync(join(DIST, 'plugin'), join(home, '.codex/plugins/cache/dotsquad/squad/0.1.0'));
  expect(await doctorBelow(root, home, 'codex')).toEqual([
    'ok the plugin of Codex: the guard fires',
    'warning Codex skips hooks that nobody trusted, without a word',
  ]);
});

test.each([
  ['all hooks', '{ "hooksConfig": { "enabled": false } }'],
  ['ours', '{ "hooksConfig": { "disabled": ["squad pre-tool"] } }'],
])('%s switched off in the settings of Gemini CLI', async (_, settings) => {
  const root = await repositoryWith('--gemini');
  const home = testdir({ '.gemini/settings.json': settings });
  expect(await doctorBelow(root, home, 'gemini')).toContain(
    `warning hooks are switched off in ${home}/.gemini/settings.json: the guard does not fire`,
  );
});

test('under GitHub Actions the settings of Gemini CLI must let AGENT_ID through', async () => {
  const root = await repositoryWith('--gemini');
  const home = testdir();
  const found = async (): Promise<string> => {
    const env = { HOME: home, GITHUB_SHA: '0123abc' };
    return (await runBin('squad-doctor', [], { cwd: root, env })).stdout;
  };
  expect(await found()).toContain('under GitHub Actions Gemini CLI keeps AGENT_ID from hooks');
  const allow = { security: { environmentVariableRedaction: { allowed: ['AGENT_ID'] } } };
  writeIn(home, '.gemini/settings.json', JSON.stringify(allow));
  expect(await found()).not.toContain('GitHub Actions');
});
