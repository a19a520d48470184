import type { StatusBlock } from '#protocol';
import { isSameCommit } from './gates.ts';

/** The field by which our own commands say more about a task than a status word can. */
export const TASK_STATE_FIELD = 'Task State';

/** The field of a verdict that names the commit it was given on. */
export const VERDICT_COMMIT_FIELD = 'Commit';

const TASK_MOVES = ['STARTED', 'SKIPPED', 'RETRY', 'APPROVED', 'REJECTED'] as const;

/** What a status block says of its task by the field {@link TASK_STATE_FIELD}. */
export type TaskMove = (typeof TASK_MOVES)[number];

/** A completion as far as a verdict is about it. */
export interface Approvable {
  readonly at: number | undefined;
  readonly commit: string | undefined;
}

/** The move that a status block makes, if it makes one. */
export function moveOf(block: StatusBlock): TaskMove | undefined {
  const word = fieldOf(block, TASK_STATE_FIELD);
  return TASK_MOVES.find((move) => move === word?.trim().toUpperCase());
}

/** True for the names that people have in the protocol: `human-<login>`. */
export function isPerson(agent: string): boolean {
  return agent.toLowerCase().startsWith('human-');
}

/**
 * True when a person's verdict is about this completion: the commit it names is the completion's, or, where no commit
 * is named, it is not older. A verdict on one commit says nothing of a later one, and an agent's says nothing at all.
 */
export function approves(verdict: StatusBlock, completion: Approvable | undefined): boolean {
  if (completion === undefined || !isPerson(verdict.author)) return false;
  const commit = fieldOf(verdict, VERDICT_COMMIT_FIELD)?.trim();
  if (commit !== undefined && commit !== '') return isSameCommit(commit, completion.commit);
  return verdict.at === undefined || completion.at === undefined || verdict.at >= completion.at;
}

function fieldOf(block: StatusBlock, field: string): string | undefined {
  return Object.entries(block.extra).find(([name]) => name.toLowerCase() === field.toLowerCase())?.[1];
}
