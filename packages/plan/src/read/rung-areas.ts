import { itemTask } from './item-task.ts';
import { headingTask } from './heading-task.ts';
import type { Item, Outline, Section } from './outline.ts';
import type { RungResult } from './prd.ts';
import { kindOfTitle, sectionKindOf } from './section-kind.ts';
import type { TaskDraft } from './task-draft.ts';

/** Rung 5: one task for each headed or numbered requirement; a requirement section with neither gives one task for each point. */
export function areaTasks(outline: Outline): RungResult {
  const { sections } = outline;
  const drafts: TaskDraft[] = [];
  sections.forEach((section, index) => {
    if (kindOfTitle(section.title) !== 'requirements' || /non-functional/iu.test(section.title)) return;
    if (isDocumentTitle(section, sections)) return;
    const below = requirementHeadings(sections, index);
    const weighed = below.filter(({ from }) => WEIGHT.test(sections[from]?.title ?? ''));
    if (weighed.length > 0) drafts.push(...weighed.flatMap(({ from }) => points(sections[from])));
    else if (below.length > 0)
      drafts.push(...below.map(({ from, to }) => headingTask(sections.slice(from, to), endOf(outline, to))));
    else drafts.push(...points(section));
  });
  return { drafts, stages: [] };
}

/** "Product Requirements Document: X" above everything names the document, unless nothing else in it is headed so. */
function isDocumentTitle(section: Section, sections: readonly Section[]): boolean {
  return (
    section.level === 1 &&
    sections.some(
      (other) => other.level > 1 && kindOfTitle(other.title) === 'requirements' && !isAside(other),
    )
  );
}

// Headings that only sort requirements by weight: their points are the requirements.
const WEIGHT =
  /^\W*(?:(?:must|should|could|nice|good)[- ](?:to[- ])?haves?|p[0-3]|mvp|core|(?:high|medium|low)(?: priority)?|required|optional|stretch|functional(?: requirements)?)\b/iu;

function endOf(outline: Outline, next: number): number {
  return (outline.sections[next]?.line ?? outline.lines.length + 1) - 1;
}

function points(section: Section | undefined): TaskDraft[] {
  return (section?.blocks ?? []).filter(isPoint).map((item) => itemTask(item));
}

function isPoint(block: Section['blocks'][number]): block is Item {
  return block.kind === 'item';
}

/** The headings one level below that are requirements themselves and no criteria, risks or the like. */
function requirementHeadings(sections: readonly Section[], parent: number): { from: number; to: number }[] {
  const level = sections[parent]?.level ?? 0;
  const found: { from: number; to: number }[] = [];
  for (let index = parent + 1; index < sections.length; index += 1) {
    const section = sections[index];
    if (section === undefined || section.level <= level) break;
    if (section.level > level + 1 || isAside(section)) continue;
    let to = index + 1;
    while ((sections[to]?.level ?? 0) > section.level) to += 1;
    found.push({ from: index, to });
  }
  return found;
}

function isAside(section: Section): boolean {
  if (WEIGHT.test(section.title)) return false;
  const kind = kindOfTitle(section.title) === 'other' ? sectionKindOf(section) : kindOfTitle(section.title);
  return (
    kind === 'criteria' ||
    kind === 'risks' ||
    kind === 'notes' ||
    kind === 'shared' ||
    /non-functional/iu.test(section.title)
  );
}
