import type { FileRef, SourceDocument, SourceTask } from '../model.ts';
import { areaNamed, areaOfText, type Area } from '../read/area.ts';
import { areaOfLabel } from '../read/requirement-area.ts';
import { commonWords, wordsOf } from '../read/word-match.ts';
import { createAreaFolders, type AreaFolder } from './area-folder.ts';
import type { OwnedFolder } from './code-owners.ts';
import { stemOf, type FileIndex } from './evidence.ts';
import type { Rename } from './renames.ts';
import { resolvePath } from './resolve-path.ts';

/** Fills in what each task writes: paths against the tree, then names of tracked files in its text, then the folder of its area. */
export function inferWrites(
  document: SourceDocument,
  index: FileIndex,
  known: {
    readonly owned: readonly OwnedFolder[];
    readonly renames: ReadonlyMap<string, Rename>;
  },
): readonly SourceTask[] {
  const folderOf = createAreaFolders(index, known.owned);
  const requirements = document.areas.map(({ area, why }) => ({ area, words: wordsOf(why) }));
  return document.tasks.map((task) => {
    const written = uniquePaths(task.writes.flatMap((ref) => resolvePath(ref, index, known.renames)));
    if (written.length > 0 || task.kind !== 'task')
      return { ...task, writes: written, skills: withArea(task, requirements) };
    const named = namedFiles(task, index);
    const skills = withArea(task, requirements);
    return { ...task, skills, writes: named.length > 0 ? named : areaWrites(task, requirements, folderOf) };
  });
}

interface RequirementArea {
  readonly area: string;
  readonly words: ReadonlySet<string>;
}

/** The area of a task: its section's, else its own words', else the requirement that shares words with it. */
export function areaOfTask(
  task: SourceTask,
  requirements: readonly RequirementArea[],
): { area: Area; why: string } | undefined {
  for (const title of task.section.toReversed()) {
    const area = areaOfLabel(title);
    if (area !== undefined) return { area, why: `the section "${title}" names ${area}` };
  }
  const byWords = areaOfText(task.title) ?? areaOfText(task.detail);
  if (byWords !== undefined)
    return { area: byWords.area, why: `"${byWords.words.join('", "')}" speaks of ${byWords.area}` };
  const words = wordsOf(task.title);
  const best = requirements
    .map(({ area, words: theirs }) => ({ area, common: commonWords(words, theirs) }))
    .sort((a, b) => b.common - a.common)[0];
  const area = best !== undefined && best.common > 0 ? areaNamed(best.area) : undefined;
  return area === undefined ? undefined : { area, why: `shares words with the ${area} requirement` };
}

function withArea(task: SourceTask, requirements: readonly RequirementArea[]): readonly string[] {
  if (task.skills.length > 0) return task.skills;
  const found = areaOfTask(task, requirements);
  return found === undefined ? [] : [found.area];
}

function areaWrites(
  task: SourceTask,
  requirements: readonly RequirementArea[],
  folderOf: (area: Area) => AreaFolder,
): readonly FileRef[] {
  const found = areaOfTask(task, requirements);
  if (found === undefined) return [];
  const { folder, why } = folderOf(found.area);
  return [{ path: folder, mode: 'unknown', rung: 8, why: `${found.why}; ${why}` }];
}

/** Tracked files whose name is an identifier in the text, as `UserMenu` is `UserMenu.tsx`; words of prose count only together. */
function namedFiles(task: SourceTask, index: FileIndex): readonly FileRef[] {
  const text = `${task.title}\n${task.detail}`.slice(0, 4000);
  const names = new Set(
    text.match(
      /\b(?:[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+|[a-z][a-z0-9]+(?:[A-Z][a-z0-9]*)+|[a-z][a-z0-9]+(?:[-_][a-z0-9]+)+)\b/gu,
    ) ?? [],
  );
  const found: FileRef[] = [];
  for (const name of names) {
    const paths = (index.byStem.get(stemOf(`${name}.x`)) ?? []).filter(
      (path) => !/[._-](?:test|spec|stories)\./u.test(path),
    );
    if (paths.length === 0 || paths.length > 4) continue;
    const rung = paths.length === 1 ? 3 : 4;
    for (const path of paths)
      found.push({
        path,
        mode: 'modify',
        rung,
        why: `the text names ${name}${paths.length > 1 ? `, as ${paths.length} tracked files are called` : ''}`,
      });
  }
  return uniquePaths(found);
}

function uniquePaths(refs: readonly FileRef[]): readonly FileRef[] {
  const byPath = new Map<string, FileRef>();
  for (const ref of refs) {
    const known = byPath.get(ref.path);
    if (known === undefined || known.rung > ref.rung) byPath.set(ref.path, ref);
  }
  return [...byPath.values()];
}
