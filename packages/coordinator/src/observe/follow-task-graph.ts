import { join } from 'node:path';
import type { PlanHeader } from '#protocol';
import type { Store } from '#store';
import { buildTaskGraph, loadTasks, type Task } from '#tasks';

const PLACES = ['task-graph.yml', 'task-graph.yaml', join('.claude', 'tasks')];

/**
 * Follows the task graph of a repository without plans (`task-graph.yml`, `.claude/tasks/`) as if each agent had a plan;
 * tasks of nobody stand under an empty name. Everything is read again when a file changed.
 */
export function followTaskGraph(store: Store, squadDir: string, root: string): () => readonly PlanHeader[] {
  let before = '';
  let headers: readonly PlanHeader[] = [];
  return () => {
    const now = fingerprint(store, root);
    if (now === before) return headers;
    before = now;
    const { tasks } = loadTasks({ store, squadDir, root });
    const { graph } = buildTaskGraph(tasks);
    headers = headersOf(graph.tasks, (id) => graph.dependenciesOf(id));
    return headers;
  };
}

function fingerprint(store: Store, root: string): string {
  const paths = PLACES.flatMap((place) => {
    const path = join(root, place);
    return store.stat(path)?.kind === 'folder' ? store.list(path).map((name) => join(path, name)) : [path];
  });
  return paths
    .map((path) => {
      const stat = store.stat(path);
      return stat === undefined ? '' : `${path} ${stat.size} ${stat.modifiedMs}`;
    })
    .join('\n');
}

function headersOf(
  tasks: readonly Task[],
  dependenciesOf: (id: string) => readonly string[],
): readonly PlanHeader[] {
  const agents = [...new Set(tasks.map(({ agent }) => agent ?? ''))];
  return agents.map((agent) => ({
    version: 1,
    agent,
    role: '',
    feature: '',
    prd_hash: '',
    tasks: tasks
      .filter((task) => (task.agent ?? '') === agent)
      .map((task) => ({
        id: task.id,
        title: task.title,
        files: task.files,
        depends_on: dependenciesOf(task.id),
        estimate_minutes: task.estimateMinutes,
        start_minute: 0,
        gates: task.gates,
        checkpoint: task.checkpoint,
        ...(task.acceptance === undefined ? {} : { acceptance: task.acceptance }),
      })),
  }));
}
