import { pasteableWord } from '#protocol';
import type { Judgement } from '../model/judgement.ts';
import { verdictCommands } from '../reconcile/checkpoints.ts';

/** One thing that goes on only when a person has decided. */
export interface PersonNeed {
  /** A task's id, or the key of a proposed action. */
  readonly subject: string;
  readonly kind: 'checkpoint' | 'proposal';
  readonly message: string;
  /** What to type, the approval first. */
  readonly commands: readonly string[];
}

/** What waits for a person: checkpoints that are reached, then actions that the policy only proposes. */
export function personNeeds({ tasks, actions }: Judgement): readonly PersonNeed[] {
  const reached = tasks.filter(({ state, verdict }) => state === 'review' && verdict === undefined);
  const proposed = actions.filter(({ policy }) => policy === 'suggest');
  return [
    ...reached.map((task) => ({
      subject: task.id,
      kind: 'checkpoint' as const,
      message: `${task.id} ${task.title} is done and waits for approval`,
      commands: verdictCommands(task),
    })),
    ...proposed.map(({ key, kind, reason }) => ({
      subject: key,
      kind: 'proposal' as const,
      message: `${kind} ${key.slice(kind.length + 1)}, because ${reason}`,
      commands: [`squad-sync approve ${pasteableWord(key)}`],
    })),
  ];
}
