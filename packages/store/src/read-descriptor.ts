import { fstatSync, readSync } from 'node:fs';
import { isSystemError } from './store.ts';

const CHUNK = 64 * 1024;
const PAUSE_MS = 2;

/**
 * Everything that an open descriptor (standard input) still holds, read synchronously: a stream would load the network
 * modules, a quarter of Node's start. `undefined` when it is a terminal or other device, `too-large` past the limit.
 */
export function readDescriptor(descriptor: number, maxBytes: number): Uint8Array | undefined | 'too-large' {
  if (fstatSync(descriptor).isCharacterDevice()) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const chunk = new Uint8Array(CHUNK);
    const count = readSome(descriptor, chunk);
    if (count === 0) return Buffer.concat(chunks, size);
    size += count;
    if (size > maxBytes) return 'too-large';
    chunks.push(chunk.subarray(0, count));
  }
}

// A pipe that its other end made non-blocking answers "try again" until there is something.
function readSome(descriptor: number, chunk: Uint8Array): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk, 0, chunk.length, null);
    } catch (error) {
      if (isSystemError(error, 'EOF')) return 0;
      if (!isSystemError(error, 'EAGAIN')) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}
