import type { Plan } from '#plan';
import type { WrittenPlan } from './write-plan.ts';

/** What a person wants to know after an allocation, in a screenful. */
export function renderSummary(plan: Plan, written: WrittenPlan | undefined): string {
  const width = plan.agents.reduce((most, { id }) => Math.max(most, id.length), 0);
  const agents = plan.agents.map(({ id, tasks, busyMinutes }) => {
    const shown = tasks.slice(0, 6).join(', ');
    return `  ${id.padEnd(width)}  ${count(tasks.length, 'task')}, ${busyMinutes} min: ${shown}${tasks.length > 6 ? ' …' : ''}`;
  });
  const shared = plan.ownership.filter(({ access }) => access === 'SEQUENTIAL').length;
  return [
    `${plan.feature}: ${count(plan.tasks.length, 'task')} for ${count(plan.agents.length, 'agent')} (${plan.agentsWhy})`,
    ...agents,
    `ends in ${plan.makespanMinutes} min; no schedule can end before ${plan.lowerBoundMinutes} min (${plan.lowerBoundKind})`,
    `critical path: ${plan.criticalPath.slice(0, 10).join(' → ')}${plan.criticalPath.length > 10 ? ' …' : ''}`,
    `${plan.ownership.length} ownership rows, ${shared} shared in turn, ${plan.handoffs.length} planned handoffs`,
    ...added(plan),
    ...changes(plan),
    ...result(written),
  ].join('\n');
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

/** Tasks that the document does not state. */
function added({ tasks, sharedFiles }: Plan): readonly string[] {
  return tasks
    .filter(({ why }) => why.added !== undefined)
    .map(({ id, files, isCheckpoint }) => {
      const paths = new Set([...files.create, ...files.modify]);
      const why = sharedFiles.find(({ path, form }) => form === 'shared first' && paths.has(path))?.why;
      return `added: ${why ?? (isCheckpoint ? `${id}, which a person approves: squad-task approve ${id}` : id)}`;
    });
}

function changes(plan: Plan): readonly string[] {
  const kept = plan.tasks.filter(({ state }) => state !== 'planned');
  const lines = plan.changes
    .slice(0, 12)
    .map(
      ({ id, kind, from, to }) =>
        `  ${kind} ${id}${from === undefined ? '' : ` from ${from}`}${to === undefined ? '' : ` to ${to}`}`,
    );
  return [
    ...(kept.length === 0
      ? []
      : [`kept as they are: ${kept.map(({ id, state }) => `${id} (${state})`).join(', ')}`]),
    ...(lines.length === 0 ? [] : ['changed since the plan before:', ...lines]),
    ...(plan.changes.length > 12 ? [`  … ${plan.changes.length - 12} more in the report`] : []),
  ];
}

function result(written: WrittenPlan | undefined): readonly string[] {
  if (written === undefined) return ['dry run: nothing was written'];
  const changed = written.files.filter(({ change }) => change !== 'unchanged' && change !== 'kept');
  const lines = changed.map(({ path, change }) => `  ${change.padEnd(8)} ${path}`);
  return [
    changed.length === 0 ? 'nothing changed: plans, matrix and report were up to date' : 'wrote:',
    ...lines,
    ...(written.backup === undefined
      ? []
      : [`the former text is in ${written.backup} (to undo: copy it back)`]),
    'next: squad-sync --watch, then start each agent with its AGENT_ID',
  ];
}
