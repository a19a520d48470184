import {
  createCoordinator,
  createObserver,
  createPerformer,
  lockLeases,
  readPolicy,
  type Performer,
  type Tick,
} from '#coordinator';
import { readConfig, type Config } from '#config';
import { openLocks } from '#lock';
import { requireDuration } from '#protocol';
import type { Call } from '../shell/command.ts';
import { notifyPerson } from './notify.ts';
import { openSquad, type Squad } from '../shell/squad.ts';

// What stopped or killed processes left among the leases is cleared this often.
const TIDY_EVERY_MS = 60_000;

/** A coordinator of the repository the call is made in. */
export interface OpenCoordinator {
  readonly squad: Squad;
  readonly config: Config;
  readonly tick: (hints: number) => Promise<Tick>;
  /** Does actions that a person asked for. */
  readonly perform: Performer;
}

/** Opens it; `acts` does actions, `writes` replaces the reports. */
export async function openCoordinator(
  call: Call,
  rights: { readonly acts: boolean; readonly writes: boolean },
): Promise<OpenCoordinator> {
  const { io } = call;
  const squad = openSquad(io);
  const { store, clock, newId } = io;
  const { squadDir, mainRoot, journal } = squad;
  const config = await readConfig(store, squadDir);
  const { ttl, maxHold } = config.lock;
  const settings = { ttlMs: requireDuration(ttl), maxHoldMs: requireDuration(maxHold) };
  const locks = openLocks({ store, squadDir, clock, newId, journal }, settings);
  const leases = lockLeases(locks, clock.wallMs);
  const observe = createObserver({ store, clock, squadDir, mainRoot, leases, config });
  const notify = (message: string): Promise<void> => notifyPerson(call, config.sync.notify, message);
  const perform = createPerformer({ store, squadDir, mainRoot, clock, journal, leases, notify });
  const policy = readPolicy(config.sync.policy);
  const tick = createCoordinator({
    store,
    squadDir,
    clock,
    journal,
    observe,
    perform: rights.acts ? perform : undefined,
    policy,
    writes: rights.writes,
  });
  let tidiedAt = -Infinity;
  const tidyingTick = (hints: number): Promise<Tick> => {
    if (rights.acts && clock.bootMs() - tidiedAt >= TIDY_EVERY_MS) {
      tidiedAt = clock.bootMs();
      locks.tidy();
    }
    return tick(hints);
  };
  return { squad, config, tick: tidyingTick, perform };
}
