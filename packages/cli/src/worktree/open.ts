import { join } from 'node:path';
import { readConfig } from '#config';
import { listWorktrees } from '#git';
import type { Locks } from '#lock';
import { byCodeUnit } from '#store';
import { findWorktree, readWorktrees, type WorktreeRecord, type WorktreeWorld } from '#worktree';
import { openLocksFor } from '../lock/open-locks.ts';
import type { Call } from '../shell/command.ts';
import { noRepository } from '../shell/no-repository.ts';
import { openSquad, type Squad } from '../shell/squad.ts';

/** The worktrees of the repository that the caller stands in. */
export interface Worktrees {
  readonly squad: Squad;
  readonly world: WorktreeWorld;
  readonly locks: Locks;
}

/** Opens them; `NO_REPOSITORY` where there is no git. */
export async function openWorktrees(call: Call): Promise<Worktrees> {
  const { io } = call;
  const squad = openSquad(io);
  if (!squad.isGit) throw noRepository(io.store, io.cwd);
  const { worktree: settings } = await readConfig(io.store, squad.squadDir);
  const { locks, maxHoldMs } = await openLocksFor(call);
  const { store, clock, newId } = io;
  const leases = {
    take: (resource: string, worktree: string): boolean =>
      locks.acquire({
        agent: holderOf(worktree),
        resources: [{ name: resource }],
        ttlMs: maxHoldMs,
        purpose: `worktree ${worktree}`,
      }).kind === 'acquired',
    free: (resource: string, worktree: string): void =>
      void locks.release({ agent: holderOf(worktree), resources: [resource], wholly: true }),
  };
  const home = { ...squad, mainRoot: await rootWithFiles(call, squad) };
  return { squad, locks, world: { store, clock, newId, home, settings, leases } };
}

// A bare repository has no files of its own: the first worktree that a person made stands for the main one.
async function rootWithFiles({ io }: Call, squad: Squad): Promise<string> {
  if (io.store.stat(join(squad.mainRoot, '.git')) !== undefined) return squad.mainRoot;
  const ours = new Set(readWorktrees(io.store, squad.squadDir).map(({ path }) => path));
  const others = (await listWorktrees(squad.worktreeRoot)).filter(
    ({ path, isBare, branch }) => !isBare && branch !== undefined && !ours.has(path),
  );
  return others.map(({ path }) => path).toSorted(byCodeUnit)[0] ?? squad.worktreeRoot;
}

// Not the agent itself: what it releases with --all must not give the worktree's ports away.
function holderOf(worktree: string): string {
  return `worktree-${worktree}`.slice(0, 64);
}

/** The worktrees that a command names, or all of them when it names none. */
export function namedOrAll(world: WorktreeWorld, names: readonly string[]): readonly WorktreeRecord[] {
  if (names.length === 0) return readWorktrees(world.store, world.home.squadDir);
  return names.map((name) => findWorktree(world, name));
}
