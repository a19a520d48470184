import { closeSync, openSync, readSync } from 'node:fs';

const BLOCK = 256;
let block: Uint8Array = new Uint8Array(0);

/**
 * Random bytes of the operating system. Read from the kernel's device where there is one, because loading `node:crypto`
 * costs a twentieth of the start of a fast program; from `node:crypto` elsewhere.
 */
export function randomBytes(size: number): Uint8Array {
  if (size > BLOCK) return fromCrypto(size);
  if (block.length < size) block = fromDevice() ?? fromCrypto(BLOCK);
  const bytes = block.subarray(0, size);
  block = block.subarray(size);
  return bytes;
}

function fromDevice(): Uint8Array | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync('/dev/urandom', 'r');
    const bytes = new Uint8Array(BLOCK);
    return readSync(descriptor, bytes, 0, BLOCK, null) === BLOCK ? bytes : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function fromCrypto(size: number): Uint8Array {
  return process.getBuiltinModule('node:crypto').randomBytes(size);
}
