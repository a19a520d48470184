// Made by squad-init: starts a program of the installed dotsquad package. `node dotsquad.cjs guard pre-tool`.
// Looked for in node_modules from here upwards, then in the main worktree's, then where squad-init ran from.
'use strict';
const { existsSync, readFileSync } = require('node:fs');
const { dirname, join, resolve } = require('node:path');

function mainWorktree(root) {
  try {
    const gitDir = resolve(root, /^gitdir:\s*(.+?)\s*$/m.exec(readFileSync(join(root, '.git'), 'utf8'))[1]);
    return dirname(resolve(gitDir, readFileSync(join(gitDir, 'commondir'), 'utf8').trim()));
  } catch {
    return root;
  }
}

function packageFolders() {
  const folders = [];
  for (let at = dirname(__dirname); ; at = dirname(at)) {
    folders.push(join(at, 'node_modules', 'dotsquad'));
    if (dirname(at) === at) break;
  }
  const main = mainWorktree(dirname(__dirname));
  folders.push(join(main, 'node_modules', 'dotsquad'));
  try {
    folders.push(readFileSync(join(main, '.squad', '.run', 'package.path'), 'utf8').trim());
  } catch {}
  return folders;
}

const [verb, ...args] = process.argv.slice(2);
const bin = verb === 'guard' ? 'dist/fast/squad-guard.cjs' : `dist/cli/bin/squad-${verb}.js`;
const found = packageFolders().find((folder) => existsSync(join(folder, bin)));
if (found === undefined) {
  process.stderr.write('dotsquad is not installed here, so nothing is guarded; run: npm install\n');
} else {
  const path = join(found, bin);
  process.argv = [process.argv[0], path, ...args];
  if (verb === 'guard') require(path);
  else void import(require('node:url').pathToFileURL(path).href);
}
