import { constants, fstatSync, readSync } from 'node:fs';
import { isSystemError } from './store.ts';

const FIRST = 64 * 1024;
const PAUSE_MS = 2;

/** What a descriptor held, or why it was not read. */
export type DescriptorReading =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'device' }
  | { readonly kind: 'too-large' };

/**
 * Everything that an open descriptor (standard input) still holds as UTF-8 text, read synchronously: a stream would load
 * the network modules, a quarter of Node's start. A terminal or other device is not read.
 */
export function readDescriptor(descriptor: number, maxBytes: number): DescriptorReading {
  if ((fstatSync(descriptor).mode & constants.S_IFMT) === constants.S_IFCHR) return { kind: 'device' };
  let bytes: Buffer = Buffer.allocUnsafeSlow(FIRST);
  let size = 0;
  for (;;) {
    if (size === bytes.length) bytes = enlarged(bytes, maxBytes + 1);
    const count = readSome(descriptor, bytes, size);
    if (count === 0) return { kind: 'text', text: bytes.toString(undefined, 0, size) };
    size += count;
    if (size > maxBytes) return { kind: 'too-large' };
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
