#!/usr/bin/env node
'use strict';
// Runs the bundle beside this file with the code that V8 compiled for it earlier, if this V8 accepts it.
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');

const stem = __filename.replace(/\.cjs$/, '');
const filename = `${stem}.bundle.cjs`;
const source = readFileSync(filename, 'utf8').replace(/^#!.*/, '');

let cachedData;
try {
  cachedData = readFileSync(`${stem}.code`);
} catch {
  // Not there: V8 compiles the source.
}

new Script(`(function(exports,require,module,__filename,__dirname,lazyImport){${source}\n})`, {
  filename,
  cachedData,
}).runInThisContext()(exports, require, module, filename, __dirname, (path) => import(path));
