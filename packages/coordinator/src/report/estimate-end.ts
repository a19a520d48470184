import type { JudgedTask } from '../model/judgement.ts';

/**
 * When everything will be done if agents go on at the speed measured so far: each agent's unfinished estimates, times
 * measured by estimated time of what is done, and of what has run longer than that. `undefined` until something was
 * measured, and as long as a person has to decide first: no speed tells when that will be.
 */
export function estimateEnd(tasks: readonly JudgedTask[], now: number): number | undefined {
  if (tasks.some(({ state }) => state === 'review')) return undefined;
  const measured = tasks.flatMap(({ startedAt, completion, estimateMinutes }) =>
    startedAt === undefined || completion?.at === undefined || estimateMinutes === 0
      ? []
      : [{ tookMs: Math.max(0, completion.at - startedAt), plannedMs: estimateMinutes * 60_000 }],
  );
  const hoped = paceOf(measured);
  if (hoped === undefined) return undefined;
  // What runs longer than that already was measured as well.
  const overdue = tasks.flatMap(({ state, startedAt, estimateMinutes }) => {
    const tookMs = now - (startedAt ?? now);
    const plannedMs = estimateMinutes * 60_000;
    return state === 'active' && plannedMs > 0 && tookMs > plannedMs * hoped ? [{ tookMs, plannedMs }] : [];
  });
  const pace = paceOf([...measured, ...overdue]) ?? hoped;
  const left = new Map<string, number>();
  for (const { state, agent, estimateMinutes } of tasks) {
    if (!['complete', 'claimed', 'review', 'skipped'].includes(state))
      left.set(agent, (left.get(agent) ?? 0) + estimateMinutes * 60_000 * pace);
  }
  return left.size === 0 ? undefined : now + Math.max(...left.values());
}

function paceOf(
  spans: readonly { readonly tookMs: number; readonly plannedMs: number }[],
): number | undefined {
  const plannedMs = spans.reduce((sum, each) => sum + each.plannedMs, 0);
  return plannedMs === 0 ? undefined : spans.reduce((sum, each) => sum + each.tookMs, 0) / plannedMs;
}
