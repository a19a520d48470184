import { headingTasks } from './heading-task.ts';
import { itemTask } from './item-task.ts';
import type { Outline } from './outline.ts';
import type { RungResult } from './prd.ts';
import { sectionKindOf } from './section-kind.ts';
import { stagesBySection } from './stages.ts';

const STORY = /^(?:user story|story|us|feature|epic story)[ -]?#?\d+|^[A-Z]{2,6}-\d+\b/iu;
const STORY_ITEM = /^(?:\*\*|\[)*(?:US|STORY|User Story)[ -]?\d+(?:\.\d+)?\b/iu;

/** Rung 2: headings `US-001: …`, `Story 1.1: …`, else list items that begin so. */
export function storyTasks(outline: Outline): RungResult {
  const headed = headingTasks(outline, STORY);
  if (headed.length > 0) return { drafts: headed, stages: stagesBySection(headed) };
  const items = outline.items.filter(
    (item) => STORY_ITEM.test(item.text) && sectionKindOf(item.section) !== 'criteria',
  );
  const drafts = items.map((item) => itemTask(item));
  return { drafts, stages: stagesBySection(drafts) };
}
