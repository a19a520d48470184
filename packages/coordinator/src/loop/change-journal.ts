import { COORDINATOR_ID } from '#protocol';
import type { Journal } from '#store';
import type { Finding } from '../model/finding.ts';
import type { JudgedTask } from '../model/judgement.ts';

/** Journals what came and went since the last tick: findings, and the plan whenever it changed. */
export function changeJournal(
  journal: Journal,
  openBefore: readonly string[],
): (findings: readonly Finding[], tasks: readonly JudgedTask[]) => void {
  let open = new Set(openBefore);
  let lastPlan = '';
  return (findings, tasks) => {
    const now = new Set(findings.map(({ key }) => key));
    for (const { key, kind, message, agents, paths } of findings) {
      if (open.has(key)) continue;
      journal.record({
        kind: 'finding.found',
        agent: COORDINATOR_ID,
        data: { key, kind, message, agents, paths },
      });
    }
    for (const key of open) {
      if (!now.has(key)) journal.record({ kind: 'finding.cleared', agent: COORDINATOR_ID, data: { key } });
    }
    open = now;
    const plan = tasks
      .filter(({ isPlanned }) => isPlanned)
      .map(({ id, agent, dependsOn, estimateMinutes }) => ({ id, agent, dependsOn, estimateMinutes }));
    const text = JSON.stringify(plan);
    if (plan.length > 0 && text !== lastPlan)
      journal.record({ kind: 'plan.observed', agent: COORDINATOR_ID, data: { tasks: plan } });
    lastPlan = text;
  };
}
