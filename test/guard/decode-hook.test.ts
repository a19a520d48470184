import { decodeHook, type HookContext } from '#guard';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SAMPLES = fileURLToPath(new URL('../fixtures/hook-stdin-samples/', import.meta.url));
const CONTEXT: HookContext = { event: 'pre-tool', client: undefined, cwd: '/', env: {} };

function decode(text: string, context: Partial<HookContext> = {}) {
  return decodeHook(text, { ...CONTEXT, ...context });
}

function summary(client: string, file: string): string {
  const decoded = decode(readFileSync(`${SAMPLES}${client}/${file}`, 'utf8'));
  if (!decoded.ok) return `error: ${decoded.error}`;
  const { client: found, event, hookName, cwd, tool, subAgent } = decoded.value;
  const use =
    tool?.kind === 'edit' ? tool.paths.join(' ') : tool?.kind === 'shell' ? tool.command : (tool?.tool ?? '');
  const inside = subAgent === undefined ? '' : ` in ${subAgent}`;
  return `${found} ${event} ${hookName} ${cwd} ${tool?.kind ?? '-'} ${use}${inside}`.trimEnd();
}

test.each(['claude', 'codex', 'gemini'])(
  'every sample of %s is read as that client sent it',
  async (client) => {
    const files = readdirSync(`${SAMPLES}${client}`).filter((name) => name.endsWith('.json'));
    const lines = files.map((file) => `${file.padEnd(38)} ${summary(client, file)}`);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`../fixtures/guard/decoded-${client}.txt`);
  },
);

test.each([
  ['opencode edit', { tool_name: 'edit', tool_input: { filePath: '/r/a.ts' } }, 'edit', ['/r/a.ts']],
  ['cursor StrReplace', { tool_name: 'StrReplace', tool_input: { path: '/r/a.ts' } }, 'edit', ['/r/a.ts']],
  ['cursor Delete', { tool_name: 'Delete', tool_input: { file_path: '/r/a.ts' } }, 'edit', ['/r/a.ts']],
  [
    'vs code',
    { tool_name: 'editFiles', tool_input: { files: ['/r/a.ts', '/r/b.ts'] } },
    'edit',
    ['/r/a.ts', '/r/b.ts'],
  ],
  ['a tool we do not know', { tool_name: 'Frobnicate', tool_input: { path: '/r/a.ts' } }, 'other', undefined],
] as const)('reads %s', (_, input, kind, paths) => {
  const decoded = decode(JSON.stringify(input));
  expect(decoded.ok && decoded.value.tool?.kind).toBe(kind);
  if (paths !== undefined && decoded.ok && decoded.value.tool?.kind === 'edit')
    expect(decoded.value.tool.paths).toEqual(paths);
});

test('a patch names every file it touches, and where it moves them', () => {
  const command =
    '*** Begin Patch\n*** Update File: a.ts\n*** Move to: lib/a.ts\n@@\n-x\n+y\n*** Add File: b.ts\n+*** Add File: no.ts\n*** Delete File: c.ts\n*** End Patch\n';
  const decoded = decode(JSON.stringify({ tool_name: 'apply_patch', tool_input: { command } }));
  expect(decoded.ok && decoded.value.tool).toMatchObject({
    kind: 'edit',
    tool: 'apply_patch',
    paths: ['a.ts', 'lib/a.ts', 'b.ts', 'c.ts'],
  });
});

test("cursor's narrow shell event carries the command at the top", () => {
  const decoded = decode(
    JSON.stringify({
      conversation_id: 'c1',
      hook_event_name: 'beforeShellExecution',
      command: 'rm a.ts',
      cwd: '/r',
      workspace_roots: ['/r'],
    }),
  );
  expect(decoded).toMatchObject({
    ok: true,
    value: {
      client: 'cursor',
      event: 'pre-tool',
      sessionId: 'c1',
      cwd: '/r',
      tool: { kind: 'shell', command: 'rm a.ts' },
    },
  });
});

test('an argument vector of a shell is read as its script', () => {
  const decoded = decode(
    JSON.stringify({ tool_name: 'shell', tool_input: { command: ['bash', '-lc', 'rm a.ts'] } }),
  );
  expect(decoded.ok && decoded.value.tool).toMatchObject({
    kind: 'shell',
    tool: 'shell',
    command: 'rm a.ts',
  });
});

test.each([
  ['', 'the hook input is empty'],
  ['[]', 'the hook input is not a JSON object'],
  ['null', 'the hook input is not a JSON object'],
])('refuses %j', (text, message) => {
  expect(decode(text)).toEqual({ ok: false, error: message });
});

test.each(['{"a":', '{"a":"\0"}', 'hello', '{"a":1} trailing'])('refuses %j as no JSON', (text) => {
  const decoded = decode(text);
  expect(decoded.ok ? '' : decoded.error).toMatch(/^the hook input is not JSON: /u);
});

test('a document nested 200,000 deep is read without a stack overflow', () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  const decoded = decode(`{"tool_name":"Edit","tool_input":{"file_path":"/r/a.ts","x":${deep}}}`);
  expect(decoded.ok && decoded.value.tool).toMatchObject({ kind: 'edit', tool: 'Edit', paths: ['/r/a.ts'] });
});
