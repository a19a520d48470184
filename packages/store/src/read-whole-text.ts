import * as nodeFs from 'node:fs';

/**
 * The text of a file. By a descriptor of our own: given a path, Node itself ends the process when the system refuses to close
 * what was read.
 */
export function readWholeText(
  path: string,
  fs: Pick<typeof nodeFs, 'closeSync' | 'openSync' | 'readFileSync'> = nodeFs,
): string {
  const descriptor = fs.openSync(path, 'r');
  try {
    return fs.readFileSync(descriptor, 'utf8');
  } finally {
    fs.closeSync(descriptor);
  }
}
