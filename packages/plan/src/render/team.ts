import type { PlanHeader, PlanTask } from '#protocol';

/** A task with the agent that has it. */
export interface TeamTask extends PlanTask {
  readonly agent: string;
}

/** Everything that plans of one team say about one another, looked up once. */
export interface TeamIndex {
  readonly byId: ReadonlyMap<string, TeamTask>;
  /** Tasks that wait for a task. */
  readonly dependents: ReadonlyMap<string, readonly TeamTask[]>;
  /** Tasks that write a path, in the order of their starts. */
  readonly writers: ReadonlyMap<string, readonly TeamTask[]>;
}

/** Indexes the plans of a team. */
export function indexTeam(headers: readonly PlanHeader[]): TeamIndex {
  const tasks = headers.flatMap(({ agent, tasks: own }) => own.map((task): TeamTask => ({ ...task, agent })));
  const writers = new Map<string, TeamTask[]>();
  const dependents = new Map<string, TeamTask[]>();
  for (const task of tasks.toSorted((a, b) => a.start_minute - b.start_minute)) {
    for (const path of writtenBy(task)) push(writers, path, task);
    for (const id of task.depends_on) push(dependents, id, task);
  }
  return { byId: new Map(tasks.map((task) => [task.id, task])), dependents, writers };
}

/** Paths that a task creates or changes. */
export function writtenBy(task: PlanTask): readonly string[] {
  return [...new Set([...task.files.create, ...task.files.modify])];
}

function push(map: Map<string, TeamTask[]>, key: string, task: TeamTask): void {
  const row = map.get(key);
  if (row === undefined) map.set(key, [task]);
  else row.push(task);
}
