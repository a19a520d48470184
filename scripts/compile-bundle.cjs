'use strict';
// Runs a bundle through its commonest commands in a throw-away folder and keeps what V8 compiled on the way.
const { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

const stem = process.argv[2];
const filename = `${stem}.bundle.cjs`;
const source = readFileSync(filename, 'utf8').replace(/^#!.*/, '');
const script = new Script(`(function(exports,require,module,__filename,__dirname,lazyImport){${source}\n})`, {
  filename,
});

const COMMANDS = stem.endsWith('squad-lock')
  ? [
      ['acquire', 'a.ts'],
      ['acquire', 'a.ts', '--agent', 'other'],
      ['verify', 'a.ts'],
      ['renew'],
      ['release', 'a.ts'],
      ['list'],
    ]
  : [['--version']];

async function warm() {
  const folder = mkdtempSync(join(tmpdir(), 'dotsquad-build-'));
  mkdirSync(join(folder, '.squad'));
  process.chdir(folder);
  process.env.AGENT_ID = 'agent-1';
  for (const command of COMMANDS) {
    process.argv = [process.execPath, filename, ...command];
    script.runInThisContext()(exports, require, module, filename, dirname(filename), (path) => import(path));
    // The program is asynchronous, but every command above ends within the microtasks of one turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  process.chdir(tmpdir());
  rmSync(folder, { recursive: true, force: true });
  writeFileSync(`${stem}.code`, script.createCachedData());
  process.exitCode = 0;
}

void warm();
