import { writtenBy, type Task, type TaskGraph } from '#tasks';
import { agentOf } from './agent-environment.ts';
import type { Workspace } from './workspace.ts';

/** What a prompt template can say of a task: each value is ready to stand on a line of its own, or empty. */
export function taskFacts(
  task: Task,
  workspace: Workspace,
  around: { readonly graph: TaskGraph; readonly contracts: readonly string[] },
): Readonly<Record<string, string>> {
  const { graph, contracts } = around;
  const own = writtenBy(task);
  const depends = graph.dependenciesOf(task.id).map((id) => `${id} (${graph.find(id)?.title ?? ''})`);
  const isBranch = workspace.branch !== undefined;
  return {
    agent: agentOf(task),
    id: task.id,
    title: task.title,
    detail: task.detail,
    source: task.source.path,
    scope: own.length === 0 ? '' : `You write: ${own.join(', ')}`,
    reads: task.files.read.length === 0 ? '' : `You read, and never change: ${task.files.read.join(', ')}`,
    criteria: listed('It is done when:', task.criteria),
    acceptance:
      task.acceptance === undefined ? '' : `This command must succeed at the end: \`${task.acceptance}\``,
    contracts: listed(
      'Contracts that others rely on; change one only with its owner’s agreement:',
      contractsOf(task, contracts),
    ),
    depends: depends.length === 0 ? '' : `Finished before you, and in your tree: ${depends.join(', ')}`,
    place: isBranch
      ? `- You work in ${workspace.cwd}, on branch ${workspace.branch}, which is yours alone.`
      : '- You work in a tree that others change at the same time. Look at nothing but your own files as finished.',
    commit: isBranch
      ? `Commit your work on this branch in small steps.`
      : 'Do not commit: the person reviews and commits.',
  };
}

function contractsOf(task: Task, contracts: readonly string[]): readonly string[] {
  return [
    ...contracts,
    ...task.produces.map((name) => `${name} (you make it)`),
    ...task.consumes.map((name) => `${name} (you use it)`),
  ];
}

function listed(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : [title, ...items.map((item) => `- ${item}`)].join('\n');
}
