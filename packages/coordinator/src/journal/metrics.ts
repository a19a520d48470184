import type { PastState, PlannedTask } from './past-state.ts';

/** What the journal measured; times in milliseconds, `null` where nothing was measured. */
export interface Metrics {
  readonly version: 1;
  readonly agents: number;
  readonly tasksStarted: number;
  readonly tasksDone: number;
  readonly taskFailures: number;
  /** Done of all planned tasks, or of all begun ones where no plan was seen. */
  readonly completionRate: number | null;
  readonly wallMs: number | null;
  readonly taskMs: number;
  /** Σ task time / (agents × wall). */
  readonly parallelEfficiency: number | null;
  /** Σ task time / wall: how many times faster than one after the other. */
  readonly speedUp: number | null;
  readonly lockAcquisitions: number;
  readonly lockWaits: number;
  readonly lockWaitMeanMs: number | null;
  readonly lockWaitP95Ms: number | null;
  /** Acquisitions that had to wait, of all. */
  readonly contention: number | null;
  readonly handoffs: number;
  readonly handoffLatencyMeanMs: number | null;
  readonly conflicts: number;
  /** Conflicts for each task that was done. */
  readonly conflictRate: number | null;
  readonly criticalPathPlannedMs: number | null;
  /** The longest chain of the plan's dependencies, by measured times. */
  readonly criticalPathAchievedMs: number | null;
  readonly actions: number;
}

const CONFLICTS: ReadonlySet<string> = new Set([
  'MULTIPLE_MODIFICATIONS',
  'OUTSIDE_OWNERSHIP',
  'WAITING_CYCLE',
  'MERGE_CONFLICT',
  'ZONE_TWICE',
  'STALE_LOCK',
]);
const MINUTE = 60_000;

/** Measures a stretch of the past. */
export function measure(state: PastState): Metrics {
  const spans = [...state.tasks.values()].flatMap(({ agent, startedAt, doneAt }) =>
    startedAt === undefined || doneAt === undefined ? [] : [{ agent, startedAt, doneAt }],
  );
  const taskMs = sum(spans.map(({ startedAt, doneAt }) => doneAt - startedAt));
  const wallMs =
    spans.length === 0
      ? null
      : Math.max(...spans.map(({ doneAt }) => doneAt)) - Math.min(...spans.map(({ startedAt }) => startedAt));
  const agents = new Set(spans.map(({ agent }) => agent)).size;
  const done = [...state.tasks.values()].filter(({ doneAt }) => doneAt !== undefined).length;
  const accepted = [...state.handoffs.values()].filter(
    ({ state: now }) => now === 'accepted' || now === 'completed',
  );
  const conflicts = [...state.findings.values()].filter(({ kind }) => CONFLICTS.has(kind)).length;
  return {
    version: 1,
    agents,
    tasksStarted: [...state.tasks.values()].filter(({ startedAt }) => startedAt !== undefined).length,
    tasksDone: done,
    taskFailures: sum([...state.tasks.values()].map(({ failures }) => failures)),
    completionRate: ratio(done, state.plan.length > 0 ? state.plan.length : state.tasks.size),
    wallMs,
    taskMs,
    parallelEfficiency: ratio(taskMs, agents * (wallMs ?? 0)),
    speedUp: ratio(taskMs, wallMs ?? 0),
    lockAcquisitions: state.acquisitions,
    lockWaits: state.lockWaitsMs.length,
    lockWaitMeanMs: mean(state.lockWaitsMs),
    lockWaitP95Ms: percentile(state.lockWaitsMs, 0.95),
    contention: ratio(state.lockWaitsMs.length, state.acquisitions),
    handoffs: state.handoffs.size,
    handoffLatencyMeanMs: mean(accepted.map(({ requestedAt, movedAt }) => movedAt - requestedAt)),
    conflicts,
    conflictRate: ratio(conflicts, done),
    criticalPathPlannedMs: longestChain(state.plan, ({ estimateMinutes }) => estimateMinutes * MINUTE),
    criticalPathAchievedMs: longestChain(state.plan, ({ id }) => {
      const task = state.tasks.get(id);
      return task?.startedAt === undefined || task.doneAt === undefined ? 0 : task.doneAt - task.startedAt;
    }),
    actions: state.actions.length,
  };
}

/** The value below which that part of the values lies; nearest rank. */
export function percentile(values: readonly number[], part: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? null;
}

function longestChain(plan: readonly PlannedTask[], costOf: (task: PlannedTask) => number): number | null {
  if (plan.length === 0) return null;
  const byId = new Map(plan.map((task) => [task.id, task]));
  const known = new Map<string, number>();
  const lengthTo = (task: PlannedTask, above: ReadonlySet<string>): number => {
    const found = known.get(task.id);
    if (found !== undefined) return found;
    const before = task.dependsOn.flatMap((id) => {
      const other = byId.get(id);
      return other === undefined || above.has(id) ? [] : [lengthTo(other, new Set([...above, task.id]))];
    });
    const length = Math.max(0, ...before) + costOf(task);
    known.set(task.id, length);
    return length;
  };
  return Math.max(...plan.map((task) => lengthTo(task, new Set([task.id]))));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : sum(values) / values.length;
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
