import { analyseShell } from '#guard';

/**
 * A command, and what it writes: relative to /r; a trailing `/` is all below a folder, `< x` a copy of x, `?` only if it is
 * there, `!` only if it is not.
 */
export type Row = readonly [command: string, ...writes: readonly string[]];

/** What a command line run in /r by ada would write, in the form of a row. */
export function writesOf(command: string): readonly string[] {
  const { writes } = analyseShell(command, { cwd: '/r', home: '/home/ada' });
  const shown = (path: string): string =>
    path === '/r' ? '.' : path.startsWith('/r/') ? path.slice(3) : path;
  return writes.map(
    ({ path, isRecursive, from, keepsExisting, onlyExisting }) =>
      shown(path) +
      (isRecursive ? '/' : '') +
      (from === undefined ? '' : ` < ${shown(from)}`) +
      (onlyExisting === true ? '?' : '') +
      (keepsExisting === true ? '!' : ''),
  );
}
