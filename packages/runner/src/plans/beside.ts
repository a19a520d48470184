import { mayRunTogether, overlapsByPrefix, type Overlap, type Task } from '#tasks';
import { agentOf } from './agent-environment.ts';

/** Whether a task may start while another runs: never two of one agent, never two writers of one file. */
export function mayRunBeside(task: Task, other: Task, overlap: Overlap = overlapsByPrefix): boolean {
  return agentOf(task) !== agentOf(other) && mayRunTogether(task, other, overlap);
}
