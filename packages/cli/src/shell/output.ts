import { writeSync } from 'node:fs';
import { isSystemError } from '#store';

/** Where a program prints. */
export interface Output {
  readonly write: (text: string) => unknown;
  /** Something was left to a stream, which may still hold it. */
  readonly isBehind?: boolean;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * Standard output or standard error, written synchronously. Node's own stream is made only where it is needed (a width
 * is asked for, or a reader lags), because making it costs a fast program a tenth of its start.
 */
export function descriptorOutput(descriptor: 1 | 2): Output {
  // `node:tty` loads the network modules, so it too is only loaded when it is asked for.
  const isTerminal = (): boolean => process.getBuiltinModule('node:tty').isatty(descriptor);
  const stream = (): NodeJS.WriteStream => (descriptor === 1 ? process.stdout : process.stderr);
  let isBehind = false;
  return {
    get isBehind() {
      return isBehind;
    },
    get isTTY() {
      return isTerminal();
    },
    get columns() {
      return isTerminal() ? stream().columns : 80;
    },
    write(text) {
      const rest = writeNow(descriptor, text);
      if (rest === undefined) return;
      isBehind = true;
      stream().write(rest);
    },
  };
}

// What a full pipe did not take at once is handed to the stream; a reader that has gone is nobody's failure.
function writeNow(descriptor: number, text: string): Uint8Array | undefined {
  let written = 0;
  try {
    written = writeSync(descriptor, text);
    if (written === Buffer.byteLength(text)) return undefined;
    const bytes = Buffer.from(text);
    while (written < bytes.length) written += writeSync(descriptor, bytes, written);
  } catch (error) {
    if (isSystemError(error, 'EPIPE')) return undefined;
    if (!isSystemError(error, 'EAGAIN')) throw error;
    return Buffer.from(text).subarray(written);
  }
  return undefined;
}
