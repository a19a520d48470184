import { renderDuration } from '#protocol';
import type { JudgedAgent, Life } from '../model/judgement.ts';
import type { ObservedAgent, Patience } from '../model/snapshot.ts';

// Clocks of blocks run in whole seconds, and a hook may note its process a moment after the word that it speaks.
const SLACK_MS = 5000;

/** Judges an agent by evidence; what was observed beats what was said. */
export function judgeAgent(agent: ObservedAgent, now: number, patience: Patience): JudgedAgent {
  const lastSeenAt = latest([
    agent.lastMessageAt,
    agent.lastArtefactAt,
    agent.lastRenewalAt,
    ...agent.processes.map(({ seenAt }) => seenAt),
  ]);
  const because = evidenceOf(agent, now);
  return { ...agent, lastSeenAt, because, life: lifeOf(agent, now, patience) };
}

/** The latest of several instants, some of them unknown. */
export function latest(instants: readonly (number | undefined)[]): number | undefined {
  const known = instants.filter((instant) => instant !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function lifeOf(agent: ObservedAgent, now: number, patience: Patience): Life {
  if (isProvablyDead(agent)) return 'dead';
  const isRunning = agent.processes.some(({ life }) => life === 'alive');
  const progressAt = latest([agent.lastMessageAt, agent.lastArtefactAt, agent.lastRenewalAt]);
  const isFresh = progressAt !== undefined && now - progressAt <= patience.silentAfterMs;
  if (!isRunning && !isFresh) return isResting(agent) ? 'idle' : 'unknown';
  if (isResting(agent)) return 'idle';
  if (agent.said?.status === 'WAITING' || agent.said?.status === 'BLOCKED') return 'waiting';
  return isFresh ? 'alive' : 'slow';
}

function isResting({ said }: ObservedAgent): boolean {
  return said === undefined || ['READY', 'COMPLETE', 'PAUSED', 'REVIEW'].includes(said.status);
}

// Every process known of it is gone, and nothing was heard since from one that is not known.
function isProvablyDead({ processes, lastMessageAt, lastRenewalAt }: ObservedAgent): boolean {
  if (processes.length === 0 || processes.some(({ life }) => life !== 'dead')) return false;
  const recordedAt = latest(processes.map(({ seenAt }) => seenAt)) ?? 0;
  const heardAt = latest([lastMessageAt, lastRenewalAt]) ?? 0;
  return heardAt <= recordedAt + SLACK_MS;
}

function evidenceOf(agent: ObservedAgent, now: number): readonly string[] {
  const ago = (label: string, at: number | undefined): readonly string[] =>
    at === undefined ? [] : [`${label} ${renderDuration(now - at)} ago`];
  return [
    ...agent.processes.map(
      ({ pid, host, life, source }) => `${source}: process ${pid} on ${host} is ${life}`,
    ),
    ...ago('last message', agent.lastMessageAt),
    ...ago('last file change', agent.lastArtefactAt),
    ...ago('last lease renewal', agent.lastRenewalAt),
  ];
}
