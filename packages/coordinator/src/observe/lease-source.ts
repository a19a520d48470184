import type { ObservedLease, ObservedProcess, ObservedWait } from '../model/snapshot.ts';

/** What the lease table says at one moment. */
export interface LeaseObservation {
  readonly leases: readonly ObservedLease[];
  readonly waits: readonly ObservedWait[];
  /** Processes that leases are bound to, by agent. */
  readonly processes: readonly { readonly agent: string; readonly process: ObservedProcess }[];
}

/** Where leases are seen and ended: the lock service, or a simulation of it. */
export interface LeaseSource {
  readonly observe: () => LeaseObservation;
  /** Ends the lease if this token still holds it; false when it does not any more. */
  readonly end: (order: {
    readonly path: string;
    readonly token: number;
    readonly reason: string;
  }) => boolean;
  /** Moves leases of an agent to another; gives the paths that moved. */
  readonly move: (order: {
    readonly from: string;
    readonly to: string;
    readonly paths: readonly string[];
  }) => readonly string[];
}
