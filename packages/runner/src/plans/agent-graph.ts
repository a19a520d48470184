import { buildTaskGraph, TASK_DEFAULTS, type Task, type TaskGraph } from '#tasks';

/** One item per agent in place of its tasks: each agent works through its whole plan by itself. */
export function agentGraph(graph: TaskGraph, agents: readonly string[]): TaskGraph {
  return buildTaskGraph(agents.map((agent) => agentItem(graph, agent))).graph;
}

// Agents of one matrix have no file in common, and those that wait for others do so through locks and messages; so the
// items carry no files and no dependencies.
function agentItem(graph: TaskGraph, agent: string): Task {
  const own = graph.tasks.filter((task) => task.agent === agent);
  const [first] = own;
  return {
    ...TASK_DEFAULTS,
    id: agent,
    agent,
    title: `the plan of ${agent}`,
    detail: own.map(({ id, title }) => `- ${id}: ${title}`).join('\n'),
    estimateMinutes: own.reduce((sum, { estimateMinutes }) => sum + estimateMinutes, 0),
    source: first?.source ?? { path: '', line: 1 },
  };
}
