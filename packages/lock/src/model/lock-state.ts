import { LeaseTable } from './lease-table.ts';
import type { Lease, Notice, Ticket } from './lease.ts';

/** What the log amounts to. */
export interface LockState {
  /** Records folded since the log began, over all epochs. */
  readonly position: number;
  /** The token of the next grant. */
  readonly nextToken: number;
  readonly leases: LeaseTable;
  readonly tickets: readonly Ticket[];
  readonly notices: readonly Notice[];
}

/** Nothing held, nobody waiting. */
export function emptyState(nextToken = 1): LockState {
  return { position: 0, nextToken, leases: LeaseTable.of([]), tickets: [], notices: [] };
}

const FORMAT = 1;

/** The base of an epoch: the same bytes from whoever computes it. Leases come first in order of their names. */
export function renderBase(state: LockState): string {
  const leases = [...state.leases].sort(byNameAndToken);
  const { position, nextToken, tickets, notices } = state;
  return `${JSON.stringify({ v: FORMAT, position, nextToken, tickets, notices, leases })}\n`;
}

/** A base as found: the state, nothing usable, or one of a later format. */
export type BaseReading =
  | { readonly kind: 'state'; readonly state: LockState }
  | { readonly kind: 'unusable' }
  | { readonly kind: 'newer'; readonly version: number };

/** Reads a base. It was machine-made and published whole, so only its outline is checked. */
export function parseBase(text: string): BaseReading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'unusable' };
  }
  if (typeof value !== 'object' || value === null || !('v' in value)) return { kind: 'unusable' };
  if (typeof value.v === 'number' && value.v > FORMAT) return { kind: 'newer', version: value.v };
  const base = value as Partial<Record<keyof LockState, unknown>>;
  const { position, nextToken, leases, tickets, notices } = base;
  if (typeof position !== 'number' || typeof nextToken !== 'number') return { kind: 'unusable' };
  if (!Array.isArray(leases) || !Array.isArray(tickets) || !Array.isArray(notices))
    return { kind: 'unusable' };
  return {
    kind: 'state',
    state: {
      position,
      nextToken,
      leases: LeaseTable.of(leases as Lease[]),
      tickets: tickets as Ticket[],
      notices: notices as Notice[],
    },
  };
}

function byNameAndToken(a: Lease, b: Lease): number {
  if (a.resource !== b.resource) return a.resource < b.resource ? -1 : 1;
  return a.token - b.token || (a.agent < b.agent ? -1 : 1);
}
