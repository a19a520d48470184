import type { HeldLease, Locks, Obstacle } from '#lock';
import type { ProcessIdentity } from '#store';

const KIND = 'task:';

/** What came of a claim. */
export type ClaimOutcome =
  | { readonly kind: 'claimed'; readonly token: number; readonly expiresAt: number }
  | { readonly kind: 'held'; readonly by: Obstacle };

/** Claims of tasks. A claim is a lease on `task:<id>`: of any number of agents that ask at once, one gets it. */
export interface TaskClaims {
  readonly claim: (wish: {
    readonly id: string;
    readonly agent: string;
    readonly ttlMs?: number;
    readonly holder?: ProcessIdentity;
  }) => ClaimOutcome;
  /** Gives a claim back; nothing happens when it is not held. */
  readonly release: (id: string, agent: string) => void;
  /** Who holds what now: agent by task id. */
  readonly holders: () => ReadonlyMap<string, string>;
}

/** Opens the claims kept among the leases. */
export function openClaims(locks: Pick<Locks, 'acquire' | 'release' | 'table'>): TaskClaims {
  return {
    claim({ id, ...request }) {
      const outcome = locks.acquire({ ...request, resources: [{ name: KIND + id }], purpose: `task ${id}` });
      if (outcome.kind === 'acquired') return claimed(outcome.leases);
      const [by] = 'holders' in outcome ? outcome.holders : [];
      if (by === undefined) throw new Error(`a claim of ${id} was refused by nobody`);
      return { kind: 'held', by };
    },
    release: (id, agent) => void locks.release({ agent, resources: [KIND + id], wholly: true }),
    holders: () =>
      new Map(
        locks
          .table()
          .leases.filter(({ resource, reserved }) => resource.startsWith(KIND) && !reserved)
          .map(({ resource, agent }) => [resource.slice(KIND.length), agent]),
      ),
  };
}

function claimed(leases: readonly HeldLease[]): ClaimOutcome {
  const [lease] = leases;
  return { kind: 'claimed', token: lease?.token ?? 0, expiresAt: lease?.expiresAt ?? 0 };
}
