#!/usr/bin/env node
'use strict';
// Runs the bundle beside this file with the code that V8 compiled for it earlier, if this V8 accepts it.
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');

const stem = __filename.replace(/\.cjs$/, '');
const filename = `${stem}.bundle.cjs`;
// Bundles are ASCII, and `toString` would first have to find out what 'latin1' means.
const source = readFileSync(filename).latin1Slice();

let cachedData;
try {
  cachedData = readFileSync(`${stem}.code`);
} catch {
  // Not there: V8 compiles the source.
}

// Code from V8's store cannot import by itself (Node 20), so the loader does it.
new Script(source, { filename, cachedData }).runInThisContext()(
  exports,
  require,
  module,
  filename,
  __dirname,
  (path) => import(path),
);
