import { constants, fstatSync, readSync } from 'node:fs';
import { isSystemError } from './store.ts';

const FIRST = 64 * 1024;
const PAUSE_MS = 2;

/**
 * Everything that an open descriptor (standard input) still holds, read synchronously: a stream would load the network
 * modules, a quarter of Node's start. `undefined` when it is a terminal or other device, `too-large` past the limit.
 */
export function readDescriptor(descriptor: number, maxBytes: number): Buffer | undefined | 'too-large' {
  if ((fstatSync(descriptor).mode & constants.S_IFMT) === constants.S_IFCHR) return undefined;
  let bytes: Buffer = Buffer.allocUnsafeSlow(FIRST);
  let size = 0;
  for (;;) {
    if (size === bytes.length) bytes = enlarged(bytes, maxBytes + 1);
    const count = readSome(descriptor, bytes, size);
    if (count === 0) return bytes.subarray(0, size);
    size += count;
    if (size > maxBytes) return 'too-large';
  }
}

// Memory costs when it is first touched, so room that stays empty is free and a copy is not.
function enlarged(bytes: Buffer, most: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.min(8 * bytes.length, most));
  larger.set(bytes);
  return larger;
}

// A pipe that its other end made non-blocking answers "try again" until there is something.
function readSome(descriptor: number, bytes: Buffer, from: number): number {
  for (;;) {
    try {
      return readSync(descriptor, bytes, from, bytes.length - from, null);
    } catch (error) {
      if (isSystemError(error, 'EOF')) return 0;
      if (!isSystemError(error, 'EAGAIN')) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}
