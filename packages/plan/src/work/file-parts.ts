import type { WorkItem } from './work-item.ts';

/** Parts of a file that a task writes (`Store.get`); empty: the file as a whole. */
export function partsOf(item: WorkItem | undefined, path: string): readonly string[] {
  return item?.writes.find((write) => write.path === path)?.symbols ?? [];
}

/** A part that both write: the same one, or one inside the other; `undefined` where each keeps to its own. */
export function commonPart(a: readonly string[], b: readonly string[]): string | undefined {
  if (a.length === 0 || b.length === 0) return a[0] ?? b[0] ?? 'the whole file';
  return a.find((part) => b.some((other) => isWithin(part, other) || isWithin(other, part)));
}

function isWithin(part: string, whole: string): boolean {
  return part === whole || part.startsWith(`${whole}.`);
}

/** True where every writer of a file names its parts and no two writers share one. */
export function areApart(items: readonly WorkItem[], tasks: readonly number[], path: string): boolean {
  const parts = tasks.map((task) => partsOf(items[task], path));
  return (
    parts.every((own, index) =>
      parts.slice(0, index).every((other) => commonPart(own, other) === undefined),
    ) &&
    parts.length > 0 &&
    parts.every(({ length }) => length > 0)
  );
}
