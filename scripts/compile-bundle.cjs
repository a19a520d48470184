'use strict';
// Runs a bundle through its commonest commands in a throw-away folder and keeps what V8 compiled on the way. What only the
// first command in a repository does is done before by processes of their own: each 10 kB of code costs every start
// 0.2 % (measured). What goes wrong is told on descriptor 3, because what the commands say is thrown away.
const { execFileSync } = require('node:child_process');
const {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} = require('node:fs');
const { tmpdir } = require('node:os');
const { basename, dirname, join, resolve } = require('node:path');
const { pathToFileURL } = require('node:url');
const { Script } = require('node:vm');

const stem = process.argv[2];
const folderOfBundles = dirname(stem);
// By name: the program, and the parts that its commands loaded.
const scripts = new Map();
const MAX_TURNS = 100_000;

const LOCK_FIRST = [
  [['acquire', 'a.ts'], 0],
  [['release', 'a.ts'], 0],
];
const LOCK_COMMANDS = [
  [['acquire', 'a.ts'], 0],
  [['acquire', 'a.ts', '--agent', 'other'], 3],
  [['verify', 'a.ts'], 0],
  [['renew'], 0],
  [['release', 'a.ts'], 0],
  [['list'], 0],
];

const hook = (event, name, tool, extra) => [[event, '--client', 'claude'], 0, hookInput(name, tool, extra)];
const hookInput = (name, tool, extra = {}) => ({
  session_id: 'session-1',
  cwd: '.',
  hook_event_name: name,
  ...(tool === undefined ? {} : { tool_name: tool[0], tool_input: tool[1], tool_use_id: 't' }),
  ...extra,
});
const edit = (file_path) => ['Edit', { file_path, old_string: 'a', new_string: 'b' }];
// It reads the matrix from its YAML; the others read what was made of that.
const GUARD_FIRST = [hook('pre-tool', 'PreToolUse', edit('shared/a.ts'))];
const GUARD_COMMANDS = [
  // Twice: a lease is taken, then renewed.
  hook('pre-tool', 'PreToolUse', edit('shared/b.ts')),
  hook('pre-tool', 'PreToolUse', edit('shared/b.ts')),
  hook('pre-tool', 'PreToolUse', ['Bash', { command: 'npm test && git status > shared/c.txt' }]),
  hook('pre-tool', 'PreToolUse', ['Bash', { command: "find shared -name '*.o' -delete" }]),
  [['pre-tool', '--client', 'claude'], 2, hookInput('PreToolUse', edit('theirs/a.ts'))],
  [['pre-tool', '--client', 'codex'], 2, hookInput('PreToolUse', edit('theirs/a.ts'))],
  [
    ['pre-tool', '--client', 'gemini'],
    0,
    hookInput('BeforeTool', ['write_file', { file_path: 'theirs/a.ts' }]),
  ],
  hook('post-tool', 'PostToolUse', edit('shared/a.ts'), { tool_response: {} }),
  hook('prompt', 'PostToolBatch'),
];
const MATRIX =
  '/theirs:\n  owner: other\n  access: EXCLUSIVE\n/shared:\n  owner: NONE\n  access: SEQUENTIAL\n';

const textOf = (input) => (input === undefined ? '' : JSON.stringify({ ...input, cwd: process.cwd() }));

/** Runs one command line in a process of its own, whose code is not kept. */
function runApart(words, input) {
  execFileSync(process.execPath, [`${stem}.cjs`, ...words], { input: textOf(input) });
}

/** Runs one command line in this process, with the input as its standard input. */
async function run(words, expected, input) {
  const stdin = join(process.cwd(), '.squad', 'stdin');
  writeFileSync(stdin, textOf(input));
  closeSync(0);
  if (openSync(stdin, 'r') !== 0) throw new Error('the lowest descriptor is not the next');
  process.argv = [process.execPath, `${stem}.cjs`, ...words];
  process.exitCode = undefined;
  load(basename(stem));
  for (let turn = 0; process.exitCode === undefined && turn < MAX_TURNS; turn += 1)
    await new Promise((resolve) => setImmediate(resolve));
  if (process.exitCode === expected) return;
  throw new Error(`${words.join(' ')} ended with ${process.exitCode} instead of ${expected}`);
}

// As the loader does it, with the scripts kept.
function load(name) {
  const filename = `${folderOfBundles}/${name}.bundle.cjs`;
  if (!scripts.has(name)) scripts.set(name, new Script(readFileSync(filename).latin1Slice(), { filename }));
  const own = { exports: {} };
  const run = scripts.get(name).runInThisContext();
  run(own.exports, require, own, filename, folderOfBundles, importBeside, load);
  return own.exports;
}

// As the loader would import it: beside the bundle, not beside this script.
function importBeside(path) {
  return import(path.startsWith('.') ? pathToFileURL(resolve(folderOfBundles, path)).href : path);
}

// A program ends the process when it is done.
process.exit = () => {};

async function warm() {
  const folder = mkdtempSync(join(tmpdir(), 'dotsquad-build-'));
  try {
    mkdirSync(join(folder, '.git'));
    mkdirSync(join(folder, '.squad'));
    mkdirSync(join(folder, 'shared'));
    writeFileSync(join(folder, '.squad', 'ownership.yaml'), MATRIX);
    for (const file of ['a.ts', 'shared/a.ts', 'shared/b.ts']) writeFileSync(join(folder, file), 'a');
    process.chdir(folder);
    process.env.AGENT_ID = 'agent-1';
    const isLock = stem.endsWith('squad-lock');
    for (const [words, , input] of isLock ? LOCK_FIRST : GUARD_FIRST) runApart(words, input);
    const commands = isLock ? LOCK_COMMANDS : GUARD_COMMANDS;
    for (const [words, expected, input] of commands) await run(words, expected, input);
    for (const [name, script] of scripts)
      writeFileSync(join(folderOfBundles, `${name}.code`), script.createCachedData());
    process.exitCode = 0;
  } finally {
    process.chdir(tmpdir());
    rmSync(folder, { recursive: true, force: true });
  }
}

warm().catch((error) => {
  writeSync(3, `${error.stack}\n`);
  process.exitCode = 1;
});
