#!/usr/bin/env node
'use strict';
// Runs the bundle beside this file with the code that V8 compiled for it earlier, if this V8 accepts it. What is not
// called here need not be compiled: each function of Node's that a program is the first to call costs it about 15 µs.
const { closeSync, openSync, readSync } = process.getBuiltinModule('node:fs');
const { Script } = process.getBuiltinModule('node:vm');

// By name; the first is this program, the others are parts of it that it loads when it needs them.
const sizes = SIZES;

function load(name, module) {
  const [sourceSize, codeSize] = sizes[name];
  const stem = `${__dirname}/${name}`;
  const filename = `${stem}.bundle.cjs`;
  // One after the other in the same memory: each page of it costs when it is first touched.
  const memory = new Uint8Array(Math.max(sourceSize, codeSize));
  // Bundles are ASCII.
  const source = Buffer.prototype.latin1Slice.call(read(filename, memory, sourceSize));
  let cachedData;
  try {
    cachedData = read(`${stem}.code`, memory, codeSize);
  } catch {
    // Not there or not whole: V8 compiles the source.
  }
  // Code from V8's store cannot import by itself (Node 20), so the loader does it.
  new Script(source, { filename, cachedData }).runInThisContext()(
    module.exports,
    require,
    module,
    filename,
    __dirname,
    (path) => import(path),
    loadPart,
  );
  return module.exports;
}

function read(path, memory, size) {
  const descriptor = openSync(path, 'r');
  const count = readSync(descriptor, memory, 0, size, 0);
  closeSync(descriptor);
  // V8 would believe a part of its code.
  if (count !== size) throw new Error(`${path} is not as it was built: install dotsquad anew`);
  return memory.subarray(0, size);
}

const parts = {};
function loadPart(name) {
  return (parts[name] ??= load(name, { exports: {} }));
}

load(PROGRAM, module);
