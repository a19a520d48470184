import type { PlanHeader, PlanTask } from '#protocol';
import { pathList } from './path-list.ts';
import type { TeamIndex } from './team.ts';

interface TaskContext {
  readonly header: PlanHeader;
  readonly team: TeamIndex;
}

/** One task of a plan, as the section "Tasks" shows it. */
export function renderTask({ header, team }: TaskContext, task: PlanTask, place: number): string {
  const { create, modify, read } = task.files;
  const others = task.depends_on.filter((id) => team.byId.get(id)?.agent !== header.agent);
  const waits = others.map((id) => `${id} of ${team.byId.get(id)?.agent ?? 'nobody'}`);
  const files = [
    ...(create.length > 0 ? [`create ${pathList(create)}`] : []),
    ...(modify.length > 0 ? [`modify ${pathList(modify)}`] : []),
    ...(read.length > 0 ? [`read ${pathList(read)}`] : []),
  ];
  const end = task.start_minute + task.estimate_minutes;
  return [
    `### ${place}. ${task.id}: ${oneLine(task.title)}`,
    `- Files: ${files.length === 0 ? 'none named; say in your comm file what you touch' : files.join('; ')}`,
    `- Dependencies: ${task.depends_on.length === 0 ? 'none' : task.depends_on.join(', ')}`,
    `- Output: ${oneLine(task.title)}`,
    `- Time: ${task.estimate_minutes} min (minute ${task.start_minute} to ${end})${task.priority === undefined ? '' : `, priority ${task.priority}`}`,
    ...(task.gates === undefined ? [] : [`- Gates: ${task.gates.map((gate) => `\`${gate}\``).join(', ')}`]),
    ...(task.checkpoint === true
      ? [`- Checkpoint: a person approves it (squad-task approve ${task.id}) before others build on it`]
      : []),
    `- Wait for: ${waits.length === 0 ? 'nobody' : waits.join(', ')}`,
    ...(waits.length === 0
      ? []
      : [
          `- Alternative task: ${alternative(header.tasks, task, others) ?? 'none; help with review or tests of your own files'}`,
        ]),
  ].join('\n');
}

/** The first later task that waits for none of what this one waits for, nor for this one. */
function alternative(
  tasks: readonly PlanTask[],
  task: PlanTask,
  awaited: readonly string[],
): string | undefined {
  const place = tasks.indexOf(task);
  const blocked = new Set([task.id, ...awaited]);
  for (const later of tasks.slice(place + 1)) {
    if (later.depends_on.some((id) => blocked.has(id))) blocked.add(later.id);
    else return later.id;
  }
  return undefined;
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}
