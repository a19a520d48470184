import { isSameAgent } from '#comms';
import type { PlanHeader, PlanTask } from '#protocol';
import type { ObservedTask } from '../model/snapshot.ts';
import type { CommLedger } from './comm-ledger.ts';

/** Every task that a plan or a message names, with what was said of it. A reassigned task is its new agent's. */
export function observeTasks(
  plans: readonly PlanHeader[],
  ledger: CommLedger,
  tracked: ReadonlySet<string>,
): readonly ObservedTask[] {
  const planned = new Map<string, { task: PlanTask; agent: string }>();
  for (const { agent, tasks } of plans) {
    for (const task of tasks) {
      // A copy in the receiver's plan; it counts only through the notice, which is written last.
      if (task.reassigned_from !== undefined) continue;
      const reassigned = ledger.reassignments.findLast(({ taskId }) => taskId === task.id);
      if (!planned.has(task.id)) planned.set(task.id, { task, agent: reassigned?.to ?? agent });
    }
  }
  const spoken = new Set([...ledger.begun.keys(), ...ledger.completions.keys(), ...ledger.failures.keys()]);
  return [
    ...[...planned.values()].map(({ task, agent }) => plannedTask(task, agent, { ledger, tracked })),
    ...[...spoken].filter((id) => !planned.has(id)).map((id) => spokenTask(id, ledger)),
  ];
}

function plannedTask(
  task: PlanTask,
  agent: string,
  from: { ledger: CommLedger; tracked: ReadonlySet<string> },
): ObservedTask {
  const modify = task.files.modify.map(plain);
  return {
    id: task.id,
    title: task.title,
    agent,
    isPlanned: true,
    wasMoved: from.ledger.reassignments.some(({ taskId }) => taskId === task.id),
    dependsOn: task.depends_on,
    files: [...task.files.create, ...task.files.modify].map(plain),
    missingFiles:
      from.tracked.size === 0
        ? []
        : modify.filter((path) => !/[*?[{/]$|[*?[{]/u.test(path) && !from.tracked.has(path)),
    estimateMinutes: task.estimate_minutes,
    startMinute: task.start_minute,
    ...saidOf(task.id, agent, from.ledger),
  };
}

function spokenTask(id: string, ledger: CommLedger): ObservedTask {
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
    ...saidOf(id, agent, ledger),
  };
}

function saidOf(
  id: string,
  agent: string,
  ledger: CommLedger,
): Pick<ObservedTask, 'startedAt' | 'completion' | 'failures'> {
  const reports = ledger.completions.get(id) ?? [];
  return {
    startedAt: ledger.begun.get(id)?.at,
    // The owner's own report counts; another's is shown, as a claim.
    completion: reports.find((report) => isSameAgent(report.agent, agent)) ?? reports.at(-1),
    failures: ledger.failures.get(id) ?? [],
  };
}

function plain(path: string): string {
  return path.replace(/^\/+/u, '');
}
