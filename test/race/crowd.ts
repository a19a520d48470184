import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Death } from './act.ts';
import type { Race } from './race.ts';

interface Member {
  readonly child: ChildProcess;
  isStopped: boolean;
}

const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The processes of a race; one that is killed is replaced. */
export class Crowd {
  readonly deaths = new Map<string, Death>();
  readonly failures: string[] = [];
  readonly #race: Race;
  readonly #logs: string;
  readonly #program: string;
  readonly #living = new Map<string, Member>();
  readonly #ended: Promise<void>[] = [];
  #untilUs = 0;
  #count = 0;

  constructor(race: Race, logs: string) {
    this.#race = race;
    this.#logs = logs;
    this.#program = join(race.folder, 'contender.cjs');
  }

  /** Starts everybody, and the clock. One bundled file starts in a third of the time of the modules it is made of. */
  async gather(): Promise<void> {
    await build({
      entryPoints: [fileURLToPath(new URL('worker.mjs', import.meta.url))],
      outfile: this.#program,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      conditions: ['dotsquad:source'],
      logLevel: 'error',
    });
    this.#untilUs = nowUs() + this.#race.seconds * 1e6;
    for (let index = 0; index < this.#race.processes; index += 1) this.#start();
  }

  /** Milliseconds until the contenders stop by themselves. */
  leftMs(): number {
    return (this.#untilUs - nowUs()) / 1000;
  }

  async kill(): Promise<boolean> {
    const [name, victim] = this.#pick() ?? [];
    if (name === undefined || victim === undefined) return false;
    // The instant before the signal: the kernel may free what the victim held before kill() returns.
    const at = nowUs();
    const isKilled = victim.child.kill('SIGKILL');
    if (isKilled) this.deaths.set(name, { at, seenAt: Infinity });
    if (this.leftMs() > 400) this.#start();
    return isKilled;
  }

  /** Stops one for longer than a lease lasts; counts only if it lived to go on. */
  async stop(ttlMs: number): Promise<boolean> {
    const [name, victim] = this.#pick() ?? [];
    if (name === undefined || victim === undefined) return false;
    victim.isStopped = true;
    victim.child.kill('SIGSTOP');
    await pause(ttlMs * (1.05 + Math.random() * 0.6));
    victim.child.kill('SIGCONT');
    victim.isStopped = false;
    return this.#living.has(name);
  }

  async allEnded(): Promise<void> {
    const guard = setTimeout(() => {
      for (const { child } of this.#living.values()) child.kill('SIGKILL');
      this.failures.push('some processes did not end by themselves');
    }, 60_000);
    for (let settled = -1; settled < this.#ended.length;) {
      settled = this.#ended.length;
      await Promise.all(this.#ended);
    }
    clearTimeout(guard);
  }

  #start(): void {
    const { kind, folder, resources, ttlMs, holdMs, waitMs, backOffMs, deeds, seed = 1 } = this.#race;
    const { verifies, unboundShare } = this.#race;
    const number = this.#count;
    this.#count += 1;
    const name = `w${number}`;
    const log = join(this.#logs, `${name}.ndjson`);
    const terms = {
      kind,
      folder,
      resources,
      ttlMs,
      holdMs,
      waitMs,
      backOffMs,
      deeds,
      verifies,
      unboundShare,
    };
    const task = { ...terms, name, number, log, untilUs: this.#untilUs, seed: seed * 7919 + number };
    const env = { ...process.env, ...(number % 2 === 1 ? this.#race.crookedEnv : {}) };
    delete env['NODE_EXTRA_CA_CERTS'];
    delete env['NODE_OPTIONS'];
    const child = spawn(process.execPath, [this.#program, JSON.stringify(task)], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#living.set(name, { child, isStopped: false });
    this.#ended.push(this.#endOf(name, child));
  }

  #endOf(name: string, child: ChildProcess): Promise<void> {
    let errors = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.on('exit', () => {
      const death = this.deaths.get(name);
      if (death !== undefined) this.deaths.set(name, { ...death, seenAt: nowUs() });
    });
    return new Promise((resolve) => {
      child.on('close', (code, signal) => {
        this.#living.delete(name);
        if (signal !== 'SIGKILL' && code !== 0)
          this.failures.push(`${name} ended with ${code ?? signal}: ${errors.slice(0, 600)}`);
        resolve();
      });
    });
  }

  #pick(): [string, Member] | undefined {
    const candidates = [...this.#living].filter(
      ([name, { isStopped }]) => !isStopped && !this.deaths.has(name),
    );
    return candidates[Math.floor(Math.random() * candidates.length)];
  }
}
