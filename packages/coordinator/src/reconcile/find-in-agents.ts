import { isSameAgent } from '#comms';
import { renderDuration } from '#protocol';
import { finding, type Finding } from '../model/finding.ts';
import type { JudgedAgent, JudgedTask } from '../model/judgement.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** Agents that are dead, silent or stuck while something depends on them. */
export function findInAgents(
  snapshot: Snapshot,
  judged: { readonly agents: readonly JudgedAgent[]; readonly tasks: readonly JudgedTask[] },
  now: number,
): readonly Finding[] {
  return judged.agents.flatMap((agent): readonly Finding[] => {
    const tasks = unfinished(judged.tasks, agent.id).map(({ id }) => id);
    const paths = snapshot.leases
      .filter((lease) => isSameAgent(lease.agent, agent.id))
      .map(({ path }) => path);
    const hasBegun = agent.said !== undefined && !['READY', 'COMPLETE', 'PAUSED'].includes(agent.said.status);
    const isDeadWithWork = agent.life === 'dead' && tasks.length > 0;
    if (!hasBegun && !isDeadWithWork && paths.length === 0) return [];
    const base = {
      key: agent.id,
      agents: [agent.id],
      tasks,
      paths,
      since: agent.lastSeenAt,
      evidence: agent.because,
    };
    if (agent.life === 'dead') {
      const message = `${agent.id} is dead${tasks.length === 0 ? '' : ` with ${tasks.join(', ')} unfinished`}`;
      return [finding({ ...base, kind: 'AGENT_DEAD', severity: 'error', message })];
    }
    const silence = agent.lastSeenAt === undefined ? undefined : now - agent.lastSeenAt;
    if (agent.life === 'unknown' || agent.life === 'slow') {
      const message = `nothing was heard of ${agent.id}${silence === undefined ? '' : ` for ${renderDuration(silence)}`}; ${agent.life === 'slow' ? 'its process runs' : 'whether it lives cannot be told'}`;
      return [finding({ ...base, kind: 'AGENT_SILENT', severity: 'warning', message })];
    }
    const idle = stuckFor(snapshot, agent, now);
    if (idle === undefined) return [];
    const message = `${agent.id} says it works on ${agent.said?.taskId ?? 'its task'}, but no file of it changed for ${renderDuration(idle)}`;
    return [finding({ ...base, kind: 'AGENT_STUCK', severity: 'warning', message })];
  });
}

const NO_WORK_LEFT: ReadonlySet<JudgedTask['state']> = new Set(['complete', 'claimed', 'review', 'skipped']);

/** Tasks of the agent at which something is left to do for it. */
export function unfinished(tasks: readonly JudgedTask[], agent: string): readonly JudgedTask[] {
  return tasks.filter((task) => isSameAgent(task.agent, agent) && !NO_WORK_LEFT.has(task.state));
}

function stuckFor(snapshot: Snapshot, agent: JudgedAgent, now: number): number | undefined {
  if (agent.life !== 'alive' || agent.said?.status !== 'ACTIVE' || agent.lastArtefactAt === undefined)
    return undefined;
  const idle = now - agent.lastArtefactAt;
  return idle > snapshot.patience.stuckAfterMs ? idle : undefined;
}
