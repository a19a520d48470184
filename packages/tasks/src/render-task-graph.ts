import { renderYaml } from '#markdown';
import { TASK_DEFAULTS, type Task } from './task.ts';

/** A `task-graph.yml` of these tasks; what holds by default is left out. Reading it gives the same tasks. */
export function renderTaskGraphYaml(tasks: readonly Task[]): string {
  return renderYaml({ tasks: tasks.map(fieldsOf) });
}

function fieldsOf(task: Task): Readonly<Record<string, unknown>> {
  const files = Object.fromEntries(Object.entries(task.files).filter(([, paths]) => paths.length > 0));
  const fields: Readonly<Record<string, unknown>> = {
    agent: task.agent,
    files: Object.keys(files).length > 0 ? files : undefined,
    depends_on: task.dependsOn,
    parallel_ok: task.parallelOk === TASK_DEFAULTS.parallelOk ? undefined : task.parallelOk,
    produces: task.produces,
    consumes: task.consumes,
    priority: task.priority === TASK_DEFAULTS.priority ? undefined : task.priority,
    checkpoint: task.checkpoint || undefined,
    acceptance: task.acceptance,
    gates: task.gates,
    criteria: task.criteria,
    retries: task.retries === TASK_DEFAULTS.retries ? undefined : task.retries,
    estimate_minutes: task.estimateMinutes,
    description: task.detail === '' ? undefined : task.detail,
  };
  const isSaid = (value: unknown): boolean =>
    value !== undefined && !(Array.isArray(value) && value.length === 0);
  return {
    id: task.id,
    title: task.title,
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => isSaid(value))),
  };
}
