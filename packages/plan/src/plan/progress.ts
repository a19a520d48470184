import { rangeAt, type PlanHeader, type PlanTask } from '#protocol';
import type { SourceDocument, SourceTask } from '../model.ts';
import { taskOf } from './task-of.ts';

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
  /** Finished tasks. */
  readonly kept: readonly KeptTask[];
  /** Running tasks that the document no longer has: they hold their agent and files until they end. */
  readonly orphans: readonly KeptTask[];
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
    return { team: [], kept: [], orphans: [], offsetMinutes: 0, before };
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
  const finished = kept.filter(({ state }) => state === 'done');
  const busy = new Set(
    [...progress.values()].filter(({ state }) => state === 'running').map(({ agent }) => agent),
  );
  const agents = previous.map(({ agent: id, role }) => ({ id, role }));
  return {
    team: [...agents.filter(({ id }) => busy.has(id)), ...agents.filter(({ id }) => !busy.has(id))],
    kept: finished,
    orphans: kept.filter(({ state }) => state === 'running'),
    offsetMinutes: finished.reduce(
      (last, { task }) => Math.max(last, task.start_minute + task.estimate_minutes),
      0,
    ),
    before,
  };
}

/** Why a task is planned that the document does not ask for. */
export const STILL_RUNNING =
  'it is running, though the document no longer asks for it; the rest is planned around it';

/** The document with what was reported done marked as done, and with what still runs although it no longer asks for it. */
export function withProgress(
  document: SourceDocument,
  { progress }: Begun,
  { orphans }: Carried,
): SourceDocument {
  if (progress.size === 0) return document;
  const tasks = document.tasks.map((task) =>
    progress.get(task.id)?.state === 'done' ? { ...task, status: 'done' as const } : task,
  );
  return { ...document, tasks: [...orphans.map(({ task }) => runningTask(task)), ...tasks] };
}

function runningTask(task: PlanTask): SourceTask {
  const written = (['create', 'modify'] as const).flatMap((mode) =>
    task.files[mode].map((path) => ({ path, mode, rung: 1 as const, why: 'as planned before' })),
  );
  return taskOf({
    id: task.id,
    title: task.title,
    range: rangeAt(1),
    writes: written,
    reads: task.files.read,
    estimate: { minutes: task.estimate_minutes, reason: 'given', why: 'as planned before' },
    priority: task.priority,
    status: 'doing',
    acceptance: task.acceptance === undefined ? [] : [`\`${task.acceptance}\``],
    ...(task.gates === undefined ? {} : { gates: task.gates }),
    ...(task.checkpoint === true ? { approval: 'as planned before' } : {}),
  });
}
