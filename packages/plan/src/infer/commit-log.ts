import type { Commit } from './evidence.ts';

/** Arguments of the `git log` that {@link parseCommitLog} reads. */
export const COMMIT_LOG_ARGUMENTS: readonly string[] = [
  '-c',
  'core.quotePath=false',
  'log',
  '--no-merges',
  '-n',
  '400',
  '--format=%x00%s%x1f%H',
  '--numstat',
  '--no-renames',
];

/** Reads `git log --format=%x00%s%x1f%H --numstat`. Binary files count no lines; commits of more than 100 files say little and are left out. */
export function parseCommitLog(text: string): readonly Commit[] {
  return text
    .split('\0')
    .slice(1)
    .map(parseCommit)
    .filter(({ files }) => files.length > 0 && files.length <= MAX_FILES);
}

const MAX_FILES = 100;

function parseCommit(block: string): Commit {
  const [head = '', ...rows] = block.split('\n');
  const [subject = '', hash] = head.split('\u001F');
  const files = rows.flatMap((row) => {
    const match = /^(\d+|-)\t(\d+|-)\t(.+)$/u.exec(row);
    if (match === null) return [];
    return [{ path: match[3] ?? '', lines: Number(match[1]) + Number(match[2]) || 0 }];
  });
  return { subject, files, ...(hash === undefined ? {} : { hash }) };
}
