import type { Commit } from './evidence.ts';

/** Arguments of the `git log` that {@link parseCommitLog} reads. */
export const COMMIT_LOG_ARGUMENTS: readonly string[] = [
  'log',
  '--no-merges',
  '-n',
  '400',
  '--format=%x00%s',
  '--numstat',
  '--no-renames',
];

/** Reads `git log --format=%x00%s --numstat`. Binary files count no lines; commits of more than 100 files say little and are left out. */
export function parseCommitLog(text: string): readonly Commit[] {
  return text
    .split('\0')
    .slice(1)
    .map(parseCommit)
    .filter(({ files }) => files.length > 0 && files.length <= MAX_FILES);
}

const MAX_FILES = 100;

function parseCommit(block: string): Commit {
  const [subject = '', ...rows] = block.split('\n');
  const files = rows.flatMap((row) => {
    const match = /^(\d+|-)\t(\d+|-)\t(.+)$/u.exec(row);
    if (match === null) return [];
    return [{ path: match[3] ?? '', lines: Number(match[1]) + Number(match[2]) || 0 }];
  });
  return { subject, files };
}
