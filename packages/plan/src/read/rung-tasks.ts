import { captions } from './caption.ts';
import { isFieldItem, itemTask, numberOf, splitTaskLine } from './item-task.ts';
import type { Item, Outline, Section } from './outline.ts';
import type { RungResult } from './prd.ts';
import { kindOfCaption, sectionKindOf, type SectionKind } from './section-kind.ts';
import { headingTasks } from './heading-task.ts';
import { tableTasks } from './table-task.ts';
import type { TaskDraft } from './task-draft.ts';
import { findPaths } from './path-mention.ts';
import { addPaths } from './task-text.ts';
import { isImperative } from './verbs.ts';
import { stagesBySection } from './stages.ts';

const NEVER: ReadonlySet<SectionKind> = new Set([
  'criteria',
  'risks',
  'examples',
  'shared',
  'dependencies',
  'files',
  'notes',
]);

/** Rung 1: lists, tables and headings in a section of tasks; task boxes anywhere but among criteria and the like. */
export function explicitTasks(outline: Outline): RungResult {
  const headed = headingTasks(
    outline,
    /^(?:task|tâche|tarea|tarefa|aufgabe|görev|задача|work package|ticket|todo)\b|^(?:タスク|任务|작업)|^T-?\d{1,3}(?:\.\d{1,3})?\s*[:：—–-]\s/iu,
  );
  if (headed.length > 1) return { drafts: headed, stages: stagesBySection(headed) };
  const drafts = outline.sections.flatMap((section) => [...listTasks(section), ...sectionTables(section)]);
  return { drafts, stages: stagesBySection(drafts) };
}

// "**Task 1.2**: …" is a task whatever its heading speaks of.
const NAMED = /^(?:\*\*|\[)*Task\s+#?\d{1,4}(?:\.\d{1,4})*(?:\*\*|\])*\s*[:：—–-]/iu;

function sectionTables(section: Section): TaskDraft[] {
  if (sectionKindOf(section) !== 'tasks') return [];
  return section.blocks.flatMap((block) => (block.kind === 'table' ? tableTasks(block, section) : []));
}

function listTasks(section: Section): TaskDraft[] {
  const kind = sectionKindOf(section);
  const caption = captions(section);
  return section.blocks.flatMap((block) => {
    if (block.kind !== 'item') return [];
    const above = kindOfCaption(caption.get(block) ?? '');
    const isNamed = NAMED.test(block.text) && kind !== 'examples' && kind !== 'dependencies';
    if (!isNamed && (NEVER.has(above) || (NEVER.has(kind) && above !== 'tasks'))) return [];
    if (isNamed) return leaves(block, true);
    const isList = kind === 'tasks' || above === 'tasks';
    return leaves(block, isList);
  });
}

/** The leaf tasks of an item: itself, or its children where they are tasks and it is their group. */
function leaves(item: Item, isList: boolean): TaskDraft[] {
  if (isFieldItem(item)) return [];
  const inner = subTasks(item);
  if (inner.length > 0)
    return inner.flatMap((child) => leaves(child, isList)).map((draft) => inGroup(draft, item));
  return isList || item.box !== undefined
    ? [numbered(itemTask(item), item)]
    : item.children.flatMap((child) => leaves(child, false));
}

/** A task of a numbered list answers to its number. */
function numbered(draft: TaskDraft, { marker, parent }: Item): TaskDraft {
  const number = /^\d+/u.exec(marker)?.[0];
  if (number !== undefined && draft.id === undefined && parent === undefined) draft.aliases.push(number);
  return draft;
}

/** A sub-task answers to its group's name too, and has the group's files where it names none. */
function inGroup(draft: TaskDraft, group: Item): TaskDraft {
  const { id, text } = splitTaskLine(group.text);
  if (id !== undefined) draft.aliases.push(id, ...numberOf(id));
  else draft.aliases.push(...(/^\d+/u.exec(group.marker) ?? []));
  if (draft.writes.length === 0 && draft.kind === 'task')
    addPaths(draft, findPaths(text), { rung: 5, why: `"${text.slice(0, 80)}" names it`, isVerify: false });
  return draft;
}

/** Children that are tasks: boxes below anything; plain points below a plain point when all of them give an order. */
function subTasks(item: Item): readonly Item[] {
  const boxed = item.children.filter((child) => child.box !== undefined);
  if (boxed.length > 0 && !/criteria|acceptance|done when|verify/iu.test(item.text)) return boxed;
  const work = item.children.filter((child) => !isFieldItem(child));
  if (item.box !== undefined || work.length < 2 || work.length < item.children.length) return [];
  const isSameList = work.every((child) => /\d/u.test(child.marker) === /\d/u.test(item.marker));
  return isSameList && !isImperative(item.text) && work.every((child) => isImperative(child.text))
    ? work
    : [];
}
