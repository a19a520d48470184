import { join } from 'node:path';
import { isSquadError, type Clock, type IdSource } from '#protocol';
import type { Journal, Store } from '#store';
import { append, type Appended, type Decide } from '../log/append-log.ts';
import { passBaton, takeBaton } from '../log/baton.ts';
import { drive, realWorld, type World } from '../log/drive.ts';
import { placeOf, type LogPlace } from '../log/layout.ts';
import type { LogView } from '../log/log-view.ts';
import { discardPage, type LogWriter } from '../log/page.ts';
import { readClock, type Protocol } from '../log/protocol.ts';
import { catchUp } from '../log/read-log.ts';
import { MAX_SNAPSHOT } from '../log/snapshot.ts';
import type { Applied } from '../model/apply.ts';
import type { Loss } from '../model/draft.ts';
import type { Lease, Notice } from '../model/lease.ts';
import type { LockState } from '../model/lock-state.ts';
import type { Moment } from '../model/moment.ts';
import type { LockRecord } from '../model/record.ts';
import { displayResource } from '../model/resource.ts';
import { openClosing, type Closing } from './closing.ts';
import { withEvidence } from './evidence.ts';
import { openPendingViews, type PendingViews } from './pending-views.ts';
import { knownFilesystem, type FilesystemRecord } from './require-filesystem.ts';
import { showChanges, showLasting } from './views.ts';

/** What the lock service works with. */
export interface LockPorts {
  readonly store: Store;
  /** Absolute path of `.squad/`. */
  readonly squadDir: string;
  readonly clock: Clock;
  readonly newId: IdSource;
  readonly journal?: Journal;
  /** Stands in for the machine in tests. */
  readonly world?: World;
}

/** How leases are given when a request does not say. */
export interface LockSettings {
  readonly ttlMs: number;
  readonly maxHoldMs: number;
  readonly epochSize?: number;
  /** This process ends after one command: it keeps nothing for the next and shows every lease at once. */
  readonly isBrief?: boolean;
  /** The checkout that this process works in: of each of its files that is granted a copy is kept, for who loses it. */
  readonly worktreeRoot?: string;
}

/** What a committed record did. */
export interface Commit {
  readonly record: LockRecord;
  readonly applied: Applied;
  /** The token that the first grant of the record would be given. */
  readonly nextToken: number;
  readonly now: Moment;
  /** What the writer had not been told yet. */
  readonly notices: readonly Notice[];
}

/** One process's access to the log: remembers what it has read, and does what must follow a commit. */
export interface Desk {
  readonly ports: LockPorts;
  readonly settings: LockSettings;
  readonly place: LogPlace;
  readonly world: World;
  readonly pending: PendingViews;
  readonly closing: Closing;
  /** What is recorded of the file system below; nothing where it was never tried. */
  readonly filesystem: () => FilesystemRecord | undefined;
  /** Runs a part of the protocol that changes no lease. */
  readonly run: <T>(protocol: Protocol<T>) => T;
  /** The state of the log now. */
  readonly look: () => { readonly state: LockState; readonly now: Moment };
  /** Takes over what somebody left in a wake file of this process; false where the file is gone. */
  readonly heed: (wakePath: string) => boolean;
  /** Appends the record that `draft` makes of the newest state, unless `unless` finds that it would change nothing. */
  readonly submit: (
    draft: (before: { readonly state: LockState; readonly now: Moment; readonly id: string }) => LockRecord,
    unless?: (applied: Applied) => boolean,
  ) => Commit & { readonly written: boolean };
}

/** Opens the log of a `.squad/` folder. Nothing is read or made before the first call. */
export function openDesk(ports: LockPorts, settings: LockSettings): Desk {
  const place = placeOf(ports.squadDir, settings.epochSize);
  const world = ports.world ?? realWorld(ports);
  const writer: LogWriter = { place, ...(settings.isBrief === true ? { keepsState: MAX_SNAPSHOT } : {}) };
  let known: LogView | undefined;
  let filesystem: { readonly found: FilesystemRecord | undefined } | undefined;
  const run = <T>(protocol: Protocol<T>): T => drive(protocol, world);
  const closing = openClosing();
  const write = (decide: Decide<Commit>): Appended<Commit> => {
    try {
      const outcome = run(append(writer, known, decide));
      known = outcome.view;
      return outcome;
    } finally {
      if (settings.isBrief === true) run(discardPage(writer));
      else if (writer.page !== undefined) closing.once('page', () => run(discardPage(writer)));
    }
  };
  const desk: Desk = {
    ports,
    settings,
    place,
    world,
    run,
    pending: openPendingViews((leases) => showLasting(desk, leases)),
    closing,
    filesystem: () => {
      // One that was refused may have been insisted on since.
      if (filesystem === undefined || filesystem.found?.verdict.kind === 'unsafe')
        filesystem = { found: knownFilesystem(ports.store, ports.squadDir) };
      return filesystem.found;
    },
    look() {
      known = run(catchUp(place, known));
      return { state: known.state, now: run(readClock()) };
    },
    heed(wakePath) {
      const { view, isThere } = run(takeBaton(wakePath, known));
      known = view;
      return isThere;
    },
    submit(draft, unless = () => false) {
      const outcome = write(decideWith(draft, unless));
      if (outcome.kind === 'answered') return { ...outcome.value, written: false };
      const commit = commitOf(outcome);
      follow(desk, outcome.view, commit);
      return { ...commit, written: true };
    },
  };
  return desk;
}

function decideWith(
  draft: (before: { readonly state: LockState; readonly now: Moment; readonly id: string }) => LockRecord,
  unless: (applied: Applied) => boolean,
): Decide<Commit> {
  return function* decide(before) {
    const { record, applied } = yield* withEvidence(before.state, draft(before));
    if (!unless(applied)) return { kind: 'append', record, applied };
    const notices = noticesFor(before.state, record.agent);
    const { nextToken } = before.state;
    return { kind: 'answer', value: { record, applied, nextToken, now: before.now, notices } };
  };
}

function commitOf(outcome: Appended<Commit> & { kind: 'committed' }): Commit {
  const { record, applied, before } = outcome;
  const { nextToken } = before;
  return { record, applied, nextToken, now: record.at, notices: noticesFor(before, record.agent) };
}

function noticesFor(state: LockState, agent: string): Notice[] {
  return state.notices.filter((notice) => notice.agent === agent);
}

// Journal, views and wake-ups come after the commit and decide nothing: a crash here costs at most a view, which the
// next command repairs, a journal line, and a waiter's poll interval.
function follow(desk: Desk, view: LogView, commit: Commit): void {
  const { record, applied } = commit;
  const sleepers = applied.effects.served.flatMap(({ wake }) => wake ?? []);
  desk.run(
    passBaton(
      sleepers.map((name) => join(desk.place.wake, name)),
      view,
    ),
  );
  try {
    showChanges(desk, view.state, commit);
  } catch (error) {
    // It is committed: a view that cannot be shown is not a failure of the command.
    if (!isSquadError(error, 'FILE_UNREADABLE', 'FILE_UNWRITABLE')) throw error;
  }
  writeJournal(desk, record, applied);
}

const VERBS: Partial<Record<LockRecord['op'], string>> = {
  acquire: 'lock.acquired',
  wait: 'lock.queued',
  release: 'lock.released',
  renew: 'lock.renewed',
  break: 'lock.broken',
  transfer: 'lock.transferred',
  adopt: 'lock.adopted',
};

function writeJournal(desk: Desk, record: LockRecord, applied: Applied): void {
  const { journal } = desk.ports;
  if (journal === undefined) return;
  const session = record.session === undefined ? {} : { session: record.session };
  for (const loss of applied.effects.losses) {
    journal.record({ kind: `lock.${loss.why}`, agent: loss.lease.agent, data: lossData(loss, record) });
  }
  const kind = VERBS[record.op];
  if (kind === undefined || record.op === 'break') return;
  const data = {
    ...resourcesOf(record, applied),
    ...('purpose' in record ? { purpose: record.purpose } : {}),
    ...('to' in record ? { to: record.to } : {}),
  };
  const isGrant = record.op === 'wait' && applied.verdict.kind === 'granted';
  journal.record({ kind: isGrant ? 'lock.acquired' : kind, agent: record.agent, ...session, data });
  for (const ticket of applied.effects.served) {
    const resources = ticket.items.map(({ name }) => displayResource(name));
    journal.record({ kind: 'lock.acquired', agent: ticket.agent, data: { resources, waited: true } });
  }
}

function lossData({ lease, why }: Loss, record: LockRecord): unknown {
  return {
    resource: displayResource(lease.resource),
    token: lease.token,
    by: record.agent,
    evidence: {
      why,
      ended: lease.ends,
      judgedAt: record.at,
      ...(lease.holder === undefined ? {} : { holder: lease.holder }),
      ...(record.op === 'break' ? { reason: record.reason } : {}),
    },
  };
}

function resourcesOf(record: LockRecord, { effects, verdict }: Applied): object {
  const leases: readonly Lease[] =
    verdict.kind === 'granted' || verdict.kind === 'renewed'
      ? verdict.leases
      : verdict.kind === 'released'
        ? verdict.released
        : effects.held;
  if (leases.length === 0 && 'items' in record)
    return { resources: record.items.map(({ name }) => displayResource(name)) };
  return {
    resources: leases.map(({ resource }) => displayResource(resource)),
    tokens: [...new Set(leases.map(({ token }) => token))],
  };
}
