import type { TaskDraft } from './task-draft.ts';

/**
 * Where tasks carry a mark for parallel work, the others keep their order: an unmarked task waits for everything since the
 * last unmarked one, a marked task for that one only. Without any mark nothing is said.
 */
export function orderByMarks(drafts: readonly TaskDraft[]): void {
  if (!drafts.some((draft) => draft.parallel === true)) return;
  let fence: TaskDraft | undefined;
  let since: TaskDraft[] = [];
  for (const draft of drafts) {
    const before =
      draft.parallel === true || since.length === 0 ? (fence === undefined ? [] : [fence]) : since;
    const targets = before.flatMap(({ id }) => (id === undefined ? [] : [id]));
    if (targets.length > 0) {
      const why =
        draft.parallel === true
          ? 'it may run beside its neighbours but not before this'
          : 'it has no mark for parallel work';
      draft.references.push({ targets, reason: 'order', why, line: draft.line, isCertain: false });
    }
    if (draft.parallel === true) since.push(draft);
    else [fence, since] = [draft, []];
  }
}
