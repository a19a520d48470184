import { areaOfPath, areaOfText, type Area } from './area.ts';
import type { Block, Outline, Section } from './outline.ts';
import { findPaths } from './path-mention.ts';
import { addPaths, flatten } from './task-text.ts';
import type { TaskDraft } from './task-draft.ts';
import { areaOfLabel } from './requirement-area.ts';
import { commonWords, wordsOf } from './word-match.ts';
import { captions } from './caption.ts';

const LISTS =
  /\b(?:files? to (?:create|modify|change|edit|update)|relevant files|affected files|new files|key files|files affected|files)\b/iu;

/** True for a list of files that are written; "Files NOT to modify" and "Files outside scope" are none. */
function isFileList(title: string): boolean {
  return (
    LISTS.test(title) &&
    !/\bnot\b|\bn['’]t\b|\bunchanged\b|\buntouched\b|\bout(?:side|\s+of)\b|\bread[- ]only\b/iu.test(title)
  );
}

/** A path that a list of the document names, and words about it. */
interface ListedFile {
  readonly path: string;
  readonly words: ReadonlySet<string>;
  readonly label: string;
  /** The area that the headings above the list name. */
  readonly area: Area | undefined;
}

function sectionArea(path: readonly string[]): Area | undefined {
  return path.map(areaOfLabel).findLast((area) => area !== undefined);
}

/** Gives tasks without files the entries of "Files to Create" and "Relevant Files" lists that share most words with them. */
export function readSectionFiles(outline: Outline, drafts: readonly TaskDraft[]): void {
  const files = outline.sections.flatMap(listedFiles);
  if (files.length === 0 || files.length * drafts.length > 4_000_000) return;
  const named = new Set(drafts.flatMap((draft) => draft.writes.map((write) => write.path)));
  const free = files.filter((file) => !named.has(file.path));
  for (const draft of drafts) {
    if (draft.writes.length > 0 || draft.kind !== 'task') continue;
    const isTest = /\btests?\b/iu.test(draft.title);
    const words = wordsOf(draft.title);
    const about = areaOfText(draft.title)?.area;
    let [best, score] = [undefined as ListedFile | undefined, 0];
    const area = sectionArea(draft.section);
    for (const file of free) {
      if (area !== undefined && file.area !== undefined && area !== file.area) continue;
      if (isTest && areaOfPath(file.path) !== 'tests') continue;
      const common = commonWords(words, file.words);
      const points = common === 0 ? 0 : common + (areaOfPath(file.path) === about ? 0.5 : 0);
      if (points > score) [best, score] = [file, points];
    }
    if (best !== undefined && score >= 1)
      addPaths(draft, mentionOf(best), {
        rung: 5,
        why: `"${best.label}" lists it and shares words with the task`,
        isVerify: false,
      });
  }
}

function mentionOf(file: ListedFile): ReturnType<typeof findPaths> {
  return [
    {
      path: file.path,
      symbol: undefined,
      role: 'write',
      mode: /create|new/iu.test(file.label) ? 'create' : 'unknown',
      start: 0,
      end: 0,
      markup: 'code',
    },
  ];
}

function listedFiles(section: Section): ListedFile[] {
  const isList = isFileList(section.title);
  const caption = captions(section);
  return section.blocks.flatMap((block) => {
    const label = isList ? section.title : listLabel(block, caption);
    if (label === undefined) return [];
    return textsOf(block, isList).flatMap((text) =>
      findPaths(text).map(({ path }) => ({
        path,
        words: wordsOf(path),
        label: label.replace(/[*:]/gu, ''),
        area: sectionArea(section.path),
      })),
    );
  });
}

function listLabel(block: Block, caption: ReadonlyMap<Block, string>): string | undefined {
  if (block.kind !== 'item') return undefined;
  const above = caption.get(block);
  if (above !== undefined && isFileList(above)) return above;
  return isFileList(block.text) && block.children.length > 0 ? block.text : undefined;
}

function textsOf(block: Block, isList: boolean): string[] {
  if (block.kind === 'item')
    return [...(isList || block.children.length === 0 ? [block] : []), ...flatten(block.children)].map(
      (item) => item.text,
    );
  if (block.kind === 'table') return block.rows.map((row) => row.cells.join(' | '));
  return block.kind === 'fence' ? [] : [block.text];
}
