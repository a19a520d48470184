#!/usr/bin/env node
'use strict';
// Runs the bundle beside this file with the code that V8 compiled for it earlier, if this V8 accepts it. What is not
// called here need not be compiled: each function of Node's that a program is the first to call costs it about 15 µs.
const { closeSync, openSync, readSync } = process.getBuiltinModule('node:fs');
const { Script } = process.getBuiltinModule('node:vm');

const stem = __filename.slice(0, -'.cjs'.length);
const filename = `${stem}.bundle.cjs`;
const [sourceSize, codeSize] = SIZES;

// One after the other in the same memory: each page of it costs when it is first touched.
const memory = new Uint8Array(Math.max(sourceSize, codeSize));

function read(path, size) {
  const descriptor = openSync(path, 'r');
  readSync(descriptor, memory, 0, size, 0);
  closeSync(descriptor);
  return memory.subarray(0, size);
}

function readCode() {
  try {
    return read(`${stem}.code`, codeSize);
  } catch {
    // Not there: V8 compiles the source.
  }
}

// Bundles are ASCII.
const source = Buffer.prototype.latin1Slice.call(read(filename, sourceSize));

// Code from V8's store cannot import by itself (Node 20), so the loader does it.
new Script(source, { filename, cachedData: readCode() }).runInThisContext()(
  exports,
  require,
  module,
  filename,
  __dirname,
  (path) => import(path),
);
