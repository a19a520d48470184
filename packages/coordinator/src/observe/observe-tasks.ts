import { isSameAgent } from '#comms';
import type { PlanHeader, PlanTask } from '#protocol';
import { requiredGates } from '#tasks';
import type { ObservedTask } from '../model/snapshot.ts';
import type { CommLedger } from './comm-ledger.ts';

/** What tasks are read with. */
export interface TaskSight {
  readonly ledger: CommLedger;
  readonly tracked: ReadonlySet<string>;
  /** Commands that every task needs, by the settings. */
  readonly gates: readonly string[];
}

/** Every task that a plan or a message names, with what was said of it. A reassigned task is its new agent's. */
export function observeTasks(plans: readonly PlanHeader[], sight: TaskSight): readonly ObservedTask[] {
  const { ledger } = sight;
  const planned = new Map<string, { task: PlanTask; agent: string }>();
  for (const { agent, tasks } of plans) {
    for (const task of tasks) {
      // A copy in the receiver's plan; it counts only through the notice, which is written last.
      if (task.reassigned_from !== undefined) continue;
      const reassigned = ledger.reassignments.findLast(({ taskId }) => taskId === task.id);
      const taker = agent === '' ? (ledger.begun.get(task.id)?.agent ?? '') : agent;
      if (!planned.has(task.id)) planned.set(task.id, { task, agent: reassigned?.to ?? taker });
    }
  }
  const spoken = new Set([...ledger.begun.keys(), ...ledger.completions.keys(), ...ledger.failures.keys()]);
  return [
    ...[...planned.values()].map(({ task, agent }) => plannedTask(task, agent, sight)),
    ...[...spoken].filter((id) => !planned.has(id)).map((id) => spokenTask(id, sight)),
  ];
}

function plannedTask(task: PlanTask, agent: string, sight: TaskSight): ObservedTask {
  const { ledger, tracked } = sight;
  const modify = task.files.modify.map(plain);
  return {
    id: task.id,
    title: task.title,
    agent,
    isPlanned: true,
    wasMoved: ledger.reassignments.some(({ taskId }) => taskId === task.id),
    dependsOn: task.depends_on,
    files: [...task.files.create, ...task.files.modify].map(plain),
    missingFiles:
      tracked.size === 0 ? [] : modify.filter((path) => !/[*?[{/]$|[*?[{]/u.test(path) && !tracked.has(path)),
    estimateMinutes: task.estimate_minutes,
    startMinute: task.start_minute,
    gates: requiredGates({ acceptance: task.acceptance, gates: task.gates ?? [] }, sight.gates),
    isCheckpoint: task.checkpoint ?? false,
    ...saidOf(task.id, agent, ledger),
  };
}

function spokenTask(id: string, { ledger, gates }: TaskSight): ObservedTask {
  const begun = ledger.begun.get(id);
  const agent = begun?.agent ?? ledger.completions.get(id)?.at(-1)?.agent ?? '';
  return {
    id,
    title: begun?.title ?? '',
    agent,
    isPlanned: false,
    wasMoved: false,
    dependsOn: [],
    files: [],
    missingFiles: [],
    estimateMinutes: 0,
    startMinute: Number.MAX_SAFE_INTEGER,
    gates: requiredGates({ acceptance: undefined, gates: [] }, gates),
    isCheckpoint: false,
    ...saidOf(id, agent, ledger),
  };
}

type SaidOfTask = Pick<
  ObservedTask,
  'startedAt' | 'completion' | 'failures' | 'evidence' | 'verdict' | 'skippedBy' | 'reopenedAt'
>;

function saidOf(id: string, agent: string, ledger: CommLedger): SaidOfTask {
  const { words } = ledger;
  const begun = ledger.begun.get(id);
  const reports = (ledger.completions.get(id) ?? []).filter((each) => !words.isReopened(id, each));
  // The owner's own report counts; another's is shown, as a claim.
  const completion = reports.find((report) => isSameAgent(report.agent, agent)) ?? reports.at(-1);
  return {
    startedAt: begun === undefined || words.isReopened(id, begun) ? undefined : begun.at,
    completion,
    failures: (ledger.failures.get(id) ?? []).map((failure) =>
      words.isReopened(id, failure) ? { ...failure, isCured: true } : failure,
    ),
    evidence: words.evidenceOf(id, agent),
    verdict: completion === undefined ? undefined : words.verdictOn(id, completion),
    skippedBy: words.skippedBy(id),
    reopenedAt: words.reopenedAt(id),
  };
}

function plain(path: string): string {
  return path.replace(/^\/+/u, '');
}
