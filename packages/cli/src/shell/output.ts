import { writeSync } from 'node:fs';
import { isSystemError } from '#store';

/** Where a program prints. */
export interface Output {
  readonly write: (text: string) => unknown;
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
  return {
    get isTTY() {
      return isTerminal();
    },
    get columns() {
      return isTerminal() ? stream().columns : 80;
    },
    write(text) {
      const rest = writeNow(descriptor, Buffer.from(text, 'utf8'));
      if (rest.length > 0) stream().write(rest);
    },
  };
}

// What a full pipe did not take at once is handed to the stream; a reader that has gone is nobody's failure.
function writeNow(descriptor: number, bytes: Buffer): Buffer {
  let rest = bytes;
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest));
  } catch (error) {
    if (isSystemError(error, 'EPIPE')) return rest.subarray(rest.length);
    if (!isSystemError(error, 'EAGAIN')) throw error;
  }
  return rest;
}
