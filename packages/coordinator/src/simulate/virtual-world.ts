import type { Clock } from '#protocol';
import type { ObservedProcess } from '../model/snapshot.ts';
import type { LeaseObservation, LeaseSource } from '../observe/lease-source.ts';

interface VirtualLease {
  readonly path: string;
  readonly acquiredAt: number;
  agent: string;
  token: number;
  renewedAt: number;
  endsAt: number;
}

interface VirtualProcess {
  readonly pid: number;
  isAlive: boolean;
  seenAt: number;
}

const TTL_MS = 1_800_000;
const BOOT_MS = 1_000_000;

/**
 * Time, processes and leases that only a simulation moves. Its lease table is the lease protocol's outcome, not its
 * mechanism: one holder per path, dead and expired holders give way, tokens only grow.
 */
export class VirtualWorld {
  readonly clock: Clock;
  readonly leases: LeaseSource;
  #bootMs = BOOT_MS;
  #skewMs: number;
  #nextPid = 100;
  #nextToken = 1;
  readonly #processes = new Map<string, VirtualProcess>();
  readonly #table: VirtualLease[] = [];
  readonly #queue = new Map<string, { paths: readonly string[]; since: number }>();

  constructor(startMs: number) {
    this.#skewMs = startMs - BOOT_MS;
    this.clock = { wallMs: () => this.#bootMs + this.#skewMs, bootMs: () => this.#bootMs };
    this.leases = {
      observe: () => this.#observe(),
      end: (order) => this.#end(order),
      move: (order) => this.#move(order),
    };
  }

  pass(ms: number): void {
    this.#bootMs += ms;
  }

  /** Moves the wall clock only. */
  jump(ms: number): void {
    this.#skewMs += ms;
  }

  /** Simulated time since the beginning. */
  elapsedMs(): number {
    return this.#bootMs - BOOT_MS;
  }

  start(agent: string): void {
    this.#processes.set(agent, { pid: this.#nextPid, isAlive: true, seenAt: this.clock.wallMs() });
    this.#nextPid += 1;
  }

  kill(agent: string): void {
    const known = this.#processes.get(agent);
    if (known !== undefined) known.isAlive = false;
    this.#queue.delete(agent);
  }

  isRunning(agent: string): boolean {
    return this.#processes.get(agent)?.isAlive === true;
  }

  sessions(): readonly { readonly agent: string; readonly process: ObservedProcess }[] {
    return [...this.#processes].map(([agent, { pid, isAlive, seenAt }]) => ({
      agent,
      process: { pid, host: 'sim', life: isAlive ? 'alive' : 'dead', source: 'session', seenAt },
    }));
  }

  /** All or none; refused, the agent stands in the queue. */
  acquire(agent: string, paths: readonly string[]): boolean {
    const wallMs = this.clock.wallMs();
    const isTaken = this.#live().some(
      (lease) => lease.agent !== agent && this.isRunning(lease.agent) && paths.includes(lease.path),
    );
    if (isTaken) {
      this.#queue.set(agent, { paths, since: this.#queue.get(agent)?.since ?? wallMs });
      return false;
    }
    this.#queue.delete(agent);
    this.#drop(({ path }) => paths.includes(path));
    const token = this.#token();
    const endsAt = this.#bootMs + TTL_MS;
    this.#table.push(
      ...paths.map((path) => ({ path, agent, token, acquiredAt: wallMs, renewedAt: wallMs, endsAt })),
    );
    return true;
  }

  /** A sign of life: renews the agent's leases and its session's record. */
  renew(agent: string): void {
    const known = this.#processes.get(agent);
    if (known !== undefined) known.seenAt = this.clock.wallMs();
    for (const lease of this.#live().filter((each) => each.agent === agent)) {
      lease.renewedAt = this.clock.wallMs();
      lease.endsAt = this.#bootMs + TTL_MS;
    }
  }

  release(agent: string): void {
    this.#queue.delete(agent);
    this.#drop((lease) => lease.agent === agent);
  }

  held(): readonly { readonly agent: string; readonly path: string }[] {
    return this.#live().map(({ agent, path }) => ({ agent, path }));
  }

  #live(): VirtualLease[] {
    return this.#table.filter(({ endsAt }) => endsAt > this.#bootMs);
  }

  #token(): number {
    this.#nextToken += 1;
    return this.#nextToken - 1;
  }

  #drop(isGone: (lease: VirtualLease) => boolean): boolean {
    const kept = this.#table.filter((lease) => !isGone(lease));
    const hasDropped = kept.length < this.#table.length;
    this.#table.splice(0, this.#table.length, ...kept);
    return hasDropped;
  }

  #observe(): LeaseObservation {
    return {
      leases: this.#table.map(({ path, agent, token, acquiredAt, renewedAt, endsAt }) => ({
        path,
        agent,
        token,
        purpose: undefined,
        acquiredAt,
        renewedAt,
        expiresAt: endsAt + this.#skewMs,
        isExpired: endsAt <= this.#bootMs,
        holderLife: this.isRunning(agent) ? ('alive' as const) : ('dead' as const),
      })),
      waits: [...this.#queue].map(([agent, { paths, since }]) => ({ agent, paths, since })),
      processes: [],
    };
  }

  #end(order: { readonly path: string; readonly token: number }): boolean {
    return this.#drop(({ path, token }) => path === order.path && token === order.token);
  }

  #move(order: {
    readonly from: string;
    readonly to: string;
    readonly paths: readonly string[];
  }): readonly string[] {
    const moved = this.#table.filter(({ agent, path }) => agent === order.from && order.paths.includes(path));
    for (const lease of moved) Object.assign(lease, { agent: order.to, token: this.#token() });
    return moved.map(({ path }) => path);
  }
}
