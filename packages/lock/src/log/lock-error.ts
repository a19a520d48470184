import { SquadError } from '#protocol';
import type { FileAnswer, FileStep } from '#store';

/** What to tell when the operating system refuses a step. The lease table is as it was before the call. */
export function stepError(step: FileStep, answer: FileAnswer): SquadError {
  const path = step.kind === 'link' || step.kind === 'rename' ? step.to : step.path;
  const reading = step.kind === 'list' || step.kind === 'read';
  return new SquadError({
    code: reading ? 'FILE_UNREADABLE' : 'FILE_UNWRITABLE',
    message: `the lock table could not be ${reading ? 'read' : 'changed'}: ${answer.message ?? `${answer.code} ${path}`}`,
    hint: CURES[answer.code] ?? 'nothing was changed; check the disk, then run the command again',
    data: { path, systemCode: answer.code, step: step.kind },
  });
}

/** The same when a change may have been made before the system refused to show it. */
export function unsureError(error: SquadError): SquadError {
  return new SquadError({
    code: error.code,
    message: `${error.message}; whether the change was made is not known`,
    hint: 'squad-lock list shows it; if it was not, run the command again',
    data: error.data,
    cause: error,
  });
}

/** The same in the middle of a wait, whose place in the queue is in the table already. */
export function waitCutShort(error: SquadError): SquadError {
  return new SquadError({
    code: error.code,
    message: `${error.message}; the wait was cut short`,
    hint: 'its place in the queue ends with this process; what it was given by then shows in: squad-lock list',
    data: error.data,
    cause: error,
  });
}

const CURES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space, then run the command again (nothing was changed)',
  EDQUOT: 'the disk quota is used up: free some space, then run the command again (nothing was changed)',
  EROFS: 'the file system is read-only: mount it writable, then run the command again (nothing was changed)',
  EACCES: 'allow this user to write in .squad/locks, then run the command again (nothing was changed)',
  EPERM: 'allow this user to write in .squad/locks, then run the command again (nothing was changed)',
  EMFILE:
    'too many files are open: close some or raise `ulimit -n`, then run the command again (nothing was changed)',
};

/** A log that cannot be understood; only an explicit command may begin a new one. */
export function logUnreadable(path: string, why: string): SquadError {
  return new SquadError({
    code: 'LOCK_LOG_UNREADABLE',
    message: `the lock log cannot be read: ${why} (${path})`,
    hint: 'run: squad-lock rebuild --reason "…" (sets the damaged log aside; every lease ends)',
    data: { path },
  });
}

/** A log that went on changing under its reader, or whose listing does not agree with what it lists. Not damaged. */
export function logRestless(path: string): SquadError {
  return new SquadError({
    code: 'LOCK_LOG_UNREADABLE',
    message: `the lock log changed faster than it could be read (${path})`,
    hint: 'run the command again; a file system with old listings (NFS, SMB, sshfs) does this: squad-doctor',
    data: { path },
  });
}

/** The whole folder was removed under a running command: leases, tokens and settings are gone with it. */
export function squadDirGone(path: string): SquadError {
  return new SquadError({
    code: 'NO_SQUAD_DIR',
    message: `${path} is gone, and every lease with it`,
    hint: 'run: dotsquad init',
    data: { path },
  });
}

/** A log written by a later version. */
export function formatTooNew(path: string, version: number): SquadError {
  return new SquadError({
    code: 'FORMAT_VERSION_UNSUPPORTED',
    message: `the lock log has format ${version}, this program knows 1 (${path})`,
    hint: 'run: npm install --global dotsquad@latest',
    data: { path, version },
  });
}
