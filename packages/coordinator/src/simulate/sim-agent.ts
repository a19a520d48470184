import { appendBlock, type UnplacedBlock } from '#comms';
import type { Store } from '#store';
import type { ObservedTask } from '../model/snapshot.ts';
import type { Random } from './random.ts';
import type { VirtualWorld } from './virtual-world.ts';

/** How a simulated agent misbehaves, as chances per step. */
export interface Faults {
  readonly crash: number;
  readonly stall: number;
  readonly failure: number;
  /** Takes its files one by one instead of all at once, which is what makes cycles. */
  readonly greed: number;
}

/** What an agent lives in. */
export interface AgentWorld {
  readonly store: Store;
  readonly squadDir: string;
  readonly world: VirtualWorld;
  readonly random: Random;
  readonly faults: Faults;
  /** True for one that never crashes, so that somebody is left to finish. */
  readonly isImmortal: boolean;
}

interface Work {
  readonly task: ObservedTask;
  readonly isGreedy: boolean;
  remainingMs: number;
  taken: number;
}

/** One scripted agent: waits for dependencies and leases, works, proves, releases, goes on. */
export class SimAgent {
  readonly id: string;
  /** Time it spent waiting for leases. */
  waitedMs = 0;
  busyMs = 0;
  readonly #from: AgentWorld;
  #work: Work | undefined;
  #stalledMs = 0;
  #lastSaid = '';
  #isBetweenTasks = true;

  constructor(id: string, from: AgentWorld) {
    this.id = id;
    this.#from = from;
    from.world.start(id);
  }

  /** Time until it is done with what it works on, none when it is about to begin; `undefined` while it does not work. */
  get remainingMs(): number | undefined {
    const work = this.#work;
    if (this.#stalledMs > 0 || !this.#from.world.isRunning(this.id)) return undefined;
    if (this.#isBetweenTasks) return 0;
    return work === undefined || work.taken < work.task.files.length ? undefined : work.remainingMs;
  }

  /**
   * Lives for one step of the given length; sees the tasks as the files show them. `part` of a whole step has that part
   * of its chances of misfortune.
   */
  step(ms: number, part: number, tasks: readonly ObservedTask[]): void {
    const { world, random, faults, isImmortal } = this.#from;
    if (!world.isRunning(this.id)) return;
    if (!isImmortal && random.chance(faults.crash * part)) world.kill(this.id);
    else if (this.#stalledMs > 0) this.#stalledMs -= ms;
    else if (random.chance(faults.stall * part)) this.#stalledMs = random.between(5, 45) * 60_000;
    else this.#live(ms, tasks);
  }

  #live(ms: number, tasks: readonly ObservedTask[]): void {
    this.#isBetweenTasks = false;
    const current = this.#work;
    const isMine = tasks.some((task) => task.id === current?.task.id && task.agent === this.id);
    if (current !== undefined && !isMine) this.#drop();
    if (this.#work === undefined) this.#begin(tasks);
    if (this.#work !== undefined) this.#workOn(this.#work, ms);
  }

  #begin(tasks: readonly ObservedTask[]): void {
    const { random, faults } = this.#from;
    const finished = new Set(tasks.filter(isProven).map((task) => task.id));
    const own = tasks.filter((task) => task.agent === this.id && !finished.has(task.id));
    const task = own.find(({ dependsOn }) => dependsOn.every((each) => finished.has(each)));
    const [first] = own;
    if (task !== undefined) {
      const remainingMs = task.estimateMinutes * 60_000 * (0.5 + random.next());
      this.#work = { task, remainingMs, isGreedy: random.chance(faults.greed), taken: 0 };
    } else if (first === undefined) this.#say('COMPLETE');
    else
      this.#say(
        'WAITING',
        first.id,
        first.dependsOn.find((each) => !finished.has(each)),
      );
  }

  #workOn(current: Work, ms: number): void {
    const held = new Set(
      this.#from.world.held().flatMap(({ agent, path }) => (agent === this.id ? [path] : [])),
    );
    // Fenced: what is no longer held may not be finished.
    if (current.task.files.slice(0, current.taken).some((file) => !held.has(file))) return this.#drop();
    if (!this.#take(current, ms)) return;
    this.#say('ACTIVE', current.task.id);
    this.busyMs += ms;
    current.remainingMs -= ms;
    if (current.remainingMs > 0) return;
    this.#report(current.task.id);
    this.#lastSaid = '';
    this.#drop();
  }

  #take(current: Work, ms: number): boolean {
    const { files } = current.task;
    while (current.taken < files.length) {
      const wanted = current.isGreedy ? files.slice(current.taken, current.taken + 1) : files;
      if (!this.#from.world.acquire(this.id, wanted)) {
        this.waitedMs += ms;
        this.#say('WAITING', current.task.id, wanted[0]);
        return false;
      }
      current.taken += wanted.length;
      if (current.isGreedy) return current.taken === files.length;
    }
    return true;
  }

  #drop(): void {
    this.#isBetweenTasks = true;
    this.#from.world.release(this.id);
    this.#work = undefined;
  }

  #report(taskId: string): void {
    const { random, faults } = this.#from;
    const base = { author: this.id, at: this.#now(), extra: {}, taskId };
    if (random.chance(faults.failure))
      this.#write({ ...base, kind: 'error-report', error: 'the tests fail', attempts: [] });
    else
      this.#write({
        ...base,
        kind: 'completion',
        filesModified: [],
        evidence: [{ command: 'test', exitCode: 0 }],
      });
  }

  #say(status: 'ACTIVE' | 'WAITING' | 'COMPLETE', taskId?: string, waitingFor?: string): void {
    const gist = `${status} ${taskId ?? ''} ${waitingFor ?? ''}`;
    // Now and then it says again what it said already, as living agents do.
    if (gist === this.#lastSaid && !this.#from.random.chance(0.2)) return;
    this.#lastSaid = gist;
    const waiting = waitingFor === undefined ? {} : { waitingFor, waitingSince: this.#now() };
    const base = { author: this.id, at: this.#now(), extra: {}, filesModified: [] };
    this.#write({ ...base, kind: 'status', status, ...(taskId === undefined ? {} : { taskId }), ...waiting });
  }

  #write(block: UnplacedBlock): void {
    appendBlock(this.#from.store, this.#from.squadDir, block);
    this.#from.world.renew(this.id);
  }

  #now(): number {
    return Math.floor(this.#from.world.clock.wallMs() / 1000) * 1000;
  }
}

/** Complete as the protocol means it: by its owner, with evidence. */
export function isProven({ completion, agent }: ObservedTask): boolean {
  return completion?.agent === agent && completion.evidence.some(({ exitCode }) => exitCode === 0);
}
