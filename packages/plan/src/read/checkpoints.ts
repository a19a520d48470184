import type { Checkpoint } from '../model.ts';
import { checkpointLine } from './checkpoint-line.ts';
import type { DraftStage, Findings } from './finish.ts';
import type { Block, Section } from './outline.ts';
import { readIdList } from './reference.ts';
import { sectionKindOf } from './section-kind.ts';
import type { TaskDraft } from './task-draft.ts';

/** Lines between tasks that ask for a check or a person's word, each with the tasks before and after it. */
export function checkpointsOf(
  { outline, stages = [] }: Findings,
  drafts: readonly TaskDraft[],
  idOf: ReadonlyMap<TaskDraft, string>,
): readonly Checkpoint[] {
  if (outline === undefined || drafts.length < 2) return [];
  const ids = (list: readonly TaskDraft[]): readonly string[] =>
    list.flatMap((draft) => idOf.get(draft) ?? []);
  return outline.sections.flatMap((section) =>
    linesOf(section).flatMap(({ text, line }): Checkpoint[] => {
      const found = checkpointLine(text);
      if (found === undefined || drafts.some((draft) => draft.line <= line && line <= draft.endLine))
        return [];
      const { after, before } = placeOf({ text: found.text, line }, drafts, stages);
      return after.length === 0 ? [] : [{ ...found, line, after: ids(after), before: ids(before) }];
    }),
  );
}

const ASIDE = new Set(['examples', 'risks', 'notes']);

function linesOf(section: Section): readonly { readonly text: string; readonly line: number }[] {
  if (ASIDE.has(sectionKindOf(section))) return [];
  const isLine = (block: Block): boolean =>
    block.kind === 'paragraph' || (block.kind === 'item' && block.box === undefined);
  return section.blocks
    .filter(isLine)
    .flatMap((block) => ('text' in block ? [{ text: block.text, line: block.line }] : []));
}

interface Place {
  readonly after: readonly TaskDraft[];
  readonly before: readonly TaskDraft[];
}

/** The tasks that a line names with "before" or "after"; else its phase and the next one; else what stands above and below it. */
function placeOf(
  { text, line }: { readonly text: string; readonly line: number },
  drafts: readonly TaskDraft[],
  stages: readonly DraftStage[],
): Place {
  const above = drafts.filter((draft) => draft.line < line);
  const below = drafts.filter((draft) => draft.line > line);
  const [named, awaited] = [idsAfter(/\bbefore\s+/iu, text, drafts), idsAfter(/\bafter\s+/iu, text, drafts)];
  if (named.length > 0 || awaited.length > 0) {
    const first = Math.min(...named.map((draft) => draft.line));
    const earlier = named.length === 0 ? [] : drafts.filter((draft) => draft.line < first);
    return { after: awaited.length > 0 ? awaited : earlier, before: named };
  }
  const last = above.at(-1);
  const stage = last === undefined ? -1 : stages.findIndex((each) => each.drafts.includes(last));
  const own = stages[stage];
  return own === undefined
    ? { after: above, before: below }
    : { after: own.drafts, before: stages[stage + 1]?.drafts ?? [] };
}

function idsAfter(word: RegExp, text: string, drafts: readonly TaskDraft[]): readonly TaskDraft[] {
  const match = word.exec(text);
  if (match === null) return [];
  const { targets } = readIdList(text.slice(match.index + match[0].length));
  const names = new Set(
    targets.flatMap((target) => (typeof target === 'string' ? [target.toLowerCase()] : [])),
  );
  return drafts.filter((draft, index) =>
    [draft.id ?? '', ...draft.aliases, draft.id === undefined ? String(index + 1) : ''].some((name) =>
      names.has(name.toLowerCase()),
    ),
  );
}
