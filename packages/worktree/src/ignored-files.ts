import { join } from 'node:path';
import { git, splitZ } from '#git';
import { hashText, type Store } from '#store';
import type { CarriedEntry, WorktreeRecord } from './record.ts';
import type { WorktreeWorld } from './world.ts';

/** Ignored files that somebody may have written: neither disposable nor an untouched copy. Folders end in `/`. */
export async function valuableIgnored(
  world: WorktreeWorld,
  record: WorktreeRecord,
): Promise<readonly string[]> {
  const args = ['ls-files', '--others', '--ignored', '--exclude-standard', '-z'];
  const ignored = splitZ(await git(args, { cwd: record.path }));
  const disposable = new Set(world.settings.disposable);
  const carried = untouchedCarried(world.store, record);
  return ignored.filter(
    (path) => !carried.has(path) && !path.split('/').some((segment) => disposable.has(segment)),
  );
}

/** Carried entries that are still what they were when they were brought. */
export function untouchedCarried(store: Store, record: WorktreeRecord): ReadonlySet<string> {
  const isUntouched = (entry: CarriedEntry): boolean => {
    const path = join(record.path, entry.path);
    if (entry.how === 'link') return store.stat(path)?.kind === 'link';
    if (entry.hash === undefined) return false;
    const bytes = store.readBytes(path);
    return bytes !== undefined && hashText(bytes) === entry.hash;
  };
  return new Set(record.carried.filter(isUntouched).map(({ path }) => path));
}
