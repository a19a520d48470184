import { captions } from './caption.ts';
import { isFieldItem, itemTask } from './item-task.ts';
import type { Item, Outline, Section } from './outline.ts';
import type { RungResult } from './prd.ts';
import { kindOfCaption, sectionKindOf } from './section-kind.ts';
import { stagesBySection } from './stages.ts';
import type { TaskDraft } from './task-draft.ts';
import { isImperative } from './verbs.ts';

/** Rung 4: the points below the phases of a roadmap; what a phase is to prove or to avoid is no point of work. */
export function roadmapTasks(outline: Outline): RungResult {
  const sections = outline.sections.filter((section) => sectionKindOf(section) === 'roadmap');
  const orders = sections.flatMap((section) => points(section, (item) => isImperative(plain(item))));
  const drafts = orders.length > 0 ? orders : sections.flatMap((section) => points(section, isPhasePoint));
  return { drafts, stages: stagesBySection(drafts) };
}

function points(section: Section, accept: (item: Item) => boolean): TaskDraft[] {
  const caption = captions(section);
  return section.blocks.flatMap((block) => {
    if (block.kind !== 'item' || isFieldItem(block)) return [];
    const above = kindOfCaption(caption.get(block) ?? '');
    if (above === 'criteria' || above === 'risks') return [];
    const inner = block.children.filter((child) => !isFieldItem(child) && accept(child));
    if (!accept(block) && inner.length > 0) return inner.map((child) => itemTask(child));
    return accept(block) ? [itemTask(block)] : [];
  });
}

function plain(item: Item): string {
  return item.text.replace(/^\*\*[^*]{1,60}\*\*\s*[:：—–-]?\s*/u, (bold) => (isImperative(bold) ? bold : ''));
}

/** In a language whose verbs are not known, or with nouns for points: what stands in a numbered phase. */
function isPhasePoint(item: Item): boolean {
  return (
    item.section.path.some((title) =>
      /^[^\p{L}\p{N}]*(?:phase|milestone|sprint|stage|step|iteration)\s*\d/iu.test(title),
    ) && item.text.length < 200
  );
}
