import { isSameAgent } from '#comms';
import type { JudgedTask } from '../model/judgement.ts';
import type { ObservedLease, Snapshot } from '../model/snapshot.ts';
import { letsOthersBegin } from './judge-task.ts';

/** One agent cannot go on until another does something. */
export interface WaitEdge {
  readonly from: string;
  readonly to: string;
  readonly why: string;
  /** False where only the agent's own words say so. */
  readonly isProven: boolean;
  /** The lease that is waited for. */
  readonly lease?: ObservedLease;
}

/** Who waits for whom: across lock queues, dependencies of tasks, handoffs and what agents say they wait for. */
export function waitingGraph(snapshot: Snapshot, tasks: readonly JudgedTask[]): readonly WaitEdge[] {
  const edges = [
    ...snapshot.waits.flatMap(({ agent, paths }) =>
      paths.flatMap((path) => leaseEdges(snapshot, { agent, path, isProven: true })),
    ),
    ...snapshot.agents.flatMap((agent) => {
      const { said } = agent;
      if (said === undefined || (said.status !== 'WAITING' && said.status !== 'BLOCKED')) return [];
      return [
        ...dependencyEdges(agent.id, said.taskId, tasks),
        ...(said.waitingFor === undefined
          ? []
          : spokenEdges(snapshot, tasks, { agent: agent.id, target: said.waitingFor })),
      ];
    }),
  ];
  const unique = new Map<string, WaitEdge>();
  // A proven reason between two agents hides a spoken one.
  for (const edge of edges.toSorted((a, b) => Number(b.isProven) - Number(a.isProven))) {
    const key = `${edge.from}→${edge.to}`;
    if (edge.from !== edge.to && !unique.has(key)) unique.set(key, edge);
  }
  return [...unique.values()].toSorted((a, b) => (`${a.from}→${a.to}` < `${b.from}→${b.to}` ? -1 : 1));
}

function leaseEdges(
  snapshot: Snapshot,
  wait: { agent: string; path: string; isProven: boolean },
): readonly WaitEdge[] {
  return snapshot.leases
    .filter((lease) => !lease.isExpired && overlaps(lease.path, wait.path))
    .map((lease) => ({
      from: wait.agent,
      to: lease.agent,
      why: `${wait.agent} waits for ${wait.path}, held by ${lease.agent}`,
      isProven: wait.isProven,
      lease,
    }));
}

/** True when one of two paths is the other or lies under it, however a folder is written. */
export function overlaps(a: string, b: string): boolean {
  const [one, two] = [plain(a), plain(b)];
  return one === two || one.startsWith(`${two}/`) || two.startsWith(`${one}/`);
}

function plain(path: string): string {
  return path.replace(/^\/+|(?:\/\*{1,2})?\/*$/gu, '');
}

function dependencyEdges(
  agent: string,
  taskId: string | undefined,
  tasks: readonly JudgedTask[],
): readonly WaitEdge[] {
  const task = tasks.find(({ id }) => id === taskId);
  return (task?.dependsOn ?? []).flatMap((id) => {
    const dependency = tasks.find((each) => each.id === id);
    // What is in review waits for a person, not for its agent.
    const isOver = dependency?.state === 'review' || letsOthersBegin(dependency?.state);
    if (dependency === undefined || isOver || dependency.agent === '') return [];
    const why = `${agent}’s ${task?.id ?? ''} needs ${id} of ${dependency.agent}`;
    return [{ from: agent, to: dependency.agent, why, isProven: true }];
  });
}

// `Waiting for:` may name paths, tasks, handoffs, questions or agents.
function spokenEdges(
  snapshot: Snapshot,
  tasks: readonly JudgedTask[],
  wait: { agent: string; target: string },
): readonly WaitEdge[] {
  const { agent } = wait;
  const names = wait.target.split(/[\s,;]+/u).map((name) => name.replace(/^[`"'(]+|[`"').:]+$/gu, ''));
  const edge = (to: string, what: string): WaitEdge => ({
    from: agent,
    to,
    why: `${agent} says it waits for ${what}`,
    isProven: false,
  });
  return names.flatMap((name): readonly WaitEdge[] => {
    const other = snapshot.agents.find(({ id }) => isSameAgent(id, name));
    if (other !== undefined) return [edge(other.id, other.id)];
    const task = tasks.find(({ id }) => id === name);
    if (task !== undefined)
      return task.agent === '' || letsOthersBegin(task.state) ? [] : [edge(task.agent, task.id)];
    const handoff = snapshot.handoffs.find(({ id }) => id === name);
    if (handoff !== undefined)
      return [edge(isSameAgent(handoff.from, agent) ? handoff.to : handoff.from, `handoff ${name}`)];
    const path = plain(name);
    return path === '' ? [] : leaseEdges(snapshot, { agent, path, isProven: false });
  });
}
