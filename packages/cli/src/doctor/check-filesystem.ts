import { knownFilesystem, probeFilesystem, type FilesystemVerdict } from '#lock';
import { SquadError } from '#protocol';
import type { DoctorScene, Finding } from './finding.ts';

/** Whether the file system under `.squad/` gives what leases rely on, tried now and not looked up. */
export function checkFilesystem({ io, home }: DoctorScene): readonly Finding[] {
  try {
    const verdict = probeFilesystem(home.squadDir, { newId: io.newId });
    const insistedBy = knownFilesystem(io.store, home.squadDir)?.insistedBy;
    return [findingOf(verdict, insistedBy)];
  } catch (error) {
    if (!(error instanceof SquadError)) throw error;
    const { message, hint } = error;
    const advice = hint === undefined ? {} : { advice: hint };
    return [{ check: 'filesystem', severity: 'error', message, ...advice }];
  }
}

function findingOf({ kind, message }: FilesystemVerdict, insistedBy: string | undefined): Finding {
  if (kind !== 'unsafe') return { check: 'filesystem', severity: 'ok', message };
  const advice = 'put .squad on a local disk (SQUAD_DIR)';
  if (insistedBy === undefined) return { check: 'filesystem', severity: 'error', message, advice };
  const accepted = `${message}; ${insistedBy} insisted on taking leases here all the same`;
  return { check: 'filesystem', severity: 'warning', message: accepted, advice };
}
