import { readConfig, type Config } from '#config';
import { openLocks, type Locks } from '#lock';
import { readOwnership, type CompiledMatrix } from '#ownership';
import { requireDuration } from '#protocol';
import { openJournal, type Journal, type SquadHome } from '#store';
import type { GuardPorts } from './guard-ports.ts';

/** The shared `.squad/` that governs a path, opened for the guard. */
export interface SquadView {
  readonly home: SquadHome;
  readonly config: Config;
  readonly matrix: CompiledMatrix;
  readonly locks: Locks;
  readonly journal: Journal;
  /** Length of the leases that the guard takes. */
  readonly leaseTtlMs: number;
}

/** Opens a `.squad/`. Unreadable settings or an unreadable matrix are `INPUT_INVALID`: an internal failure of the guard. */
export async function openSquadView(ports: GuardPorts, home: SquadHome): Promise<SquadView> {
  const { store, clock, newId } = ports;
  const { squadDir } = home;
  const config = await readConfig(store, squadDir);
  const matrix = await readOwnership(store, squadDir);
  const journal = openJournal({ store, squadDir, clock, newId });
  const leaseTtlMs = requireDuration(config.guard.leaseTtl);
  const maxHoldMs = requireDuration(config.lock.maxHold);
  const locks = openLocks(
    { store, squadDir, clock, newId, journal },
    {
      ttlMs: leaseTtlMs,
      maxHoldMs,
      isBrief: true,
      worktreeRoot: home.worktreeRoot,
    },
  );
  return { home, config, matrix, locks, journal, leaseTtlMs };
}
