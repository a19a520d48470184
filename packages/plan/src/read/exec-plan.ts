import type { Reader } from './reader.ts';
import { bodyStart } from './front-matter-text.ts';
import { itemTask } from './item-task.ts';
import { readOutline, type Outline } from './outline.ts';
import { featureOf, prdReader } from './prd.ts';
import { readSectionFiles } from './section-files.ts';
import type { TaskDraft } from './task-draft.ts';

/** Codex ExecPlans: what is done and to do stands under `## Progress`, in boxes with dates. */
export const execPlanReader: Reader = {
  format: 'exec-plan',
  recognises: (input) =>
    /^#+\s+Progress\b/imu.test(input.text) &&
    /^#+\s+(?:Concrete Steps|Surprises (?:&|and) Discoveries|Decision Log|Validation and Acceptance|Plan of Work)\b/imu.test(
      input.text,
    )
      ? 'the sections of an ExecPlan'
      : undefined,
  read: (input) => {
    const outline = readOutline(input.text, bodyStart(input.text));
    const drafts = progress(outline);
    if (drafts.length === 0) return { ...prdReader.read(input), format: 'exec-plan' };
    readSectionFiles(outline, drafts);
    return {
      input,
      format: 'exec-plan',
      formatWhy: '',
      feature: featureOf(outline, input.path),
      drafts,
      outline,
    };
  },
};

const DATE =
  /^(?:\*\*)?[([]?\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?\s*(?:Z|[A-Z]{2,5}|[+-]\d{2}:?\d{2})?)?[)\]]?(?:\*\*)?\s*[:—–-]?\s*/u;

function progress(outline: Outline): TaskDraft[] {
  const items = outline.items.filter(
    (item) => item.box !== undefined && item.section.path.some((title) => /^\W*Progress\b/iu.test(title)),
  );
  return items
    .filter((item) => !item.children.some((child) => child.box !== undefined))
    .map((item) => itemTask({ ...item, text: item.text.replace(DATE, '') }));
}
