import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { gitIn, testRepository } from '../support/repository.ts';
import { testdir } from '../support/testdir.ts';

const ALL = ['--claude', '--codex', '--gemini', '--opencode', '--cursor'];

const FOREIGN = {
  'README.md': '# Test\n',
  'AGENTS.md': '# House rules\n\nBe kind.',
  'CLAUDE.md': '# For Claude\n',
  '.claude/settings.json':
    '{\n    // ours since 2025\n    "permissions": { "allow": ["Bash(npm test *)"] },\n    "hooks": {\n        "PreToolUse": [\n            { "matcher": "Bash", "hooks": [{ "type": "command", "command": "./audit.sh" }] }, // keep\n        ],\n    },\n}\n',
  '.mcp.json': '{"mcpServers":{"other":{"command":"other"}}}',
  '.codex/config.toml': 'model = "gpt-5.5"\n\n[mcp_servers.other]\ncommand = "other"\n',
  '.gemini/settings.json': '{\r\n\t"security": {\r\n\t\t"auth": {}\r\n\t}\r\n}\r\n',
  'opencode.json': '{}\n',
};

function snapshot(root: string, at = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(join(root, at))) {
    const path = join(at, name);
    if (path === '.git' || path === '.squad') continue;
    if (statSync(join(root, path)).isDirectory()) Object.assign(found, snapshot(root, path));
    else found[path] = readFileSync(join(root, path), 'latin1');
  }
  return found;
}

async function init(root: string, ...flags: readonly string[]) {
  const result = await runBin('squad-init', [...flags], { cwd: root });
  expect(result.stderr).toBe('');
  expect(result.code).toBe(0);
  return result.stdout;
}

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

test('every file is restored byte for byte, and what was made is gone', async () => {
  const root = testRepository(FOREIGN);
  await init(root);
  const before = snapshot(root);
  await init(root, ...ALL);
  expect(snapshot(root)).not.toEqual(before);
  await init(root, '--uninstall');
  expect(snapshot(root)).toEqual(before);
});

test('installing twice changes nothing, and still restores', async () => {
  const root = testRepository(FOREIGN);
  await init(root);
  const before = snapshot(root);
  await init(root, ...ALL);
  const once = snapshot(root);
  await init(root, ...ALL);
  expect(snapshot(root)).toEqual(once);
  await init(root, '--uninstall');
  expect(snapshot(root)).toEqual(before);
});

test('a dry run shows the difference and writes nothing', async () => {
  const root = testRepository(FOREIGN);
  await init(root);
  const before = snapshot(root);
  const shown = await init(root, '--claude', '--dry-run');
  expect(shown).toContain('~ updated   .mcp.json');
  expect(shown).toContain('    +{"mcpServers":{"other":{"command":"other"}, "squad":');
  expect(snapshot(root)).toEqual(before);
});

test('comments, order and foreign hooks stay where they are', async () => {
  const root = testRepository(FOREIGN);
  await init(root, '--claude', '--gemini');
  const settings = readFileSync(join(root, '.claude/settings.json'), 'utf8');
  expect(settings.startsWith(FOREIGN['.claude/settings.json'].split('        ],')[0] ?? '')).toBe(true);
  expect(settings).toContain('// keep');
  expect(settings.match(/dotsquad\.cjs/gu)).toHaveLength(8);
  const gemini = readFileSync(join(root, '.gemini/settings.json'), 'utf8');
  expect(gemini.startsWith('{\r\n\t"security": {\r\n\t\t"auth": {}\r\n\t},\r\n\t"hooks": {')).toBe(true);
  expect(gemini.replaceAll('\r\n', '')).not.toContain('\n');
});

test('what somebody wrote since stays when ours is taken out', async () => {
  const root = testRepository(FOREIGN);
  await init(root, '--claude', '--codex');
  const path = join(root, '.claude/settings.json');
  const edited = readFileSync(path, 'utf8').replace('"permissions"', '"model": "opus",\n    "permissions"');
  writeFileSync(path, edited);
  write(root, 'AGENTS.md', `${readFileSync(join(root, 'AGENTS.md'), 'utf8')}\nA later rule.\n`);
  await init(root, '--uninstall');
  expect(readFileSync(path, 'utf8')).toBe(
    FOREIGN['.claude/settings.json'].replace('"permissions"', '"model": "opus",\n    "permissions"'),
  );
  expect(readFileSync(join(root, 'AGENTS.md'), 'utf8')).toBe('# House rules\n\nBe kind.\n\nA later rule.\n');
});

test('an edit between two installs is part of what is restored', async () => {
  const root = testRepository({ 'README.md': '', '.mcp.json': '{ "mcpServers": {} }\n' });
  await init(root, '--claude');
  const path = join(root, '.mcp.json');
  const edited = JSON.parse(readFileSync(path, 'utf8')) as { mcpServers: Record<string, unknown> };
  edited.mcpServers['mine'] = { command: 'mine' };
  writeFileSync(path, JSON.stringify(edited));
  await init(root, '--claude');
  await init(root, '--uninstall');
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ mcpServers: { mine: { command: 'mine' } } });
});

test('unreadable settings are pointed at, and no file is touched', async () => {
  const root = testRepository({ ...FOREIGN, '.gemini/settings.json': '{\n  "hooks": nope\n}\n' });
  await init(root);
  const before = snapshot(root);
  const result = await runBin('squad-init', ALL, { cwd: root });
  expect(result.code).toBe(1);
  expect(result.stderr).toContain(
    '.gemini/settings.json:2:12 error JSON_INVALID the settings cannot be read, so nothing was installed\n  2 |   "hooks": nope\n    |            ^',
  );
  expect(snapshot(root)).toEqual(before);
});

test('a CLAUDE.md is only added to, never made; one that imports AGENTS.md stays as it is', async () => {
  const root = testRepository({ 'README.md': '' });
  await init(root, '--claude');
  expect(existsSync(join(root, 'CLAUDE.md'))).toBe(false);
  const importing = testRepository({ 'CLAUDE.md': '@AGENTS.md\nMore.\n' });
  await init(importing, '--claude');
  expect(readFileSync(join(importing, 'CLAUDE.md'), 'utf8')).toBe('@AGENTS.md\nMore.\n');
});

test('settings behind a link within the repository are written there, with the permissions they have', async () => {
  const root = testRepository({ 'README.md': '', 'dot/settings.json': '{ "a": 1 }\n', '.mcp.json': '{}\n' });
  mkdirSync(join(root, '.claude'));
  symlinkSync('../dot/settings.json', join(root, '.claude/settings.json'));
  chmodSync(join(root, '.mcp.json'), 0o600);
  await init(root, '--claude');
  expect(readlinkSync(join(root, '.claude/settings.json'))).toBe('../dot/settings.json');
  expect(readFileSync(join(root, 'dot/settings.json'), 'utf8')).toContain('dotsquad.cjs');
  expect(statSync(join(root, '.mcp.json')).mode & 0o777).toBe(0o600);
  await init(root, '--uninstall');
  expect(readlinkSync(join(root, '.claude/settings.json'))).toBe('../dot/settings.json');
  expect(readFileSync(join(root, 'dot/settings.json'), 'utf8')).toBe('{ "a": 1 }\n');
  expect(statSync(join(root, '.mcp.json')).mode & 0o777).toBe(0o600);
});

test('settings that a link leads out of the repository, and read-only ones, are left alone, and all others with them', async () => {
  const outside = testdir({ 'settings.json': '{}\n' });
  const root = testRepository({ 'README.md': '', '.mcp.json': '{}\n' });
  mkdirSync(join(root, '.claude'));
  symlinkSync(join(outside, 'settings.json'), join(root, '.claude/settings.json'));
  await init(root);
  const before = snapshot(root);
  const refused = async (): Promise<string> => {
    const result = await runBin('squad-init', ['--claude'], { cwd: root });
    expect([result.code, snapshot(root)]).toEqual([1, before]);
    return result.stderr;
  };
  expect(await refused()).toContain(
    `.claude/settings.json is led out of the repository by a link, to ${outside}/settings.json; nothing was changed`,
  );
  rmSync(join(root, '.claude/settings.json'));
  delete before['.claude/settings.json'];
  chmodSync(join(root, '.mcp.json'), 0o444);
  expect(await refused()).toContain('.mcp.json is read-only; nothing was changed');
});

test('a text with line ends of Windows gets and keeps them', async () => {
  const text = '# Rules\r\n\r\nBe kind.';
  const root = testRepository({ 'AGENTS.md': text, 'CLAUDE.md': '@AGENTS.md\r\n' });
  await init(root, '--claude');
  const installed = readFileSync(join(root, 'AGENTS.md'), 'utf8');
  expect(installed.replaceAll('\r\n', '')).not.toContain('\n');
  expect(readFileSync(join(root, 'CLAUDE.md'), 'utf8')).toBe('@AGENTS.md\r\n');
  writeFileSync(join(root, 'AGENTS.md'), `${installed}Later.\r\n`);
  await init(root, '--uninstall');
  expect(readFileSync(join(root, 'AGENTS.md'), 'utf8')).toBe(`${text}\r\nLater.\r\n`);
});

test('a byte order mark before the settings stays', async () => {
  const text = '\uFEFF{\r\n  "model": "opus"\r\n}\r\n';
  const root = testRepository({ '.claude/settings.json': text });
  await init(root, '--claude');
  const path = join(root, '.claude/settings.json');
  expect(readFileSync(path, 'utf8').startsWith('\uFEFF{\r\n  "model": "opus",\r\n')).toBe(true);
  await init(root, '--uninstall');
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('asked for in a linked worktree it installs into the main one, and says when this one is guarded', async () => {
  const root = testRepository({ 'README.md': '' });
  const linked = `${testdir()}/linked tree`;
  gitIn(root, 'worktree', 'add', '--quiet', '-b', 'linked', linked);
  const said = await init(linked, '--claude');
  expect(said).toContain(
    `all of this is in ${root}: commit it there; ${linked} is guarded once its branch has that commit`,
  );
  expect([existsSync(join(root, '.claude/settings.json')), existsSync(join(linked, '.claude'))]).toEqual([
    true,
    false,
  ]);
});
