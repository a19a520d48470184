import type { WorkItem } from './work-item.ts';

/** True for a log that everyone only adds an entry to, so that entries can be files of their own until it is put together. */
export function isEntryLog(path: string): boolean {
  return /(?:^|\/)(?:CHANGELOG|CHANGES|HISTORY|NEWS|RELEASE[-_]?NOTES)(?:\.(?:md|txt|rst))?$/iu.test(path);
}

/** The logs that several tasks add to. */
export function sharedLogs(items: readonly WorkItem[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { writes } of items)
    for (const path of new Set(writes.map((file) => file.path).filter(isEntryLog)))
      counts.set(path, (counts.get(path) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count > 1).map(([path]) => path));
}

/** The folder of a log's fragments. */
export function fragmentFolder(path: string): string {
  return `${path}.d/`;
}

/** The fragment that a task of an agent writes in place of the log. */
export function fragmentOf(path: string, agent: string, task: string): string {
  const extension = /\.\w+$/u.exec(path)?.[0] ?? '.md';
  return `${fragmentFolder(path)}${agent}-${task.replaceAll(/[^\w.-]+/gu, '-')}${extension}`;
}
