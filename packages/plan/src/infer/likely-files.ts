import type { FileRef, SourceTask } from '../model.ts';
import type { CoChange } from './co-change.ts';
import type { FileIndex } from './evidence.ts';
import type { ImportGraph } from './import-graph.ts';

/** What the repository says of files that change with others. */
export interface LikelySources {
  readonly index: FileIndex;
  readonly coChange: CoChange | undefined;
  readonly history: ((task: SourceTask) => readonly FileRef[]) | undefined;
  readonly imports: ImportGraph | undefined;
}

const BARRELS = [
  'index.ts',
  'index.tsx',
  'index.js',
  '__init__.py',
  'mod.rs',
  'routes.ts',
  'routes.py',
  'urls.py',
];
const MAX_LIKELY = 6;

/** Adds to each task the files that may change too: barrels beside new files, importers of moved ones, what history couples; for a task without files what its words find in the log. */
export function addLikelyFiles(tasks: readonly SourceTask[], sources: LikelySources): readonly SourceTask[] {
  return tasks.map((task) => {
    if (task.status === 'done' || task.kind !== 'task') return task;
    const own = new Set(task.writes.map(({ path }) => path));
    const found = new Map<string, FileRef>();
    const isPlaced = task.writes.some(({ rung }) => rung < 8);
    for (const ref of isPlaced ? [] : (sources.history?.(task) ?? [])) found.set(ref.path, ref);
    for (const write of task.writes) {
      for (const ref of [
        ...barrels(write, sources.index),
        ...importers(task, write, sources.imports),
        ...(sources.coChange?.partnersOf(write.path) ?? []),
      ]) {
        if (!own.has(ref.path) && sources.index.all.has(ref.path) && !found.has(ref.path))
          found.set(ref.path, ref);
      }
    }
    return found.size === 0 ? task : { ...task, likely: [...found.values()].slice(0, MAX_LIKELY) };
  });
}

function barrels(write: FileRef, index: FileIndex): readonly FileRef[] {
  if (write.mode !== 'create' || write.path.endsWith('/')) return [];
  const folder = write.path.slice(0, write.path.lastIndexOf('/') + 1);
  return BARRELS.filter((name) => index.all.has(folder + name)).map((name) => ({
    path: folder + name,
    mode: 'modify',
    rung: 6,
    why: `lists what is in ${folder === '' ? 'its folder' : folder}, where ${write.path} is new`,
  }));
}

function importers(task: SourceTask, write: FileRef, imports: ImportGraph | undefined): readonly FileRef[] {
  const isMoved =
    write.mode === 'delete' || /\b(?:rename|move|extract|split|delete|remove)\b/iu.test(task.title);
  return isMoved && imports !== undefined && write.mode !== 'create' ? imports.importersOf(write.path) : [];
}
