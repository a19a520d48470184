import type { Action } from '../model/action.ts';
import type { JudgedAgent, JudgedTask } from '../model/judgement.ts';
import { unfinished } from './find-in-agents.ts';
import type { ActionPolicy, Situation } from './plan-actions.ts';
import { overlaps } from './waiting-graph.ts';

/**
 * Gives each idle agent that finished its own work one ready, unbegun task of an agent that has more than that to do.
 * A task whose files another unfinished task of its owner touches stays: moving it would move conflicts, not work.
 */
export function planRebalancing(situation: Situation, policy: ActionPolicy): readonly Action[] {
  const { agents, tasks } = situation;
  const idle = agents.filter((agent) => isDone(agent, tasks));
  // Work of the dead is reassigned, not balanced.
  const living = new Set(agents.filter(({ life }) => life !== 'dead').map(({ id }) => id));
  const given = new Set<string>();
  return idle.flatMap((agent): Action[] => {
    const task = tasks.find((each) => !given.has(each.id) && living.has(each.agent) && canMove(tasks, each));
    if (task === undefined) return [];
    given.add(task.id);
    return [
      {
        kind: 'rebalance-task',
        key: `rebalance-task:${task.id}`,
        policy: policy['rebalance-task'],
        taskId: task.id,
        from: task.agent,
        to: agent.id,
        reason: `${agent.id} has nothing left to do, ${task.agent} has more than ${task.id}`,
        evidence: [task.why],
        undo: `squad-sync reassign ${task.id} --to ${task.agent}`,
      },
    ];
  });
}

function isDone(agent: JudgedAgent, tasks: readonly JudgedTask[]): boolean {
  if (!agent.hasPlan || agent.said?.status !== 'COMPLETE' || agent.life === 'dead') return false;
  return unfinished(tasks, agent.id).length === 0;
}

function canMove(tasks: readonly JudgedTask[], task: JudgedTask): boolean {
  if (!task.isPlanned || task.state !== 'ready' || task.startedAt !== undefined) return false;
  const others = unfinished(tasks, task.agent).filter(({ id }) => id !== task.id);
  if (!others.some(({ state }) => state === 'active')) return false;
  return !others.some((other) => other.files.some((a) => task.files.some((b) => overlaps(a, b))));
}
