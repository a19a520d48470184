import type { DraftStage } from './finish.ts';
import type { TaskDraft } from './task-draft.ts';

const STAGE =
  /^[^\p{L}\p{N}]*(?:phase|stage|milestone|sprint|wave|iteration|step)\s*(?:[\dIVX]+|[A-H](?=\W|$))\b|フェーズ|阶段|第.段階|단계\s*\d/iu;

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
