import { randomBytes } from 'node:crypto';
import { readConfig } from '#config';
import { openLocks } from '#lock';
import { createIdSource, requireDuration, type Clock, type IdSource } from '#protocol';
import {
  createNodeStore,
  openJournal,
  requireSquadHome,
  systemClock,
  type Journal,
  type SquadHome,
  type Store,
} from '#store';
import type { WorktreeSettings } from '#worktree';
import { createLeaseKeeper } from '../lease-keeper.ts';
import type { LeaseKeeper } from '../leases.ts';
import { parsePrice, type Prices } from '../price.ts';
import type { RunOptions } from './run-options.ts';

/** A repository, opened for runs. */
export interface RunHome {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: IdSource;
  readonly random: () => number;
  readonly home: SquadHome;
  readonly journal: Journal;
  readonly worktree: WorktreeSettings;
  /** As configured, for clients that tell tokens only. */
  readonly prices: Prices;
  readonly keeper: (options: { readonly waitMs: number; readonly signal?: AbortSignal }) => LeaseKeeper;
}

// `lock.maxHold` is for holders who forget. A run's leases end with its process, however long that lives.
const MAX_HOLD_MS = 365 * 24 * 3_600_000;

/** Opens the `.squad/` that governs a folder, with the settings in force. */
export async function openRunHome(options: Pick<RunOptions, 'cwd' | 'env' | 'ports'>): Promise<RunHome> {
  const store = options.ports?.store ?? createNodeStore();
  const clock = options.ports?.clock ?? systemClock;
  const newId = options.ports?.newId ?? createIdSource(() => clock.wallMs(), randomBytes);
  const home = requireSquadHome(store, options.cwd, options.env ?? process.env);
  const { squadDir } = home;
  const journal = openJournal({ store, squadDir, clock, newId });
  const config = await readConfig(store, squadDir);
  const ttlMs = requireDuration(config.lock.ttl);
  const locks = openLocks({ store, squadDir, clock, newId, journal }, { ttlMs, maxHoldMs: MAX_HOLD_MS });
  return {
    store,
    clock,
    newId,
    random: options.ports?.random ?? Math.random,
    home,
    journal,
    worktree: config.worktree,
    prices: Object.fromEntries(
      Object.entries(config.run.prices).flatMap(([name, text]) => {
        const price = parsePrice(text);
        return price === undefined ? [] : [[name, price] as const];
      }),
    ),
    keeper: ({ waitMs, signal }) =>
      createLeaseKeeper({ locks, ttlMs, newId, waitMs, ...(signal && { signal }) }),
  };
}
