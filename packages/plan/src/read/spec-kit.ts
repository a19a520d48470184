import type { SourceInput } from '../model.ts';
import type { Reader } from './reader.ts';
import type { DraftStage, Findings } from './finish.ts';
import { bodyStart } from './front-matter-text.ts';
import { headingTasks } from './heading-task.ts';
import { itemTask, splitTaskLine } from './item-task.ts';
import { readOutline, type Item, type Outline, type Paragraph, type Section } from './outline.ts';
import { featureOf } from './prd.ts';
import { sectionKindOf } from './section-kind.ts';
import { readSectionFiles } from './section-files.ts';
import { readSectionOrder } from './section-order.ts';
import { phaseStages } from './phase-order.ts';
import type { TaskDraft } from './task-draft.ts';
import { addWorkPackages, packageOf } from './work-package.ts';

const TASK_ID = /^(?:✅|☑|✔|✓|⬜|🔲|☐|\uFE0F|\s|\*\*|~~|\[|`)*(?:T|B|CO|TASK-?|T-)\d{2,5}[a-z]?\b/u;
const BOXED_ID = /^\s*[-*+]\s+\[[ xX~!/>-]?\]\s*(?:✅|\s|\*\*|~~|\[|`)*(?:T|B|CO|TASK-?|T-)\d{2,5}[a-z]?\b/mu;

/** GitHub spec-kit's `tasks.md` and spec-kitty's, whose ids begin anew in every work package. */
export const specKitReader: Reader = {
  format: 'spec-kit',
  recognises: (input) => {
    if (/^#{2,4}\s.*\bWP\d{2}/mu.test(input.text) && /^T\d{3}\s+\S/mu.test(input.text))
      return 'work packages with tasks like T001';
    const heads = input.text.match(/^#{2,6}\s+(?:\[[ xX]\]\s*)?T\d{3}/gmu)?.length ?? 0;
    if (!BOXED_ID.test(input.text) && heads === 0) return undefined;
    if (heads > 1) return 'headings with ids like T001';
    const boxes = input.text.match(/^\s*[-*+]\s+\[[ xX~!/>-]?\]\s/gmu)?.length ?? 0;
    const ids = input.text.match(new RegExp(BOXED_ID, 'gmu'))?.length ?? 0;
    return ids >= boxes * 0.3 ? 'task boxes with ids like T001' : undefined;
  },
  read: readSpecKit,
};

function readSpecKit(input: SourceInput): Findings {
  const outline = readOutline(input.text, bodyStart(input.text));
  const headed = headingTasks(outline, /^(?:T|TASK-?)\d{2,5}[a-z]?\b/u);
  const drafts = [...headed, ...boxTasks(outline, headed), ...lineTasks(outline)].sort(
    (a, b) => a.line - b.line,
  );
  addWorkPackages(outline, drafts);
  readSectionOrder(outline, drafts);
  readSectionFiles(outline, drafts);
  return {
    input,
    format: 'spec-kit',
    formatWhy: '',
    feature: featureOf(outline, input.path),
    drafts,
    outline,
    stages: stagesOf(outline, drafts),
    reasons: new Map(
      outline.items.filter(isParallelNote).map((item) => [item.line, 'it speaks about tasks']),
    ),
  };
}

function stagesOf(outline: Outline, drafts: readonly TaskDraft[]): readonly DraftStage[] {
  return drafts.some((draft) => packageOf(draft.section) !== undefined) ? [] : phaseStages(outline, drafts);
}

function isParallelNote(item: Item): boolean {
  return item.box === undefined && TASK_ID.test(item.text);
}

/** Boxes with an id; boxes without one where they stand among them; plain items with an id where no box has one. */
function boxTasks(outline: Outline, headed: readonly TaskDraft[]): TaskDraft[] {
  const isInHeaded = (item: Item): boolean =>
    headed.some((draft) => draft.line < item.line && item.line <= draft.endLine);
  const withId = outline.items.filter((item) => TASK_ID.test(item.text));
  const boxed = withId.filter((item) => item.box !== undefined);
  const lists = new Set(boxed.map((item) => item.parent ?? item.section));
  const isTask = (item: Item): boolean => {
    if (boxed.length === 0) return !ASIDE.has(sectionKindOf(item.section));
    return (
      item.box !== undefined || (lists.has(item.parent ?? item.section) && !SPEAKS_OF_ORDER.test(item.text))
    );
  };
  const taken = new Set(withId.filter(isTask));
  const others = outline.items.filter(
    (item) => item.box !== undefined && !taken.has(item) && isAmongTasks(item, taken),
  );
  for (const item of others) taken.add(item);
  return outline.items
    .filter((item) => taken.has(item) && (TASK_ID.test(item.text) || !isInHeaded(item)))
    .map((item) => specKitTask(item, taken));
}

/** spec-kitty's packages may list their tasks as bare lines, `T001 Create … (WP01)`. */
function lineTasks(outline: Outline): TaskDraft[] {
  return outline.sections
    .filter(({ title, path }) => /\bsub-?tasks\b/iu.test(title) && packageOf(path) !== undefined)
    .flatMap((section) =>
      section.blocks.flatMap((block) =>
        block.kind === 'paragraph' && TASK_ID.test(block.text)
          ? [specKitTask(itemOf(block, section), new Set())]
          : [],
      ),
    );
}

function itemOf({ text, line, endLine }: Paragraph, section: Section): Item {
  const place = {
    indent: 0,
    marker: '-',
    box: undefined,
    isStarred: false,
    line,
    column: 1,
    endLine,
    section,
  };
  return { kind: 'item', ...place, text, parent: undefined, children: [], notes: [] };
}

const ASIDE: ReadonlySet<string> = new Set(['dependencies', 'examples', 'notes', 'risks']);

// A task that someone left without a box beside boxed ones is none when it says "T001 before T002".
const SPEAKS_OF_ORDER = /^.{0,80}\b(?:parallel|before|after|first|can run)\b/iu;

function isAmongTasks(item: Item, taken: ReadonlySet<Item>): boolean {
  const kind = sectionKindOf(item.section);
  if (kind === 'criteria' || kind === 'risks' || kind === 'examples' || kind === 'notes') return false;
  for (let at = item.parent; at !== undefined; at = at.parent) if (taken.has(at)) return false;
  return item.section.blocks.some(
    (block) => block.kind === 'item' && taken.has(block) && TASK_ID.test(block.text),
  );
}

function specKitTask(item: Item, taken: ReadonlySet<Item>): TaskDraft {
  const hasInner = item.children.some((child) => taken.has(child));
  const draft = itemTask(item, {
    hasParallelMark: true,
    withChildren: !hasInner,
    qualifier: packageOf(item.section.path) ?? item.section.title,
  });
  const story = splitTaskLine(item.text).flags.find((flag) => /US\d+/u.test(flag));
  if (story !== undefined) draft.detail.push(`Story ${story}`);
  return draft;
}
