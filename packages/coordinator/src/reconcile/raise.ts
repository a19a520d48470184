import { hashText } from '#store';
import type { RaiseToPerson } from '../model/action.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { ActionPolicy } from './plan-actions.ts';

/** A person who did nothing is told again after this. */
const REMIND_AFTER_MS = 3_600_000;

/** What a person is to be told. */
export interface Raising {
  readonly subject: string;
  readonly message: string;
  readonly evidence: readonly string[];
}

/** The id of the broadcast by which a subject is raised. */
export function raiseId(subject: string): string {
  return `P-${hashText(subject).slice('sha256:'.length, 'sha256:'.length + 10)}`;
}

/** A word to a person; nothing when it was said within the last hour. */
export function raise(
  { raised }: Snapshot,
  what: Raising,
  at: { readonly now: number; readonly policy: ActionPolicy },
): readonly RaiseToPerson[] {
  const before = raised.find(({ id }) => id === raiseId(what.subject));
  if (before !== undefined && at.now - (before.at ?? 0) < REMIND_AFTER_MS) return [];
  return [
    {
      kind: 'raise-to-person',
      key: `raise-to-person:${what.subject}`,
      policy: at.policy['raise-to-person'],
      subject: what.subject,
      message: what.message,
      reason: 'nobody but a person can decide this',
      evidence: what.evidence,
      undo: 'nothing was changed',
    },
  ];
}
