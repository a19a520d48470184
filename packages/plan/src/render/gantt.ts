import type { Plan } from '../plan/plan.ts';

const WIDTH = 60;
const MOST_ROWS = 60;

/** A text chart of the schedule: one row a task, grouped by agent; cut after sixty rows. */
export function renderGantt(plan: Plan): string {
  const span = Math.max(1, plan.makespanMinutes);
  const critical = new Set(plan.criticalPath);
  const shown = plan.agents
    .flatMap(({ id }) =>
      plan.tasks.filter(({ agent }) => agent === id).toSorted((a, b) => a.startMinute - b.startMinute),
    )
    .slice(0, MOST_ROWS);
  const idWidth = shown.reduce((most, { id }) => Math.max(most, Math.min(32, id.length)), 0);
  const lines: string[] = [];
  let agent = '';
  for (const task of shown) {
    if (task.agent !== agent) lines.push(task.agent);
    agent = task.agent;
    const from = Math.round((task.startMinute * WIDTH) / span);
    const to = Math.max(from + 1, Math.round(((task.startMinute + task.estimateMinutes) * WIDTH) / span));
    const bar = `${' '.repeat(from)}${(critical.has(task.id) ? '#' : '=').repeat(to - from)}`.padEnd(WIDTH);
    lines.push(
      `  ${task.id.slice(0, 32).padEnd(idWidth)} |${bar}| ${task.startMinute}-${task.startMinute + task.estimateMinutes}`,
    );
  }
  if (plan.tasks.length > shown.length)
    lines.push(`… ${plan.tasks.length - shown.length} more tasks in the plans`);
  return lines.join('\n');
}
