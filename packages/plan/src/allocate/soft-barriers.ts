import type { SourceDocument, Stage } from '../model.ts';
import type { WorkItem } from '../work/work-item.ts';
import type { TaskEdge } from './task-graph.ts';

/**
 * Whether phases wait for one another: each for the whole one before (`strict`); only for set-up and foundations, and where both work in
 * one folder (`soft`); not at all (`off`).
 */
export type Barriers = 'strict' | 'soft' | 'off';

const FOUNDATION =
  /\b(?:set-?up|foundations?|foundational|prerequisites?|scaffold(?:ing)?|infrastructure|bootstrap|project structure)\b|基盤|セットアップ|准备|基础/iu;

/** The stage with its barrier as far as it is to bind. */
export function withBarrier(stage: Stage, barriers: Barriers): Stage {
  if (barriers === 'strict') return stage;
  return { ...stage, isBarrier: barriers === 'soft' && stage.isBarrier && FOUNDATION.test(stage.name) };
}

// As edges a large phase would be the square of its tasks; the last of a folder say enough.
const MOST_EDGES = 50;

/** For each task of a phase the tasks of the last earlier phase that write in one of its folders; all of the phase before where it names no file. */
export function folderHints(document: SourceDocument, items: readonly WorkItem[]): readonly TaskEdge[] {
  const placeOf = new Map(items.map(({ id }, place) => [id, place]));
  const latest = new Map<string, readonly number[]>();
  let before: readonly number[] = [];
  const edges: TaskEdge[] = [];
  for (const { name, taskIds } of document.stages) {
    const tasks = taskIds.flatMap((id) => placeOf.get(id) ?? []);
    for (const after of tasks) edges.push(...hintsFor(after, items, { latest, before, name }));
    for (const [folder, own] of byFolder(tasks, items)) latest.set(folder, own);
    if (tasks.length > 0) before = tasks;
  }
  return edges;
}

interface Earlier {
  readonly latest: ReadonlyMap<string, readonly number[]>;
  readonly before: readonly number[];
  readonly name: string;
}

function hintsFor(after: number, items: readonly WorkItem[], { latest, before, name }: Earlier): TaskEdge[] {
  const folders = foldersOf(items[after]);
  const found = folders.length === 0 ? before : folders.flatMap((folder) => latest.get(folder) ?? []);
  const why =
    folders.length === 0
      ? `"${name}" comes after it, and no file says that they are apart`
      : `"${name}" comes after it, and both work in ${folders[0] ?? ''}`;
  return [...new Set(found)]
    .slice(-MOST_EDGES)
    .map((each) => ({ before: each, after, reason: 'barrier' as const, why }));
}

function byFolder(tasks: readonly number[], items: readonly WorkItem[]): ReadonlyMap<string, number[]> {
  const found = new Map<string, number[]>();
  for (const task of tasks) {
    for (const folder of foldersOf(items[task])) {
      const list = found.get(folder);
      if (list === undefined) found.set(folder, [task]);
      else list.push(task);
    }
  }
  return found;
}

function foldersOf(item: WorkItem | undefined): readonly string[] {
  const paths = item?.writes.map(({ path }) => path) ?? [];
  return [...new Set(paths.map((path) => path.slice(0, path.lastIndexOf('/') + 1)))];
}
