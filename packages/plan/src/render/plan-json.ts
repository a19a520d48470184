import type { Plan } from '../plan/plan.ts';

/** The document that `squad-allocate --json` prints: fixed fields in fixed order, further ones after them. */
export function planJson(plan: Plan): unknown {
  return {
    feature: plan.feature,
    prdHash: plan.prdHash,
    agents: plan.agents.map(({ id, role, plan: path, tasks, busyMinutes }) => ({
      id,
      role,
      plan: path,
      tasks,
      busyMinutes,
    })),
    tasks: plan.tasks.map((task) => ({
      id: task.id,
      title: task.title,
      agent: task.agent,
      files: task.files,
      dependsOn: task.dependsOn,
      estimateMinutes: task.estimateMinutes,
      startMinute: task.startMinute,
      why: task.why,
      ...(task.likely.length === 0 ? {} : { likely: task.likely }),
      state: task.state,
      slackMinutes: task.slackMinutes,
      ...(task.alternative === undefined ? {} : { alternative: task.alternative }),
    })),
    ownership: plan.ownership.map(({ path, owner, access, order, why }) => ({
      path,
      owner,
      access,
      ...(order.length > 0 ? { order } : {}),
      why,
    })),
    makespanMinutes: plan.makespanMinutes,
    lowerBoundMinutes: plan.lowerBoundMinutes,
    criticalPath: plan.criticalPath,
    alternatives: plan.alternatives,
    diagnostics: plan.diagnostics,
    source: plan.source,
    format: plan.format,
    agentsWhy: plan.agentsWhy,
    rosterWhy: plan.rosterWhy,
    lowerBoundKind: plan.lowerBoundKind,
    handoffWhy: plan.handoffWhy,
    sharedFiles: plan.sharedFiles,
    handoffs: plan.handoffs,
    syncPoints: plan.syncPoints,
    waves: plan.waves,
    changes: plan.changes,
    skipped: plan.skipped,
  };
}
