import type { Clock } from '#protocol';
import { readJournal, type Journal, type Store } from '#store';
import { replay } from '../journal/past-state.ts';
import type { Judgement } from '../model/judgement.ts';
import type { Doubt, Snapshot } from '../model/snapshot.ts';
import type { Observer } from '../observe/observe.ts';
import type { Performer } from '../act/perform.ts';
import type { BegunAction } from '../act/resume.ts';
import { keepDeathProofs } from '../observe/death-proofs.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import type { ActionPolicy } from '../reconcile/plan-actions.ts';
import { statusRecord, type StatusRecord } from '../report/status-record.ts';
import { changeJournal } from './change-journal.ts';
import { writeReports } from '../report/write-reports.ts';

/** One look with its conclusions. */
export interface Tick {
  readonly snapshot: Snapshot;
  readonly judgement: Judgement;
  readonly record: StatusRecord;
}

/** What a coordinator works with. */
export interface CoordinatorPorts {
  readonly store: Store;
  readonly squadDir: string;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly observe: Observer;
  /** Does actions; absent with `--no-act`. */
  readonly perform: Performer | undefined;
  readonly policy: ActionPolicy;
  /** False leaves the reports as they are. */
  readonly writes: boolean;
}

const GIT_EVERY_MS = 5000;
const CLOCK_SLACK_MS = 5000;
const STORM = 2000;
const DOUBT_LASTS_MS = 600_000;

/** Looks, judges, acts, and reports; keeps only what makes the next look cheaper. */
export function createCoordinator(ports: CoordinatorPorts): (hints: number) => Promise<Tick> {
  const { clock } = ports;
  let lastGitAt = -Infinity;
  let lastKept = '';
  const before = readBefore(ports);
  const doubts = doubter(clock, before.doubts);
  const journalChanges = ports.writes ? changeJournal(ports.journal, before.open) : (): void => {};
  const look = async (): Promise<{ snapshot: Snapshot; judgement: Judgement }> => {
    const isGitDue = clock.bootMs() - lastGitAt >= GIT_EVERY_MS;
    if (isGitDue) lastGitAt = clock.bootMs();
    const seen = await ports.observe({ git: isGitDue });
    const snapshot = { ...seen, doubts: [...seen.doubts, ...doubts.current()] };
    return { snapshot, judgement: reconcile(snapshot, clock.wallMs(), ports.policy) };
  };
  return async (hints) => {
    doubts.tick(hints);
    let seen = await look();
    if (ports.perform !== undefined) {
      keepDeathProofs(ports.store, ports.squadDir, seen.judgement.agents);
      await ports.perform.resume(before.begun.splice(0), seen);
    }
    const todo = seen.judgement.actions.filter(({ policy }) => policy === 'act');
    if (todo.length > 0 && ports.perform !== undefined) {
      const done = await ports.perform(todo, seen);
      // What was done must show in what is reported.
      if (done > 0) seen = await look();
    }
    journalChanges(seen.judgement.findings, seen.judgement.tasks);
    const record = statusRecord(seen.snapshot, seen.judgement, clock.wallMs());
    const gist = JSON.stringify([
      record.findings.map(({ key }) => key),
      record.tasks.map(({ id, state }) => [id, state]),
    ]);
    if (ports.writes) writeReports(ports.store, ports.squadDir, { record, keep: gist !== lastKept });
    lastKept = gist;
    return { ...seen, record };
  };
}

// Findings that a coordinator before this one left open, and what the journal lacks.
function readBefore({ store, squadDir }: CoordinatorPorts): {
  readonly open: readonly string[];
  readonly doubts: readonly Doubt[];
  readonly begun: BegunAction[];
} {
  const { events, unreadable } = readJournal(store, squadDir);
  const { findings, begun: interrupted } = replay(events);
  const begun = [...interrupted].map(([key, action]) => ({ key, ...action }));
  const open = [...findings].filter(([, { clearedAt }]) => clearedAt === undefined).map(([key]) => key);
  const message = `${unreadable} ${unreadable === 1 ? 'line' : 'lines'} of the journal cannot be read: metrics and replay lack ${unreadable === 1 ? 'it' : 'them'}`;
  return { open, begun, doubts: unreadable === 0 ? [] : [{ kind: 'unreadable-journal', message }] };
}

// Notices what makes its own observation doubtful.
function doubter(
  clock: Clock,
  lasting: readonly Doubt[],
): { tick: (hints: number) => void; current: () => readonly Doubt[] } {
  let wall = clock.wallMs();
  let boot = clock.bootMs();
  const held = new Map<Doubt['kind'], { doubt: Doubt; until: number }>();
  const hold = (doubt: Doubt): void =>
    void held.set(doubt.kind, { doubt, until: clock.bootMs() + DOUBT_LASTS_MS });
  return {
    tick(hints) {
      const jump = clock.wallMs() - wall - (clock.bootMs() - boot);
      if (Math.abs(jump) > CLOCK_SLACK_MS) {
        const seconds = Math.round(jump / 1000);
        hold({
          kind: 'clock-jump',
          message: `the wall clock jumped by ${seconds} s; ages may be wrong by as much`,
        });
      }
      if (hints > STORM) hold({ kind: 'event-storm', message: `${hints} file events in one tick` });
      wall = clock.wallMs();
      boot = clock.bootMs();
      for (const [kind, { until }] of held) if (until < clock.bootMs()) held.delete(kind);
    },
    current: () => [...lasting, ...[...held.values()].map(({ doubt }) => doubt)],
  };
}
