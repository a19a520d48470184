import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readHistory, type History } from './act.ts';
import { overlapsIn } from './believe.ts';
import { Crowd } from './crowd.ts';
import type { Violation } from './lease-lives.ts';
import { checkHistory, type Universe } from './linearize.ts';

/** What a race is run with. */
export interface Race {
  readonly kind: 'squad' | 'proper-lockfile' | 'wx';
  readonly folder: string;
  readonly processes: number;
  readonly seconds: number;
  readonly ttlMs: number;
  readonly holdMs: number;
  /** How long a take waits in the queue; absent: one try. */
  readonly waitMs?: number;
  /** How long a refused contender rests at most. */
  readonly backOffMs?: number;
  readonly resources: readonly string[];
  readonly universe?: Universe;
  /** What contenders do, and how often each of it. */
  readonly deeds?: Readonly<Partial<Record<Deed, number>>>;
  /** Every holder asks the table once more before it lets go. */
  readonly verifies?: boolean;
  /** Share of the takes that do not name their process, so that only time can end them. */
  readonly unboundShare?: number;
  /** Kills per second of the whole run. */
  readonly killsPerSecond?: number;
  /** Stops past the TTL per second of the whole run. */
  readonly stopsPerSecond?: number;
  /** Environment of every other process: for a clock that lies. */
  readonly crookedEnv?: Readonly<Record<string, string>>;
  /** Called all the time: for a clock that jumps. */
  readonly meddle?: () => void;
  readonly seed?: number;
}

/** A way to take and give up leases. */
export type Deed =
  | 'plain'
  | 'shared'
  | 'several'
  | 'renewed'
  | 'reentered'
  | 'crossed'
  | 'transferred'
  | 'handed'
  | 'broken';

/** What came of it. */
export interface RaceResult {
  readonly history: History;
  readonly violations: readonly Violation[];
  readonly overlaps: readonly string[];
  readonly acquisitions: number;
  readonly kills: number;
  readonly stops: number;
  readonly failures: readonly string[];
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs contending processes, kills and stops some of them, and checks what they wrote down. Ends every process it started. */
export async function runRace(race: Race): Promise<RaceResult> {
  const logs = join(race.folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const crowd = new Crowd(race, logs);
  await crowd.gather();
  const [kills, stops] = await Promise.all([
    harass(crowd, race.killsPerSecond ?? 0, () => crowd.kill()),
    harass(crowd, race.stopsPerSecond ?? 0, () => crowd.stop(race.ttlMs)),
    meddle(crowd, race.meddle),
  ]);
  await crowd.allEnded();
  const history = readHistory(logs, crowd.deaths);
  return {
    history,
    violations: race.kind === 'squad' ? checkHistory(history, race.universe) : [],
    overlaps: overlapsIn(history, race.universe),
    acquisitions: history.acts.filter(({ kind }) => kind === 'taken').length,
    kills,
    stops,
    failures: crowd.failures,
  };
}

async function harass(crowd: Crowd, perSecond: number, deed: () => Promise<boolean>): Promise<number> {
  if (perSecond === 0) return 0;
  let count = 0;
  const deeds: Promise<boolean>[] = [];
  while (crowd.leftMs() > 500) {
    await pause((1000 / perSecond) * (0.5 + Math.random()));
    deeds.push(deed());
  }
  for (const done of await Promise.all(deeds)) count += Number(done);
  return count;
}

async function meddle(crowd: Crowd, deed: (() => void) | undefined): Promise<void> {
  if (deed === undefined) return;
  while (crowd.leftMs() > 0) {
    deed();
    await pause(150);
  }
}
