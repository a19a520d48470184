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

/** One scripted agent. */
export interface SimAgent {
  readonly id: string;
  /** Lives for one step of the given length; sees the tasks as the files show them. */
  readonly step: (ms: number, tasks: readonly ObservedTask[]) => void;
  /** Time it spent waiting for leases. */
  readonly waitedMs: () => number;
  readonly busyMs: () => number;
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

/** An agent that works through its tasks: waits for dependencies and leases, works, proves, releases, goes on. */
export function createSimAgent(id: string, from: AgentWorld): SimAgent {
  const { world, random, faults, store, squadDir } = from;
  let work: Work | undefined;
  let stalledMs = 0;
  let waitedMs = 0;
  let busyMs = 0;
  let lastSaid = '';
  world.start(id);
  const say = (block: DistributiveOmit<UnplacedBlock, 'author' | 'at' | 'extra'>): void => {
    const at = Math.floor(world.clock.wallMs() / 1000) * 1000;
    appendBlock(store, squadDir, { author: id, at, extra: {}, ...block } as UnplacedBlock);
    world.renew(id);
  };
  const status = (word: 'ACTIVE' | 'WAITING' | 'COMPLETE', taskId?: string, waitingFor?: string): void => {
    const gist = `${word} ${taskId ?? ''} ${waitingFor ?? ''}`;
    if (gist === lastSaid && !random.chance(0.2)) return;
    lastSaid = gist;
    const waiting =
      waitingFor === undefined
        ? {}
        : { waitingFor, waitingSince: Math.floor(world.clock.wallMs() / 1000) * 1000 };
    say({
      kind: 'status',
      status: word,
      filesModified: [],
      ...(taskId === undefined ? {} : { taskId }),
      ...waiting,
    });
  };
  const begin = (tasks: readonly ObservedTask[]): void => {
    const finished = new Set(tasks.filter(isProven).map((task) => task.id));
    const own = tasks.filter((task) => task.agent === id && !finished.has(task.id));
    const task = own.find(({ dependsOn }) => dependsOn.every((each) => finished.has(each)));
    const first = own[0];
    if (task !== undefined) {
      const estimate = task.estimateMinutes * 60_000 * (0.5 + random.next());
      work = { task, remainingMs: estimate, isGreedy: random.chance(faults.greed), taken: 0 };
    } else if (first === undefined) status('COMPLETE');
    else
      status(
        'WAITING',
        first.id,
        first.dependsOn.find((each) => !finished.has(each)),
      );
  };
  const take = (current: Work, ms: number): boolean => {
    const { files } = current.task;
    while (current.taken < files.length) {
      const wanted = current.isGreedy ? files.slice(current.taken, current.taken + 1) : files;
      if (!world.acquire(id, wanted)) {
        waitedMs += ms;
        status('WAITING', current.task.id, wanted[0]);
        return false;
      }
      current.taken += wanted.length;
      if (current.isGreedy) return current.taken === files.length;
    }
    return true;
  };
  const doWork = (current: Work, ms: number): void => {
    const held = new Set(
      world
        .held()
        .filter((lease) => lease.agent === id)
        .map(({ path }) => path),
    );
    // Fenced: what is no longer held may not be finished.
    if (current.task.files.slice(0, current.taken).some((file) => !held.has(file))) {
      world.release(id);
      work = undefined;
      return;
    }
    if (!take(current, ms)) return;
    status('ACTIVE', current.task.id);
    busyMs += ms;
    current.remainingMs -= ms;
    if (current.remainingMs > 0) return;
    if (random.chance(faults.failure))
      say({ kind: 'error-report', taskId: current.task.id, error: 'the tests fail', attempts: [] });
    else
      say({
        kind: 'completion',
        taskId: current.task.id,
        filesModified: [],
        evidence: [{ command: 'test', exitCode: 0 }],
      });
    lastSaid = '';
    world.release(id);
    work = undefined;
  };
  return {
    id,
    step(ms, tasks) {
      if (!world.isRunning(id)) return;
      if (!from.isImmortal && random.chance(faults.crash)) return world.kill(id);
      if (stalledMs > 0) stalledMs -= ms;
      else if (random.chance(faults.stall)) stalledMs = random.between(5, 45) * 60_000;
      else {
        const current = work;
        const isMine =
          current !== undefined && tasks.some((task) => task.id === current.task.id && task.agent === id);
        if (current !== undefined && !isMine) {
          world.release(id);
          work = undefined;
        }
        if (work === undefined) begin(tasks);
        if (work !== undefined) doWork(work, ms);
      }
    },
    waitedMs: () => waitedMs,
    busyMs: () => busyMs,
  };
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** Complete as the protocol means it: by its owner, with evidence. */
export function isProven({ completion, agent }: ObservedTask): boolean {
  return completion?.agent === agent && completion.evidence.some(({ exitCode }) => exitCode === 0);
}
