import { join } from 'node:path';
import { readComms } from '#comms';
import { readConfig } from '#config';
import { readOwnership } from '#ownership';
import { printableLine, renderInstant } from '#protocol';
import { listSessions, livenessOf, readJournal, writeSession } from '#store';
import type { DoctorScene, Finding } from './finding.ts';

const LEFTOVER_MS = 3_600_000;

/** Settings and matrix: can they be read at all? The guard cannot judge without them. */
export async function checkSettings({ io, home }: DoctorScene): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const reads = [
    ['config.yaml', () => readConfig(io.store, home.squadDir)],
    ['ownership.yaml', () => readOwnership(io.store, home.squadDir)],
  ] as const;
  for (const [name, read] of reads) {
    try {
      await read();
      findings.push({ check: 'settings', severity: 'ok', message: `.squad/${name} can be read` });
    } catch (error) {
      const message = `.squad/${name}: ${error instanceof Error ? error.message : String(error)}`;
      findings.push({ check: 'settings', severity: 'error', message, advice: `correct .squad/${name}` });
    }
  }
  return findings;
}

/** Leases whose holder is provably gone. */
export function checkLeases({ locks }: DoctorScene): readonly Finding[] {
  const dead = locks.table().leases.filter(({ alive, reserved }) => alive === 'dead' && !reserved);
  if (dead.length === 0) return [{ check: 'leases', severity: 'ok', message: 'no lease of a dead holder' }];
  return dead.map(({ resource, agent }) => ({
    check: 'leases',
    severity: 'warning',
    message: `${resource} is held by ${agent}, whose process is gone`,
    repair: {
      what: `break the lease of ${agent} on ${resource}`,
      apply: () =>
        void locks.breakLease({ resource, by: 'squad-doctor', reason: 'its holder is provably gone' }),
      isDone: () => locks.leasesOn(resource).every((lease) => lease.agent !== agent),
    },
  }));
}

/** Sessions that never said good-bye although their process is gone. */
export function checkSessions({ io, home }: DoctorScene): readonly Finding[] {
  const { store, clock } = io;
  const gone = listSessions(store, home.squadDir).filter(
    ({ endedAt, process }) =>
      endedAt === undefined && process !== undefined && livenessOf(process) === 'dead',
  );
  if (gone.length === 0)
    return [{ check: 'sessions', severity: 'ok', message: 'every open session may still run' }];
  return gone.map((session) => ({
    check: 'sessions',
    severity: 'warning',
    message: `session ${printableLine(session.session, 60)} of ${session.agent} is open, but its process is gone`,
    repair: {
      what: `mark the session of ${session.agent} as ended`,
      apply: () => writeSession(store, home.squadDir, { ...session, endedAt: renderInstant(clock.wallMs()) }),
      isDone: () =>
        listSessions(store, home.squadDir).some(
          (other) => other.session === session.session && other.endedAt !== undefined,
        ),
    },
  }));
}

/** Half-written files: leftovers of processes that died, torn lines and blocks. */
export function checkTornFiles({ io, home }: DoctorScene): readonly Finding[] {
  const { store, clock } = io;
  const folders = [
    '',
    'comms',
    'logs',
    'locks',
    'reports',
    '.run',
    '.run/sessions',
    '.run/plans',
    'parallel-plans',
  ];
  const leftovers = folders
    .flatMap((folder) =>
      store.list(join(home.squadDir, folder)).map((name) => join(home.squadDir, folder, name)),
    )
    .filter((path) => /\/\.tmp-[^/]+$/u.test(path))
    .filter((path) => clock.wallMs() - (store.stat(path)?.modifiedMs ?? 0) > LEFTOVER_MS);
  const { unreadable } = readJournal(store, home.squadDir);
  const torn = readComms(store, home.squadDir).diagnostics.filter(({ code }) => code === 'COMM_BLOCK_TORN');
  const findings: Finding[] = [
    ...leftovers.map((path) => leftover(store, path)),
    ...(unreadable === 0
      ? []
      : [
          {
            check: 'files',
            severity: 'warning' as const,
            message: `the journal has ${unreadable} unreadable lines; they are skipped`,
          },
        ]),
    ...torn.map(({ path, range }) => ({
      check: 'files',
      severity: 'warning' as const,
      message: `${path}:${range?.start.line ?? 1} ends in a torn block`,
      advice: 'its author posts it again',
    })),
  ];
  return findings.length > 0
    ? findings
    : [{ check: 'files', severity: 'ok', message: 'no torn or half-written file' }];
}

function leftover(store: DoctorScene['io']['store'], path: string): Finding {
  return {
    check: 'files',
    severity: 'warning',
    message: `${path} was left by a process that died while writing`,
    repair: {
      what: `remove ${path}`,
      apply: () => void store.removeFile(path),
      isDone: () => store.stat(path) === undefined,
    },
  };
}
