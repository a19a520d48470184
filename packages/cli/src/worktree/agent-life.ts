import { foldLastStatus, isSameAgent, readComms, type LastStatus } from '#comms';
import type { HeldLease, Locks } from '#lock';
import { renderDuration } from '#protocol';
import type { WorktreeState } from '#worktree';
import type { Io } from '../shell/io.ts';
import type { Squad } from '../shell/squad.ts';

/** Whether somebody works in a worktree, and what shows it. `unknown` whenever nothing shows either. */
export interface AgentLife {
  readonly id: string | null;
  readonly state: 'alive' | 'dead' | 'unknown';
  readonly evidence: string;
}

/** What can be known of agents beyond their worktrees. */
export interface LifeSources {
  readonly io: Io;
  readonly squad: Squad;
  readonly locks: Locks;
}

/**
 * Life of the agent of each worktree, by the worktree's name: a process that works in it, or the process behind one
 * of the agent's leases. What the agent said last is told, but proves nothing.
 */
export function agentLives(
  { io, squad, locks }: LifeSources,
  states: readonly WorktreeState[],
): ReadonlyMap<string, AgentLife> {
  const { leases } = locks.table();
  const said = foldLastStatus(readComms(io.store, squad.squadDir).blocks);
  return new Map(
    states.map(({ record, processes }) => {
      const id = record.agent ?? record.name;
      const held = leases.filter(({ agent }) => isSameAgent(agent, id));
      const words = lastWord(said.get(id), io.clock.wallMs());
      const [process] = processes;
      const life = process === undefined ? lifeByLeases(held) : alive(`process ${process}`);
      return [record.name, { id: record.agent ?? null, ...life, evidence: join(life.evidence, words) }];
    }),
  );
}

type Judgement = Pick<AgentLife, 'state' | 'evidence'>;

function alive(evidence: string): Judgement {
  return { state: 'alive', evidence };
}

function lifeByLeases(held: readonly HeldLease[]): Judgement {
  const living = held.find((lease) => lease.alive === 'alive');
  if (living !== undefined) return alive(`the holder of ${living.resource} runs`);
  const gone = held.find((lease) => lease.alive === 'dead');
  if (gone !== undefined) return { state: 'dead', evidence: `the holder of ${gone.resource} is gone` };
  return { state: 'unknown', evidence: '' };
}

function lastWord(last: LastStatus | undefined, now: number): string {
  if (last === undefined) return '';
  const age = last.block.at === undefined ? '' : ` ${renderDuration(now - last.block.at)} ago`;
  return `said ${last.status}${age}`;
}

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}
