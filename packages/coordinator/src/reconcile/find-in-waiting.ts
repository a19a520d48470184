import { renderDuration } from '#protocol';
import { finding, type Finding } from '../model/finding.ts';
import type { ObservedLease, Snapshot } from '../model/snapshot.ts';
import type { WaitingCycle } from './waiting-cycles.ts';

/** Who has to give way in a cycle, and why it. */
export interface Victim {
  readonly lease: ObservedLease;
  readonly why: string;
}

/** The holder whose lease in the cycle is youngest loses least; `undefined` when no lease is part of it. */
export function victimOf(cycle: WaitingCycle): Victim | undefined {
  const leases = cycle.flatMap(({ lease }) => (lease === undefined ? [] : [lease]));
  const [lease] = leases.toSorted((a, b) => b.acquiredAt - a.acquiredAt || b.token - a.token);
  return lease === undefined
    ? undefined
    : { lease, why: `${lease.agent} took ${lease.path} last, so it loses least` };
}

/** A name for a cycle that lasts as long as the cycle does. */
export function cycleKey(cycle: WaitingCycle): string {
  return cycle
    .map(({ from }) => from)
    .toSorted()
    .join('+');
}

/** Waiting cycles, and blocks that last too long. */
export function findInWaiting(
  snapshot: Snapshot,
  cycles: readonly WaitingCycle[],
  now: number,
): readonly Finding[] {
  const blocked = snapshot.agents.filter(({ said }) => {
    const isWaiting = said?.status === 'BLOCKED' || said?.status === 'WAITING';
    const since = said?.waitingSince ?? said?.at;
    return isWaiting && since !== undefined && now - since > snapshot.patience.longBlockMs;
  });
  return [
    ...cycles.map((cycle) =>
      finding({
        kind: 'WAITING_CYCLE',
        key: cycleKey(cycle),
        severity: 'error',
        message: `${[...cycle.map(({ from }) => from), cycle[0]?.from ?? ''].join(' → ')} wait for one another`,
        agents: cycle.map(({ from }) => from),
        paths: cycle.flatMap(({ lease }) => (lease === undefined ? [] : [lease.path])),
        evidence: [
          ...cycle.map(({ why }) => why),
          `victim: ${victimOf(cycle)?.why ?? 'none, no lease is part of it'}`,
        ],
      }),
    ),
    ...blocked.map(({ id, said }) => {
      const since = said?.waitingSince ?? said?.at;
      return finding({
        kind: 'LONG_BLOCK',
        key: `${id}:${said?.waitingFor ?? ''}`,
        severity: 'warning',
        message: `${id} is ${said?.status ?? 'BLOCKED'} for ${renderDuration(now - (since ?? now))}${said?.waitingFor === undefined ? '' : `, waiting for ${said.waitingFor}`}`,
        agents: [id],
        tasks: said?.taskId === undefined ? [] : [said.taskId],
        since,
      });
    }),
  ];
}
