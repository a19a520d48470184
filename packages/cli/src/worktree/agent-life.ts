import type { WorktreeState } from '#worktree';
import type { Io } from '../shell/io.ts';
import type { Squad } from '../shell/squad.ts';

/** Whether somebody works in a worktree, and what shows it. `unknown` whenever nothing shows either. */
export interface AgentLife {
  readonly id: string | null;
  readonly state: 'alive' | 'unknown';
  readonly evidence: string;
}

/** Life of the agent of each worktree, by the worktree's name; only evidence counts, never a guess. */
export function agentLives(
  _io: Io,
  _squad: Squad,
  states: readonly WorktreeState[],
): ReadonlyMap<string, AgentLife> {
  return new Map(
    states.map(({ record, processes }) => {
      const id = record.agent ?? null;
      const [first] = processes;
      return [
        record.name,
        first === undefined
          ? { id, state: 'unknown', evidence: '' }
          : { id, state: 'alive', evidence: `process ${first}` },
      ];
    }),
  );
}
