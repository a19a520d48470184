import type { SourceInput } from '../model.ts';
import type { Reader } from './reader.ts';
import { captions } from './caption.ts';
import type { DraftStage, Findings } from './finish.ts';
import { bodyStart } from './front-matter-text.ts';
import { isFieldItem, itemTask, splitTaskLine } from './item-task.ts';
import { orderByMarks } from './mark-order.ts';
import { readOutline, type Item, type Outline } from './outline.ts';
import { findPaths } from './path-mention.ts';
import { featureOf } from './prd.ts';
import { kindOfCaption, sectionKindOf } from './section-kind.ts';
import { readSectionFiles } from './section-files.ts';
import { readSectionOrder } from './section-order.ts';
import { stagesBySection } from './stages.ts';
import type { TaskDraft } from './task-draft.ts';
import { addPaths } from './task-text.ts';
import { isImperative } from './verbs.ts';
import { waveStages } from './waves.ts';

const NUMBERED_BOX =
  /^\s*(?:[-*+]|\d{1,4}[.)])\s+\[[ xX~!/>-]?\]\*?\s*(?:\*\*)?\d{1,4}(?:\.\d{1,4}|[.)](?=\s)|\.(?=\*\*))/gmu;
const BOX = /^\s*(?:[-*+]|\d{1,4}[.)])\s+\[[ xX~!/>-]?\]\*?\s/gmu;

const NUMBER_THEN_BOX = /^\s*[-*+]\s+\d{1,4}(?:\.\d{1,4})+\s+\[[ xX~-]\]\s/gmu;

function isNumbered(input: SourceInput): boolean {
  if ((input.text.match(NUMBER_THEN_BOX)?.length ?? 0) > 1) return true;
  const boxes = input.text.match(BOX)?.length ?? 0;
  return boxes > 0 && (input.text.match(NUMBERED_BOX)?.length ?? 0) >= boxes * 0.5;
}

/** Kiro's and cc-sdd's `tasks.md`: numbered boxes with `_Requirements: …_`, `(P)`, waves. */
export const kiroReader: Reader = {
  format: 'kiro',
  recognises: (input) => {
    if (!isNumbered(input)) return undefined;
    if (/\.kiro\//u.test(input.path)) return 'a tasks.md below .kiro';
    return /_(?:Requirements|Boundary|Depends|需求|要件|Validates)[:：]|"waves"\s*:|^\s*[-*] \[[ x]\]\*? \d[\d.]* \(P\)/mu.test(
      input.text,
    )
      ? 'numbered boxes with requirement marks'
      : undefined;
  },
  read: (input) => withBegun(readNumbered(input, 'kiro')),
};

/** Kiro writes `[-]` into the box of the task that it works on. */
function withBegun(findings: Findings): Findings {
  for (const draft of findings.drafts) if (draft.status === 'cancelled') draft.status = 'doing';
  return findings;
}

/** ai-dev-tasks lists: `## Relevant Files`, `- [ ] 1.0 Parent`, `  - [ ] 1.1 Sub`. */
export const aiDevTasksReader: Reader = {
  format: 'ai-dev-tasks',
  recognises: (input) =>
    isNumbered(input) &&
    (/^\s*[-*] \[[ xX]\]\s*(?:\*\*)?\d+\.0\b/mu.test(input.text) ||
      /^#+ .*Relevant Files/imu.test(input.text))
      ? 'numbered boxes below "Relevant Files" or with parents like 1.0'
      : undefined,
  read: (input) => readNumbered(input, 'ai-dev-tasks'),
};

/** OpenSpec's `tasks.md`: `## 1. Group` with `- [ ] 1.1 …` or plain boxes. */
export const openSpecReader: Reader = {
  format: 'openspec',
  recognises: (input) => {
    if (/(?:^|\/)openspec\//u.test(input.path) && /\btasks\.md$/u.test(input.path))
      return 'a tasks.md below openspec';
    if (isNumbered(input)) return 'numbered boxes';
    const groups = input.text.match(/^##\s+\d{1,3}[.)]\s+\S/gmu)?.length ?? 0;
    return groups > 1 && (input.text.match(BOX)?.length ?? 0) > groups
      ? 'boxes in numbered groups'
      : undefined;
  },
  read: (input) => readNumbered(input, 'openspec'),
};

function readNumbered(input: SourceInput, format: string): Findings {
  const outline = readOutline(input.text, bodyStart(input.text));
  const { drafts, reasons } = leafTasks(outline);
  addGroupAliases(drafts);
  addHeadingFiles(drafts);
  readSectionFiles(outline, drafts);
  readSectionOrder(outline, drafts);
  const waves = waveStages(outline, drafts);
  const stages: readonly DraftStage[] = waves.length > 0 ? waves : stagesBySection(drafts);
  if (waves.length === 0) orderByMarks(drafts);
  return {
    input,
    format,
    formatWhy: '',
    feature: featureOf(outline, input.path),
    drafts,
    outline,
    reasons,
    stages,
  };
}

/** Boxes without boxes of a longer number below or after them; boxes inside a numbered leaf are part of it. */
function leafTasks(outline: Outline): { drafts: TaskDraft[]; reasons: ReadonlyMap<number, string> } {
  const boxes = outline.items.filter(isTaskBox);
  const numbers = new Map(
    boxes.map((item) => [
      item,
      /^\d/u.test(splitTaskLine(item.text).id ?? '') ? splitTaskLine(item.text).id : undefined,
    ]),
  );
  const prefixes = new Set([...numbers.values()].flatMap((id) => (id === undefined ? [] : prefixesOf(id))));
  const parents = new Set(boxes.filter((item) => isGroup(item, numbers.get(item), prefixes)));
  const groups = new Set([...parents].filter((item) => !hasOwnDetail(item)));
  const leaves = boxes.filter((item) => !groups.has(item) && !isInsideLeaf(item, parents));
  const reasons = new Map(
    [...groups].map((item) => [item.line, 'it is a group of the tasks below it'] as const),
  );
  const taken = new Set(leaves);
  const drafts = leaves.map((item) =>
    itemTask(item, { hasParallelMark: true, withChildren: !item.children.some((child) => taken.has(child)) }),
  );
  inheritOrder(drafts, [...groups]);
  return { drafts, reasons };
}

/** What a group waits for, the tasks in it wait for. */
function inheritOrder(drafts: readonly TaskDraft[], groups: readonly Item[]): void {
  for (const group of groups) {
    const { id = '', references } = itemTask(group, { withChildren: false });
    if (references.length === 0 || id === '') continue;
    const prefix = `${id.replace(/\.0$/u, '')}.`;
    for (const draft of drafts)
      if (draft.id?.startsWith(prefix) === true && draft.id !== id)
        draft.references.push(...references.map((one) => ({ ...one, reason: 'group' as const })));
  }
}

function isTaskBox(item: Item): boolean {
  if (
    item.box === undefined ||
    /^(?:\*\*)?(?:acceptance(?: criteria)?|done when|ac|dod)\b\s*[:：]/iu.test(item.text)
  )
    return false;
  if (/^\d/u.test(splitTaskLine(item.text).id ?? '')) return true;
  if (sectionKindOf(item.section) === 'criteria' && !isWorkSection(item)) return false;
  return kindOfCaption(captions(item.section).get(rootOf(item)) ?? '') !== 'criteria';
}

/** True for a box that is to be done though its heading speaks of checks: in a numbered group, or an order such as "Run the tests". */
function isWorkSection({ section, text }: Item): boolean {
  if (/^\d+[.)]/u.test(section.title)) return true;
  const isStated = /\b(?:acceptance|criteria|definition of (?:done|ready)|success|goals?)\b/iu.test(
    section.path.join(' '),
  );
  return !isStated && isImperative(text);
}

function rootOf(item: Item): Item {
  let root = item;
  while (root.parent !== undefined) root = root.parent;
  return root;
}

/** True for a parent that says itself what to do and has not only sub-tasks: it is work of its own. */
function hasOwnDetail(item: Item): boolean {
  return item.children.some(
    (child) =>
      child.box === undefined &&
      !isFieldItem(child) &&
      !/^[_*]*(?:Requirements|Property|Validates|Boundary|Depends|需求|要件|Refs?)\b/iu.test(child.text),
  );
}

/** `1.2.3` lies in `1.2`, in `1` and, as some write it, in `1.0`. */
function prefixesOf(id: string): string[] {
  const parts = id.split('.');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'));
}

function isGroup(item: Item, id: string | undefined, prefixes: ReadonlySet<string>): boolean {
  if (id === undefined) return item.children.some((child) => child.box !== undefined);
  return (
    prefixes.has(id.replace(/\.0$/u, '')) && (id.endsWith('.0') ? hasSiblings(id, prefixes, item) : true)
  );
}

/** `1.0` is a group when it has sub-tasks, not merely because it lies itself in `1`. */
function hasSiblings(id: string, prefixes: ReadonlySet<string>, item: Item): boolean {
  if (
    item.children.some((child) => child.box !== undefined && /^\d/u.test(splitTaskLine(child.text).id ?? ''))
  )
    return true;
  return item.section.blocks.some(
    (block) =>
      block.kind === 'item' &&
      block !== item &&
      (splitTaskLine(block.text).id ?? '').startsWith(id.slice(0, -1)) &&
      prefixes.size > 0,
  );
}

function isInsideLeaf(item: Item, parents: ReadonlySet<Item>): boolean {
  for (let at = item.parent; at !== undefined; at = at.parent)
    if (at.box !== undefined && !parents.has(at)) return true;
  return false;
}

/** A reference to `2` means every task `2.x`. */
function addGroupAliases(drafts: readonly TaskDraft[]): void {
  for (const draft of drafts) {
    if (draft.id !== undefined)
      draft.aliases.push(...prefixesOf(draft.id), `${draft.id.split('.')[0] ?? ''}.0`);
    const group = /^(\d{1,3})[.)]\s/u.exec(draft.section.at(-1) ?? '')?.[1];
    if (group !== undefined && group !== draft.id) draft.aliases.push(group);
  }
}

/** `## 2) New module: \`src/show.ts\`` names the file of the tasks below it that name none. */
function addHeadingFiles(drafts: readonly TaskDraft[]): void {
  for (const draft of drafts) {
    const title = draft.section.at(-1) ?? '';
    if (draft.writes.length > 0 || draft.kind !== 'task' || /\btests?\b/iu.test(draft.title)) continue;
    addPaths(draft, findPaths(title), {
      rung: 5,
      why: `the heading "${title.slice(0, 80)}" names it`,
      isVerify: false,
    });
  }
}
