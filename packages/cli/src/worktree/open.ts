import { readConfig } from '#config';
import { findWorktree, readWorktrees, type WorktreeRecord, type WorktreeWorld } from '#worktree';
import { SquadError } from '#protocol';
import type { Call } from '../shell/command.ts';
import { openSquad, type Squad } from '../shell/squad.ts';

/** The worktrees of the repository that the caller stands in. */
export interface Worktrees {
  readonly squad: Squad;
  readonly world: WorktreeWorld;
}

/** Opens them; `NO_REPOSITORY` where there is no git. */
export async function openWorktrees({ io }: Call): Promise<Worktrees> {
  const squad = openSquad(io);
  if (!squad.isGit) {
    throw new SquadError({
      code: 'NO_REPOSITORY',
      message: `${io.cwd} is not in a git repository, so it has no worktrees`,
      hint: 'run: git init',
    });
  }
  const { worktree: settings } = await readConfig(io.store, squad.squadDir);
  const { store, clock, newId } = io;
  return { squad, world: { store, clock, newId, home: squad, settings } };
}

/** The worktrees that a command names, or all of them when it names none. */
export function namedOrAll(world: WorktreeWorld, names: readonly string[]): readonly WorktreeRecord[] {
  if (names.length === 0) return readWorktrees(world.store, world.home.squadDir);
  return names.map((name) => findWorktree(world, name));
}
