import { join } from 'node:path';
import { isSameAgent } from '#comms';
import type { Store } from '#store';
import type { JudgedAgent } from '../model/judgement.ts';
import type { ObservedProcess } from '../model/snapshot.ts';
import type { LeaseObservation } from './lease-source.ts';

type AgentProcess = LeaseObservation['processes'][number];

/**
 * Adds what was proven before of agents of which no process is recorded any more: a lease tells of its holder only until it
 * is released or moved, which is the first thing that is done for the dead.
 */
export function withDeathProofs(
  store: Store,
  squadDir: string,
  seen: readonly AgentProcess[],
): readonly AgentProcess[] {
  const isSeen = (agent: string): boolean => seen.some((each) => isSameAgent(each.agent, agent));
  return [...seen, ...readProofs(store, squadDir).filter(({ agent }) => !isSeen(agent))];
}

/** Keeps the proofs of exactly those agents that are judged dead now; to be called before anything is done for them. */
export function keepDeathProofs(store: Store, squadDir: string, agents: readonly JudgedAgent[]): void {
  const proofs = agents
    .filter(({ life }) => life === 'dead')
    .flatMap(({ id, processes }) => processes.map((process) => ({ agent: id, process })));
  const text = `${JSON.stringify({ v: 1, proofs })}\n`;
  const before = store.readText(pathOf(squadDir));
  if (before === text || (before === undefined && proofs.length === 0)) return;
  store.writeAtomic(pathOf(squadDir), text);
}

function pathOf(squadDir: string): string {
  return join(squadDir, '.run', 'deaths.json');
}

function readProofs(store: Store, squadDir: string): readonly AgentProcess[] {
  const text = store.readText(pathOf(squadDir));
  if (text === undefined) return [];
  try {
    const { proofs } = JSON.parse(text) as { readonly proofs?: unknown };
    return Array.isArray(proofs) ? proofs.flatMap(proofOf) : [];
  } catch {
    return []; // lost, it costs a proof, and the agent is silent instead of dead
  }
}

function proofOf(value: unknown): readonly AgentProcess[] {
  const { agent, process } = (value ?? {}) as { agent?: unknown; process?: Partial<ObservedProcess> };
  if (typeof agent !== 'string' || typeof process?.pid !== 'number' || typeof process.host !== 'string')
    return [];
  const { pid, host, source = 'lease', seenAt } = process;
  return [{ agent, process: { pid, host, life: 'dead', source, seenAt } }];
}
