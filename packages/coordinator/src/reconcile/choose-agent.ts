import { isSameAgent } from '#comms';
import type { JudgedAgent, JudgedTask } from '../model/judgement.ts';
import type { Situation } from './plan-actions.ts';
import { unfinished } from './find-in-agents.ts';

/** The agent that a task should go to, and why it. */
export interface Choice {
  readonly agent: string;
  readonly why: string;
}

interface Candidate {
  readonly agent: JudgedAgent;
  readonly isSameRole: boolean;
  readonly shared: number;
  readonly loadMinutes: number;
}

/**
 * Picks who takes a task over: of the living agents with a plan, one of the same role, then the one that knows most of
 * its folders, then the least loaded, then by name. Never the present owner, nor one that failed at it.
 */
export function chooseAgent({ agents, tasks }: Situation, task: JudgedTask): Choice | undefined {
  const owner = agents.find(({ id }) => isSameAgent(id, task.agent));
  const [best] = agents
    .filter((agent) => isAvailable(agent, task))
    .map((agent): Candidate => {
      const own = tasks.filter((each) => isSameAgent(each.agent, agent.id));
      return {
        agent,
        isSameRole: agent.role !== undefined && agent.role === owner?.role,
        shared: sharedFolders(task, own),
        loadMinutes: unfinished(tasks, agent.id).reduce((sum, each) => sum + each.estimateMinutes, 0),
      };
    })
    .toSorted(byFitness);
  if (best === undefined) return undefined;
  const reasons = [
    ...(best.isSameRole ? ['same role'] : []),
    ...(best.shared > 0 ? [`works in ${best.shared} of its folders`] : []),
    best.loadMinutes === 0 ? 'has nothing left to do' : `has ${best.loadMinutes} min of work left`,
  ];
  return { agent: best.agent.id, why: `${best.agent.id} ${reasons.join(', ')}` };
}

function isAvailable(agent: JudgedAgent, task: JudgedTask): boolean {
  if (!agent.hasPlan || isSameAgent(agent.id, task.agent)) return false;
  if (task.failures.some((failure) => isSameAgent(failure.agent, agent.id))) return false;
  // One that never spoke may never have been started.
  return agent.said !== undefined && ['alive', 'idle', 'waiting'].includes(agent.life);
}

function sharedFolders(task: JudgedTask, own: readonly JudgedTask[]): number {
  const folders = (files: readonly string[]): readonly string[] =>
    files.map((file) => file.replace(/^\/+/u, '').split('/').slice(0, -1).join('/'));
  const known = new Set(own.flatMap(({ files }) => folders(files)));
  return new Set(folders(task.files).filter((folder) => known.has(folder))).size;
}

function byFitness(a: Candidate, b: Candidate): number {
  return (
    Number(b.isSameRole) - Number(a.isSameRole) ||
    b.shared - a.shared ||
    a.loadMinutes - b.loadMinutes ||
    (a.agent.id < b.agent.id ? -1 : 1)
  );
}
