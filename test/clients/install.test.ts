import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { testRepository } from '../support/repository.ts';

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
