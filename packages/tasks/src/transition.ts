import { err, ok, type Result } from '#protocol';
import { isPerson } from './task-move.ts';
import type { Standing, TaskState } from './task-state.ts';

/** What can be done with a task. */
export const TASK_VERBS = ['claim', 'start', 'done', 'fail', 'skip', 'retry', 'approve', 'reject'] as const;

/** One of {@link TASK_VERBS}. */
export type TaskVerb = (typeof TASK_VERBS)[number];

/** Why a task cannot be moved so now, and the command that leads on. */
export interface RefusedMove {
  readonly message: string;
  readonly hint: string;
}

const ALLOWED: Readonly<Record<TaskVerb, readonly TaskState[]>> = {
  claim: ['ready', 'claimed'],
  start: ['ready', 'claimed', 'blocked', 'active'],
  done: ['claimed', 'active', 'blocked'],
  fail: ['claimed', 'active', 'blocked'],
  skip: ['waiting', 'ready', 'claimed', 'blocked', 'failed'],
  retry: ['failed', 'skipped', 'active', 'blocked', 'done', 'review'],
  approve: ['review'],
  reject: ['review'],
};

/** Whether an agent may move a task so, as it stands now. Another's work is never moved, except to retry, approve or reject it, and only a person approves or rejects. */
export function checkMove(standing: Standing, verb: TaskVerb, agent: string): Result<TaskVerb, RefusedMove> {
  const { task, state } = standing;
  const isVerdict = verb === 'approve' || verb === 'reject';
  if (isVerdict && !isPerson(agent))
    return err({
      message: `${agent} is no person, and ${task.id} waits for one`,
      hint: `a person runs: squad-task ${verb} ${task.id} --agent human-<login>`,
    });
  const holder =
    standing.claimedBy ?? (state === 'active' || state === 'blocked' ? standing.agent : undefined);
  const isOthers = holder !== undefined && holder !== agent;
  if (isOthers && verb !== 'retry' && !isVerdict)
    return err({ message: `${task.id} is ${state} with ${holder}`, hint: 'run: squad-task next' });
  if (isOthers && verb === 'retry' && standing.claimedBy !== undefined)
    return err({
      message: `${task.id} is held by ${holder}`,
      hint: `when ${holder} is gone: squad-lock break task:${task.id} --reason "…"`,
    });
  if (ALLOWED[verb].includes(state)) return ok(verb);
  return err({ message: `${task.id} is ${state}${why(standing)}`, hint: wayOn(standing, verb) });
}

function why({ state, waitsFor, reason }: Standing): string {
  if (state === 'waiting') return ` for ${waitsFor.join(', ')}`;
  return reason === undefined ? '' : `: ${reason}`;
}

function wayOn({ task, state }: Standing, verb: TaskVerb): string {
  switch (state) {
    case 'waiting':
      return 'run: squad-task next';
    case 'ready':
      return `run: squad-task claim ${task.id}`;
    case 'review':
      return `a person runs: squad-task approve ${task.id}, or squad-task reject ${task.id} --reason "…"; to do it again: squad-task retry ${task.id}`;
    case 'failed':
    case 'skipped':
      return `run: squad-task retry ${task.id}`;
    case 'done':
      return verb === 'done' ? 'nothing is left to do' : `to do it again: squad-task retry ${task.id}`;
    case 'claimed':
    case 'active':
    case 'blocked':
      return `run: squad-task done ${task.id}, or squad-task fail ${task.id} --reason "…"`;
  }
}

/** Ready tasks an agent may take, best first: its own before those of nobody, never another's. */
export function choosable(
  standings: Iterable<Standing>,
  agent: string,
  order: (a: Standing['task'], b: Standing['task']) => number,
): readonly Standing[] {
  return [...standings]
    .filter(({ state, task }) => state === 'ready' && (task.agent === undefined || task.agent === agent))
    .toSorted(
      (a, b) => Number(b.task.agent === agent) - Number(a.task.agent === agent) || order(a.task, b.task),
    );
}
