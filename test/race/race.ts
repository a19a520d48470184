import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkHistory, readHistory, type History, type Verdict } from './history.ts';

/** What a race is run with. */
export interface Race {
  readonly kind: 'squad' | 'proper-lockfile' | 'wx';
  readonly folder: string;
  readonly processes: number;
  readonly seconds: number;
  readonly ttlMs: number;
  readonly holdMs: number;
  readonly waitMs?: number;
  readonly resources: readonly string[];
  /** Kills per second of the whole run. */
  readonly killsPerSecond?: number;
  /** Stops past the TTL per second of the whole run. */
  readonly stopsPerSecond?: number;
  /** Environment of every other process: for a clock that lies. */
  readonly crookedEnv?: Readonly<Record<string, string>>;
  readonly seed?: number;
}

/** What came of it. */
export interface RaceResult {
  readonly history: History;
  readonly verdict: Verdict;
  readonly acquisitions: number;
  readonly kills: number;
  readonly stops: number;
  readonly failures: readonly string[];
}

const WORKER = fileURLToPath(new URL('worker.mjs', import.meta.url));
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs contending processes, kills and stops some of them, and checks what they wrote down. Ends every process it started. */
export async function runRace(race: Race): Promise<RaceResult> {
  const logs = join(race.folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const untilMs = Date.now() + race.seconds * 1000;
  const crowd = new Crowd(race, logs, untilMs);
  for (let index = 0; index < race.processes; index += 1) crowd.start();
  const [kills, stops] = await Promise.all([
    harass(untilMs, race.killsPerSecond ?? 0, () => crowd.kill()),
    harass(untilMs, race.stopsPerSecond ?? 0, () => crowd.stop(race.ttlMs)),
  ]);
  await crowd.allEnded();
  const history = readHistory(logs, crowd.deaths);
  return {
    history,
    verdict: checkHistory(history, race.kind === 'squad'),
    acquisitions: history.holds.length,
    kills,
    stops,
    failures: crowd.failures,
  };
}

async function harass(untilMs: number, perSecond: number, deed: () => Promise<boolean>): Promise<number> {
  if (perSecond === 0) return 0;
  let count = 0;
  const deeds: Promise<boolean>[] = [];
  while (Date.now() < untilMs - 500) {
    await pause((1000 / perSecond) * (0.5 + Math.random()));
    deeds.push(deed());
  }
  for (const done of await Promise.all(deeds)) count += Number(done);
  return count;
}

/** The processes of a race; one that is killed is replaced. */
class Crowd {
  readonly deaths = new Map<string, number>();
  readonly failures: string[] = [];
  readonly #race: Race;
  readonly #logs: string;
  readonly #untilMs: number;
  readonly #living = new Map<string, { readonly child: ChildProcess; stopped: boolean }>();
  readonly #ended: Promise<void>[] = [];
  #count = 0;

  constructor(race: Race, logs: string, untilMs: number) {
    this.#race = race;
    this.#logs = logs;
    this.#untilMs = untilMs;
  }

  start(): void {
    const { kind, folder, resources, ttlMs, holdMs, waitMs = 0, seed = 1 } = this.#race;
    const number = this.#count;
    this.#count += 1;
    const name = `w${number}`;
    const log = join(this.#logs, `${name}.ndjson`);
    const task = {
      kind,
      folder,
      name,
      log,
      resources,
      ttlMs,
      holdMs,
      waitMs,
      untilMs: this.#untilMs,
      seed: seed * 7919 + number,
    };
    const crooked = number % 2 === 1 ? this.#race.crookedEnv : undefined;
    const env = { ...process.env, ...crooked };
    delete env['NODE_EXTRA_CA_CERTS'];
    delete env['NODE_OPTIONS'];
    const child = spawn(process.execPath, [WORKER, JSON.stringify(task)], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    this.#living.set(name, { child, stopped: false });
    this.#ended.push(
      new Promise((resolve) => {
        child.on('close', (code, signal) => {
          this.#living.delete(name);
          if (signal !== 'SIGKILL' && code !== 0)
            this.failures.push(`${name} ended with ${code ?? signal}: ${errors.slice(0, 600)}`);
          resolve();
        });
      }),
    );
  }

  async kill(): Promise<boolean> {
    const [name, victim] = this.#pick() ?? [];
    if (name === undefined || victim === undefined) return false;
    // The instant before the signal: the kernel may free what the victim held before kill() returns.
    this.deaths.set(name, nowUs());
    victim.child.kill('SIGKILL');
    if (Date.now() < this.#untilMs - 400) this.start();
    return true;
  }

  async stop(ttlMs: number): Promise<boolean> {
    const [, victim] = this.#pick() ?? [];
    if (victim === undefined) return false;
    victim.stopped = true;
    victim.child.kill('SIGSTOP');
    await pause(ttlMs * (0.3 + Math.random() * 1.2));
    victim.child.kill('SIGCONT');
    victim.stopped = false;
    return true;
  }

  async allEnded(): Promise<void> {
    const guard = setTimeout(() => {
      for (const { child } of this.#living.values()) child.kill('SIGKILL');
      this.failures.push('some processes did not end by themselves');
    }, 30_000);
    for (let settled = 0; settled < this.#ended.length; settled = this.#ended.length)
      await Promise.all(this.#ended);
    clearTimeout(guard);
  }

  #pick(): [string, { readonly child: ChildProcess; stopped: boolean }] | undefined {
    const candidates = [...this.#living].filter(([name, { stopped }]) => !stopped && !this.deaths.has(name));
    return candidates[Math.floor(Math.random() * candidates.length)];
  }
}
