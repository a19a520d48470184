import type { DraftStage } from './finish.ts';
import type { Outline } from './outline.ts';
import type { TaskDraft } from './task-draft.ts';

const STAGE =
  /^[^\p{L}\p{N}]*(?:phase|stage|milestone|sprint|wave|iteration|step)\s*[\dIVX]+\b|フェーズ|阶段|第.段階|단계\s*\d/iu;

/** Sections that are numbered phases, in order, each a barrier for the next; none when fewer than two. */
export function stagesBySection(drafts: readonly TaskDraft[]): readonly DraftStage[] {
  const stages = new Map<string, TaskDraft[]>();
  for (const draft of drafts) {
    const name = draft.section.find((title) => STAGE.test(title.replace(/[*_`]/gu, '')));
    if (name === undefined) continue;
    const list = stages.get(name);
    if (list === undefined) stages.set(name, [draft]);
    else list.push(draft);
  }
  if (stages.size < 2) return [];
  return [...stages].map(([name, members]) => ({ name, drafts: members, isBarrier: true }));
}

const LIFTS =
  /\b(?:no dependenc(?:y|ies)|does(?: not|n['’]t) depend|independent(?:ly)?|(?:can|may) (?:start|begin|run|proceed)[^.]{0,60}\b(?:parallel|immediately|right after|any time|after setup|alongside))\b/iu;
const PHASE_NAME = /\b(?:phase|stage)\s*(\d+)/iu;

/** The stages of a document with a section on the order of its phases: one that may start beside the phase before lifts its barrier. */
export function phaseStages(outline: Outline, drafts: readonly TaskDraft[]): readonly DraftStage[] {
  const stages = stagesBySection(drafts);
  const lifted = liftedPhases(outline);
  return stages.map((stage, index) => {
    const next = PHASE_NAME.exec(stages[index + 1]?.name ?? '')?.[1];
    return { ...stage, isBarrier: !(next !== undefined && lifted.has(next) && index > 0) };
  });
}

/** Numbers of the phases whose tasks, as the document says, need not wait for the phase before. */
function liftedPhases(outline: Outline): ReadonlySet<string> {
  const lifted = new Set<string>();
  for (const section of outline.sections) {
    if (!/depend|execution order|parallel/iu.test(section.path.slice(-2).join(' '))) continue;
    for (const block of section.blocks) {
      if (block.kind !== 'item' || !LIFTS.test(block.text)) continue;
      const phase = PHASE_NAME.exec(block.text.split(/[:：]/u)[0] ?? '')?.[1];
      if (phase !== undefined) lifted.add(phase);
    }
  }
  return lifted;
}
