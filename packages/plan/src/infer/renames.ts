import type { SourceDocument } from '../model.ts';
import type { Commit } from './evidence.ts';

/** Where a file went. */
export interface Rename {
  readonly to: string;
  /** Abbreviated hash. */
  readonly commit: string;
  /** How much of the text stayed, in percent, as git measures it. */
  readonly similarity: number;
}

const MOST_PATHS = 50;

/** Paths that tasks are to change and that are not tracked. */
export function missingPaths(document: SourceDocument, tracked: ReadonlySet<string>): readonly string[] {
  const paths = document.tasks.flatMap(({ writes, status }) =>
    status === 'done'
      ? []
      : writes
          .filter(({ path, mode }) => mode !== 'create' && !tracked.has(path) && !/[*?{]|\/$/u.test(path))
          .map(({ path }) => path),
  );
  return [...new Set(paths)].slice(0, MOST_PATHS);
}

/** The newest of the commits that touched a path; for a path that is no longer there, the one in which it went. */
export function lastTouched(path: string, commits: readonly Commit[]): string | undefined {
  return commits.find(({ files }) => files.some((file) => file.path === path))?.hash;
}

/** Arguments of the one `git log` through the whole history that {@link parseRemovals} reads. */
export function removalArguments(paths: readonly string[]): readonly string[] {
  const log = [
    'log',
    '--no-merges',
    '--no-renames',
    '--diff-filter=D',
    '-z',
    '--name-only',
    '--format=%x01%H',
  ];
  return ['--literal-pathspecs', ...log, '--', ...paths];
}

/** By path the newest commit that removed it. */
export function parseRemovals(text: string): ReadonlyMap<string, string> {
  const removals = new Map<string, string>();
  for (const commit of text.split('\u0001').slice(1)) {
    const [hash = '', ...files] = commit.split(/\0\n?/u);
    for (const file of files) if (file !== '' && !removals.has(file)) removals.set(file, hash);
  }
  return removals;
}

/** Arguments of the `git diff-tree` that {@link parseRenames} reads. */
export function renameArguments(commit: string): readonly string[] {
  return ['diff-tree', '-r', '-M', '-z', '--diff-filter=R', '--name-status', '--no-commit-id', commit];
}

/** Reads `git diff-tree -z --name-status`: renames of one commit by the former path. */
export function parseRenames(text: string, commit: string): ReadonlyMap<string, Rename> {
  const fields = text.split('\0');
  const renames = new Map<string, Rename>();
  for (let index = 0; index + 2 < fields.length; index += 3) {
    const similarity = Number(/^R(\d+)$/u.exec(fields[index] ?? '')?.[1] ?? 0);
    renames.set(fields[index + 1] ?? '', {
      to: fields[index + 2] ?? '',
      commit: commit.slice(0, 7),
      similarity,
    });
  }
  return renames;
}
