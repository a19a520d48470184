import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { byCodeUnit } from '#store';
import { expect, test } from 'vitest';
import { testdir } from '../support/testdir.ts';

interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly imports: readonly { readonly path: string; readonly kind: string }[];
        readonly inputs: Readonly<Record<string, unknown>>;
      }
    >
  >;
}

const metafile = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../dist/fast/metafile.json', import.meta.url)), 'utf8'),
) as Metafile;
const outputs = Object.entries(metafile.outputs).map(
  ([path, output]) => [path.replace(/^dist\/fast\/|\.bundle\.cjs$/gu, ''), output] as const,
);

const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'squad-guard': ['cli', 'comms', 'config', 'glob', 'guard', 'lock', 'ownership', 'protocol', 'store'],
  'squad-guard-look': ['glob', 'guard'],
  'squad-guard-shell': ['guard'],
  'squad-lock': ['cli', 'config', 'glob', 'lock', 'protocol', 'store'],
};
const NODE: Readonly<Record<string, readonly string[]>> = {
  'squad-guard': ['node:fs', 'node:path', 'node:url', 'node:util'],
  'squad-guard-look': ['node:path'],
  'squad-guard-shell': ['node:path'],
  'squad-lock': ['node:fs', 'node:path', 'node:url', 'node:util'],
};
const LAZY: Readonly<Record<string, readonly string[]>> = {
  'squad-guard': [
    '#git',
    '#markdown',
    '../cli/shell/help.js',
    'part:squad-guard-look',
    'part:squad-guard-shell',
  ],
  'squad-guard-look': [],
  'squad-guard-shell': [],
  'squad-lock': ['#markdown', '../cli/shell/help.js'],
};

test.each(outputs)('%s is made of our own rooms alone', (name, output) => {
  const inputs = Object.keys(output.inputs);
  expect(inputs.filter((path) => path.includes('node_modules'))).toEqual([]);
  expect([...new Set(inputs.map((path) => path.split('/')[1] ?? ''))].sort(byCodeUnit)).toEqual(ROOMS[name]);
});

test.each(outputs)('%s loads at start exactly these modules', (name, output) => {
  const loaded = output.imports.filter(({ kind }) => kind === 'require-call').map(({ path }) => path);
  expect([...new Set(loaded)].sort()).toEqual(NODE[name]);
  const lazy = output.imports.filter(({ kind }) => kind === 'dynamic-import').map(({ path }) => path);
  expect([...new Set(lazy)].sort()).toEqual(LAZY[name]);
});

// Node's own modules beyond those of an empty script, asked of the process at its end.
const PROBE = "process.on('exit', () => { process._rawDebug(process.moduleLoadList.join(' ')); });";

function modulesOf(script: string, args: readonly string[], how: { cwd: string; input?: string }): string[] {
  const probe = join(how.cwd, 'probe.cjs');
  writeFileSync(probe, PROBE);
  const env = { ...process.env, AGENT_ID: 'alice', NODE_OPTIONS: '' };
  const { stderr } = spawnSync(process.execPath, ['--require', probe, script, ...args], {
    cwd: how.cwd,
    env,
    input: how.input ?? '',
    encoding: 'utf8',
  });
  return stderr.trim().split('\n').at(-1)?.split(' ') ?? [];
}

test.each([
  ['squad-lock', ['acquire', 'src/a.ts', '--ttl', '5m', '--purpose', 'to see'], undefined],
  ['squad-lock', ['release', 'src/a.ts'], undefined],
  ['squad-guard', ['pre-tool', '--client', 'claude'], { tool_input: { file_path: 'mine/a.ts' } }],
  ['squad-guard', ['pre-tool', '--client', 'claude'], { tool_input: { file_path: 'theirs/a.ts' } }],
  [
    'squad-guard',
    ['pre-tool', '--client', 'claude'],
    { tool_name: 'Bash', tool_input: { command: 'npm test > mine/a.ts' } },
  ],
])('%s %j on %j loads nothing of node but vm', (name, args, use) => {
  const cwd = testdir({
    '.squad/ownership.yaml': '/theirs:\n  owner: bob\n  access: EXCLUSIVE\n',
    'empty.cjs': '',
  });
  const bin = fileURLToPath(new URL(`../../dist/fast/${name}.cjs`, import.meta.url));
  const hook = { session_id: 's', cwd, hook_event_name: 'PreToolUse', tool_name: 'Write' };
  const input = use === undefined ? '' : JSON.stringify({ ...hook, ...use });
  // The first run probes the file system and compiles the matrix.
  modulesOf(bin, args, { cwd, input });
  const empty = new Set(modulesOf(join(cwd, 'empty.cjs'), [], { cwd }));
  const loaded = modulesOf(bin, args, { cwd, input });
  expect(loaded.filter((each) => !empty.has(each))).toEqual(['vm']);
});

test.each([
  ['gone', (path: string) => rmSync(path)],
  ['of another V8', (path: string) => writeFileSync(path, readFileSync(path).fill(0x5a, 0, 64))],
  ['cut off', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 1000))],
])('a bin whose compiled code is %s compiles itself, and its parts', (_, spoil) => {
  const cwd = testdir({ '.squad/ownership.yaml': '/theirs:\n  owner: bob\n  access: EXCLUSIVE\n' });
  const fast = fileURLToPath(new URL('../../dist/fast', import.meta.url));
  const copy = join(cwd, 'fast');
  cpSync(fast, copy, { recursive: true });
  for (const name of readdirSync(copy)) if (name.endsWith('.code')) spoil(join(copy, name));
  const hook = { session_id: 's', cwd, hook_event_name: 'PreToolUse', tool_name: 'Bash' };
  const input = JSON.stringify({ ...hook, tool_input: { command: 'echo x > theirs/a.ts' } });
  const refuse = (folder: string): number | null =>
    spawnSync(process.execPath, [join(folder, 'squad-guard.cjs'), 'pre-tool', '--client', 'claude'], {
      cwd,
      env: { ...process.env, AGENT_ID: 'alice' },
      input,
    }).status;
  // The first compiles the matrix, for which it loads what lies beside the real folder.
  expect(refuse(fast)).toBe(2);
  expect(refuse(copy)).toBe(2);
});
