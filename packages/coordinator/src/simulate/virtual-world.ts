import type { Clock } from '#protocol';
import type { ObservedProcess } from '../model/snapshot.ts';
import type { LeaseSource } from '../observe/lease-source.ts';

interface VirtualLease {
  readonly path: string;
  agent: string;
  token: number;
  readonly acquiredAt: number;
  renewedAt: number;
  endsAt: number;
}

/** Time, processes and leases that only a simulation moves. */
export interface VirtualWorld {
  readonly clock: Clock;
  readonly pass: (ms: number) => void;
  readonly jump: (ms: number) => void;
  readonly start: (agent: string) => void;
  readonly kill: (agent: string) => void;
  readonly isRunning: (agent: string) => boolean;
  readonly sessions: () => readonly { readonly agent: string; readonly process: ObservedProcess }[];
  readonly leases: LeaseSource;
  /** All or none; queued on refusal. */
  readonly acquire: (agent: string, paths: readonly string[]) => boolean;
  readonly renew: (agent: string) => void;
  readonly release: (agent: string) => void;
  readonly held: () => readonly { readonly agent: string; readonly path: string }[];
  /** Leases that were taken from a running holder, which only a waiting cycle may do. */
  readonly robbed: readonly string[];
}

const TTL_MS = 1_800_000;

/** A world at a given moment; its lease table is the lease protocol's outcome, not its mechanism. */
export function createVirtualWorld(startMs: number): VirtualWorld {
  let bootMs = 1_000_000;
  let skewMs = startMs - bootMs;
  let nextPid = 100;
  let nextToken = 1;
  const processes = new Map<string, { pid: number; isAlive: boolean; seenAt: number }>();
  const leases: VirtualLease[] = [];
  const queue = new Map<string, { paths: readonly string[]; since: number }>();
  const robbed: string[] = [];
  const clock: Clock = { wallMs: () => bootMs + skewMs, bootMs: () => bootMs };
  const isRunning = (agent: string): boolean => processes.get(agent)?.isAlive === true;
  const isLive = (lease: VirtualLease): boolean => lease.endsAt > bootMs;
  const process = (agent: string, source: string): ObservedProcess | undefined => {
    const known = processes.get(agent);
    if (known === undefined) return undefined;
    return {
      pid: known.pid,
      host: 'sim',
      life: known.isAlive ? 'alive' : 'dead',
      source,
      seenAt: known.seenAt,
    };
  };
  const drop = (lease: VirtualLease): void => void leases.splice(leases.indexOf(lease), 1);
  const acquire = (agent: string, paths: readonly string[]): boolean => {
    const blockers = leases.filter(
      (lease) =>
        lease.agent !== agent && isLive(lease) && isRunning(lease.agent) && paths.includes(lease.path),
    );
    if (blockers.length > 0) {
      queue.set(agent, { paths, since: queue.get(agent)?.since ?? clock.wallMs() });
      return false;
    }
    queue.delete(agent);
    for (const lease of leases.filter(({ path }) => paths.includes(path))) drop(lease);
    const token = nextToken++;
    for (const path of paths)
      leases.push({
        path,
        agent,
        token,
        acquiredAt: clock.wallMs(),
        renewedAt: clock.wallMs(),
        endsAt: bootMs + TTL_MS,
      });
    return true;
  };
  return {
    clock,
    pass: (ms) => void (bootMs += ms),
    jump: (ms) => void (skewMs += ms),
    start: (agent) => void processes.set(agent, { pid: nextPid++, isAlive: true, seenAt: clock.wallMs() }),
    kill(agent) {
      const known = processes.get(agent);
      if (known !== undefined) processes.set(agent, { ...known, isAlive: false });
      queue.delete(agent);
    },
    isRunning,
    sessions: () =>
      [...processes.keys()].flatMap((agent) => {
        const found = process(agent, 'session');
        return found === undefined ? [] : [{ agent, process: found }];
      }),
    leases: {
      observe: () => ({
        leases: leases.filter(isLive).map((lease) => ({
          path: lease.path,
          agent: lease.agent,
          token: lease.token,
          purpose: undefined,
          acquiredAt: lease.acquiredAt,
          renewedAt: lease.renewedAt,
          expiresAt: lease.endsAt + skewMs,
          isExpired: false,
          holderLife: processes.get(lease.agent)?.isAlive === false ? ('dead' as const) : ('alive' as const),
        })),
        waits: [...queue].map(([agent, { paths, since }]) => ({ agent, paths, since })),
        processes: [],
      }),
      end({ path, token }) {
        const lease = leases.find((each) => each.path === path && each.token === token);
        if (lease === undefined) return false;
        if (isRunning(lease.agent)) robbed.push(`${lease.agent}:${path}`);
        drop(lease);
        return true;
      },
      move({ from, to, paths }) {
        const moved = leases.filter((lease) => lease.agent === from && paths.includes(lease.path));
        for (const lease of moved) Object.assign(lease, { agent: to, token: nextToken++ });
        return moved.map(({ path }) => path);
      },
    },
    acquire,
    renew(agent) {
      const known = processes.get(agent);
      if (known !== undefined) processes.set(agent, { ...known, seenAt: clock.wallMs() });
      for (const lease of leases.filter((each) => each.agent === agent && isLive(each)))
        Object.assign(lease, { renewedAt: clock.wallMs(), endsAt: bootMs + TTL_MS });
    },
    release(agent) {
      queue.delete(agent);
      for (const lease of leases.filter((each) => each.agent === agent)) drop(lease);
    },
    held: () => leases.filter(isLive).map(({ agent, path }) => ({ agent, path })),
    robbed,
  };
}
