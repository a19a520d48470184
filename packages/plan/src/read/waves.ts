import type { DraftStage } from './finish.ts';
import type { Fence, Outline } from './outline.ts';
import { asList, asRecord, asText } from './record-task.ts';
import type { TaskDraft } from './task-draft.ts';

/** Stages from a fenced `{"waves": …}`; a task that no wave names stays outside of them. */
export function waveStages(outline: Outline, drafts: readonly TaskDraft[]): readonly DraftStage[] {
  const fences = outline.sections.flatMap((section) =>
    section.blocks.filter((block): block is Fence => block.kind === 'fence'),
  );
  const fence = fences.find((block) => block.lines.some((line) => line.includes('"waves"')));
  if (fence === undefined) return [];
  const byId = new Map(drafts.map((draft) => [draft.id ?? '', draft]));
  const stages = wavesOf(fence).map((ids, index) => ({
    name: `wave ${index + 1}`,
    drafts: ids.flatMap((id) => members(id, drafts, byId)),
    isBarrier: true,
  }));
  return stages.filter((stage) => stage.drafts.length > 0);
}

function members(
  id: string,
  drafts: readonly TaskDraft[],
  byId: ReadonlyMap<string, TaskDraft>,
): readonly TaskDraft[] {
  const task = byId.get(id);
  return task === undefined ? drafts.filter((draft) => draft.id?.startsWith(`${id}.`) === true) : [task];
}

function wavesOf(fence: Fence): string[][] {
  let value: unknown;
  try {
    value = JSON.parse(fence.lines.join('\n'));
  } catch {
    return [];
  }
  return asList(asRecord(value)?.['waves']).map((wave) => {
    const record = asRecord(wave);
    const tasks = record === undefined ? wave : (record['tasks'] ?? record['task_ids'] ?? record['ids']);
    return asList(tasks)
      .map((one) => asText(asRecord(one)?.['id'] ?? one))
      .filter((id) => id !== '');
  });
}
