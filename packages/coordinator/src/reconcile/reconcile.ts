import type { Action } from '../model/action.ts';
import { finding, type Finding } from '../model/finding.ts';
import type { Judgement } from '../model/judgement.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { findInAgents } from './find-in-agents.ts';
import { findInCheckpoints } from './checkpoints.ts';
import { findInChanges } from './find-in-changes.ts';
import { findInLeases } from './find-in-leases.ts';
import { findInMessages } from './find-in-messages.ts';
import { findInTasks } from './find-in-tasks.ts';
import { findInWaiting } from './find-in-waiting.ts';
import { inOrder } from './in-order.ts';
import { judgeAgent } from './judge-agent.ts';
import { judgeTasks } from './judge-task.ts';
import { planActions, type ActionPolicy } from './plan-actions.ts';
import { waitingCycles } from './waiting-cycles.ts';
import { waitingGraph } from './waiting-graph.ts';

/**
 * Judges a snapshot: how agents and tasks really are, what is wrong, and what is to be done about it. Pure, and
 * independent of the order of everything in the snapshot; doing the actions and looking again yields none of them.
 */
export function reconcile(seen: Snapshot, now: number, policy: ActionPolicy): Judgement {
  const snapshot = inOrder(seen);
  const agents = snapshot.agents.map((agent) => judgeAgent(agent, now, snapshot.patience));
  const tasks = judgeTasks(snapshot);
  const cycles = waitingCycles(waitingGraph(snapshot, tasks));
  const findings = [
    ...findInLeases(snapshot, now),
    ...findInChanges(snapshot),
    ...findInWaiting(snapshot, cycles, now),
    ...findInMessages(snapshot, now),
    ...findInAgents(snapshot, { agents, tasks }, now),
    ...findInTasks(snapshot, tasks),
    ...findInCheckpoints(tasks),
    ...snapshot.doubts.map(({ kind, message }) =>
      finding({ kind: 'DOUBT', key: `${kind}:${message}`, severity: 'info', message }),
    ),
  ].toSorted(bySeverityThenKey);
  const actions = planActions({ snapshot, agents, tasks, cycles }, now, policy);
  return {
    agents,
    tasks,
    findings,
    actions: actions.toSorted((a: Action, b: Action) => compare(a.key, b.key)),
  };
}

const WEIGHT = { error: 0, warning: 1, info: 2 } as const;

function bySeverityThenKey(a: Finding, b: Finding): number {
  return WEIGHT[a.severity] - WEIGHT[b.severity] || compare(a.key, b.key);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
