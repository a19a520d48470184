import type { PlanHeader, PlanTask } from '#protocol';
import type { SourceDocument } from '../model.ts';

/** How far a task has come, and with whom. */
export interface TaskProgress {
  readonly state: 'done' | 'running';
  readonly agent: string;
}

/** Work that began under an earlier plan. */
export interface Begun {
  /** By task id. */
  readonly progress: ReadonlyMap<string, TaskProgress>;
  /** The plans as they are. */
  readonly previous: readonly PlanHeader[];
  /** True when the present plans bind although nobody has begun. */
  readonly isReplan: boolean;
}

/** A task that stays in a plan as it was. */
export interface KeptTask {
  readonly task: PlanTask;
  readonly agent: string;
  readonly state: TaskProgress['state'];
}

/** What of the earlier plans binds the new one. */
export interface Carried {
  /** Agents that go on under their names, those with running work first; empty when nothing has begun. */
  readonly team: readonly { readonly id: string; readonly role: string }[];
  /** Finished tasks, and running ones that the document no longer has. */
  readonly kept: readonly KeptTask[];
  /** Minute at which everything finished was planned to end: the new schedule begins there. */
  readonly offsetMinutes: number;
  /** Agent of each task before, by task id. */
  readonly before: ReadonlyMap<string, string>;
}

/** Reads off what has begun. A plan is only bound once somebody has started, or when asked to re-plan. */
export function carryOver(document: SourceDocument, begun: Begun): Carried {
  const { progress, previous, isReplan } = begun;
  const before = new Map(previous.flatMap(({ agent, tasks }) => tasks.map(({ id }) => [id, agent] as const)));
  if (previous.length === 0 || (progress.size === 0 && !isReplan))
    return { team: [], kept: [], offsetMinutes: 0, before };
  const open = new Set(
    document.tasks.filter(({ status }) => status === 'todo' || status === 'doing').map(({ id }) => id),
  );
  const kept = previous.flatMap(({ agent, tasks }) =>
    tasks.flatMap((task): KeptTask[] => {
      const state = progress.get(task.id)?.state;
      const isKept = state === 'done' || (state === 'running' && !open.has(task.id));
      return isKept ? [{ task, agent: progress.get(task.id)?.agent ?? agent, state }] : [];
    }),
  );
  const busy = new Set(
    [...progress.values()].filter(({ state }) => state === 'running').map(({ agent }) => agent),
  );
  const agents = previous.map(({ agent: id, role }) => ({ id, role }));
  const finished = kept.filter(({ state }) => state === 'done');
  return {
    team: [...agents.filter(({ id }) => busy.has(id)), ...agents.filter(({ id }) => !busy.has(id))],
    kept,
    offsetMinutes: finished.reduce(
      (last, { task }) => Math.max(last, task.start_minute + task.estimate_minutes),
      0,
    ),
    before,
  };
}

/** The document with what was reported done marked as done. */
export function withProgress(document: SourceDocument, progress: Begun['progress']): SourceDocument {
  if (progress.size === 0) return document;
  const tasks = document.tasks.map((task) =>
    progress.get(task.id)?.state === 'done' ? { ...task, status: 'done' as const } : task,
  );
  return { ...document, tasks };
}
