import type { ProcessIdentity } from '#store';
import type { LeaseMode } from '../model/resource.ts';
import { sweepLitter } from '../log/tidy-log.ts';
import { dropBases, keepBases, sweepBases } from './base-copy.ts';
import { breakLease, release, renew, transfer, type TransferOutcome } from './change.ts';
import { openDesk, type LockPorts, type LockSettings } from './desk.ts';
import { describeNotice } from './describe.ts';
import { history, type HistoryEntry } from './history.ts';
import type {
  AcquireOutcome,
  AcquireRequest,
  HeldLease,
  LeaseSelection,
  LostLease,
  Obstacle,
  ReleaseOutcome,
  RenewOutcome,
  VerifyOutcome,
} from './lock-request.ts';
import { conflictsOf, leasesOn, pendingNotices, table, verify, type LockTable } from './look.ts';
import { rebuild } from './rebuild.ts';
import { acquire } from './take.ts';
import { refreshViews } from './views.ts';
import { acquireWaiting, type WaitOptions } from './wait.ts';

/**
 * The leases of one repository. Every change is one compare-and-swap on the log; every answer was true at some instant
 * during the call. Synchronous but for waiting.
 */
export interface Locks {
  /** One try: everything that is asked for, or who is in the way. */
  readonly acquire: (request: AcquireRequest) => AcquireOutcome;
  /** The same, waiting its turn in the queue. */
  readonly acquireWaiting: (request: AcquireRequest, options: WaitOptions) => Promise<AcquireOutcome>;
  readonly release: (selection: LeaseSelection & { readonly wholly?: boolean }) => ReleaseOutcome;
  readonly renew: (
    selection: LeaseSelection & { readonly ttlMs?: number; readonly holder?: ProcessIdentity },
  ) => RenewOutcome;
  readonly breakLease: (order: {
    readonly resource: string;
    readonly by: string;
    readonly reason: string;
    readonly session?: string;
    readonly token?: number;
  }) => { readonly broken: readonly LostLease[] };
  readonly transfer: (order: {
    readonly from: string;
    readonly to: string;
    readonly resources: readonly string[];
    readonly holder?: ProcessIdentity;
  }) => TransferOutcome;
  readonly verify: (claim: {
    readonly agent: string;
    readonly resource: string;
    readonly token?: number;
  }) => VerifyOutcome;
  readonly table: () => LockTable;
  readonly conflictsOf: (question: {
    readonly agent: string;
    readonly resources: readonly string[];
    readonly mode?: LeaseMode;
  }) => readonly Obstacle[];
  readonly leasesOn: (resource: string) => readonly HeldLease[];
  readonly history: (resource: string) => readonly HistoryEntry[];
  /** Leases the agent lost without being told yet; telling happens with its next change. */
  readonly noticesFor: (agent: string) => readonly LostLease[];
  /** Begins a new log in place of one that cannot be read. */
  readonly rebuild: (order: { readonly by: string; readonly reason: string }) => {
    readonly setAside: string;
  };
  /** Brings views in line with the table and removes what killed processes left; for a coordinator, or after a crash. */
  readonly tidy: (options?: { readonly litterOlderThanMs?: number }) => void;
  /**
   * Shows leases that are not shown yet and removes what this process keeps beside the log. Held leases stay held. Also
   * happens when the process ends; the locks may be used again afterwards.
   */
  readonly close: () => void;
}

/** Opens the leases of a `.squad/` folder. Nothing is read or made before the first call. */
export function openLocks(ports: LockPorts, settings: LockSettings): Locks {
  const desk = openDesk(ports, settings);
  return {
    acquire(request) {
      const outcome = acquire(desk, request);
      keepBases(desk, request, outcome);
      return outcome;
    },
    async acquireWaiting(request, options) {
      const outcome = await acquireWaiting(desk, request, options);
      keepBases(desk, request, outcome);
      return outcome;
    },
    release(selection) {
      const outcome = release(desk, selection);
      dropBases(desk, outcome.released);
      return outcome;
    },
    renew: (selection) => renew(desk, selection),
    breakLease: (order) => breakLease(desk, order),
    transfer: (order) => transfer(desk, order),
    verify: (claim) => verify(desk, claim),
    table: () => table(desk),
    conflictsOf: (question) => conflictsOf(desk, question),
    leasesOn: (resource) => leasesOn(desk, resource),
    history: (resource) => history(desk, resource),
    noticesFor: (agent) => pendingNotices(desk, agent).map(describeNotice),
    rebuild: (order) => rebuild(desk, order),
    tidy: ({ litterOlderThanMs } = {}) => {
      refreshViews(desk);
      desk.run(sweepLitter(desk.place, litterOlderThanMs));
      sweepBases(desk, litterOlderThanMs);
    },
    close: () => desk.closing.run(),
  };
}
