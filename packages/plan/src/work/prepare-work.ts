import type { FileRef, SourceDocument, SourceTask } from '../model.ts';
import { areaNamed, areaOfPath, areaOfText, type Area } from '../read/area.ts';
import type { WorkItem, WrittenFile } from './work-item.ts';

const DEFAULT_MINUTES = 120;

/** Minutes that a task is planned with. */
export function minutesOf({ estimate }: SourceTask): number {
  return estimate === undefined ? DEFAULT_MINUTES : Math.max(1, Math.round(estimate.minutes));
}

/** Decides mode of files, area and minutes of every task that is still to be done. */
export function prepareWork(document: SourceDocument, trackedFiles: readonly string[]): readonly WorkItem[] {
  const tracked = new Set(trackedFiles.flatMap(withFolders));
  const open = document.tasks.filter(({ status }) => status === 'todo' || status === 'doing');
  return open.map((task) => ({
    source: task,
    id: task.id,
    title: task.title,
    ...decideMinutes(task),
    writes: task.writes.map((file) => decideMode(file, tracked)),
    reads: task.reads,
    ...decideArea(task),
  }));
}

/** A path and the folders it lies in. */
function withFolders(path: string): readonly string[] {
  const folders = [path];
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1))
    folders.push(path.slice(0, slash + 1));
  return folders;
}

function decideArea(task: SourceTask): { readonly area: Area | undefined; readonly areaWhy: string } {
  const skill = task.skills.map((name) => areaNamed(name)).find((area) => area !== undefined);
  for (const { path } of task.writes) {
    const area = areaOfPath(path);
    if (area !== undefined)
      return { area: area === 'shared' ? (skill ?? area) : area, areaWhy: `it writes ${path}` };
  }
  if (skill !== undefined) return { area: skill, areaWhy: 'its words and section' };
  const words = areaOfText(`${task.title} ${task.section.join(' ')}`);
  if (words === undefined) return { area: undefined, areaWhy: 'nothing in the text names an area' };
  return { area: words.area, areaWhy: `"${words.words.join('", "')}"` };
}

function decideMode(file: FileRef, tracked: ReadonlySet<string>): WrittenFile {
  const { path, rung, symbols, symbolLines } = file;
  const lines = symbolLines === undefined ? {} : { symbolLines };
  const parts = symbols === undefined ? {} : { symbols, ...lines };
  const why = symbols === undefined ? file.why : `${file.why}; only ${symbols.join(', ')}`;
  if (file.mode === 'create') return { path, mode: 'create', rung, why, ...parts };
  const isThere = file.mode !== 'unknown' || tracked.has(path) || /[*?{]/u.test(path);
  return { path, mode: isThere ? 'modify' : 'create', rung, why, ...parts };
}

function decideMinutes(task: SourceTask): Pick<WorkItem, 'minutes' | 'minutesWhy' | 'isEstimated'> {
  const { estimate } = task;
  if (estimate === undefined)
    return {
      minutes: minutesOf(task),
      minutesWhy: 'no estimate; a task takes two hours',
      isEstimated: false,
    };
  return {
    minutes: minutesOf(task),
    minutesWhy: estimate.why,
    isEstimated: estimate.reason !== 'default',
  };
}
