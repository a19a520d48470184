import { join } from 'node:path';
import type { IdSource } from '#protocol';
import { performFileStep, type FileAnswer, type FileStep } from '#store';
import { stepError } from '../log/lock-error.ts';

/** What a file system was found to do, in a folder on it. */
export interface FilesystemProbe {
  /** A second name is given once, and never over an existing one: without it there are no leases. */
  readonly hasLink: boolean;
  /** `O_EXCL` makes a file once. */
  readonly hasExclusiveCreate: boolean;
  /** A folder cannot be renamed onto one with entries. */
  readonly keepsFolders: boolean;
  /** `A` and `a` are the same name. */
  readonly foldsCase: boolean;
  /** Type of the mount, as the kernel names it; empty where it cannot be told. */
  readonly type: string;
  /** The folder lies on another machine. */
  readonly isRemote: boolean;
}

/** Whether leases may be kept in a folder, and what to say if they may not, or less is promised. */
export interface FilesystemVerdict {
  /** `weaker` gives every guarantee about leases but is to be known; `unsafe` does not give them. */
  readonly kind: 'safe' | 'weaker' | 'unsafe';
  readonly probe: FilesystemProbe;
  readonly message: string;
}

const REMOTE =
  /^(?:nfs4?|cifs|smb3?|smbfs|fuse\.sshfs|9p|virtiofs|afs|ceph|glusterfs|fuse\.glusterfs|lustre|beegfs|fuse\.s3fs)$/u;

/** What a probe works with; the file steps and the table of mounts stand in for the machine's in tests. */
export interface ProbePorts {
  readonly newId: IdSource;
  readonly perform?: (step: FileStep) => FileAnswer;
  readonly mounts?: string;
}

/**
 * Tries, in a folder, what the lease log relies on, and leaves nothing behind. What the disk refuses for another reason
 * (full, read-only, no permission) says nothing about the file system, and is thrown.
 */
export function probeFilesystem(folder: string, ports: ProbePorts): FilesystemVerdict {
  const perform = ports.perform ?? ((step: FileStep) => performFileStep(step));
  const place = join(folder, `.probe-${ports.newId()}`);
  try {
    const mounts = ports.mounts ?? perform({ kind: 'read', path: '/proc/self/mounts' }).text ?? '';
    const type = mountType(folder, mounts);
    return judgeProbe({ ...tryGuarantees(place, perform), type, isRemote: REMOTE.test(type) });
  } finally {
    perform({ kind: 'removeFolder', path: place });
  }
}

function tryGuarantees(
  place: string,
  perform: (step: FileStep) => FileAnswer,
): Omit<FilesystemProbe, 'type' | 'isRemote'> {
  const path = (name: string): string => join(place, name);
  const answer = (step: FileStep, ...expected: readonly string[]): string => {
    const given = perform(step);
    if (given.code !== '' && !expected.includes(given.code)) throw stepError(step, given);
    return given.code;
  };
  answer({ kind: 'makeFolder', path: path('one') });
  answer({ kind: 'makeFolder', path: path('two') });
  answer({ kind: 'create', path: path('one/a'), text: 'a' });
  answer({ kind: 'create', path: path('two/b'), text: 'b' });
  const hasExclusiveCreate =
    answer({ kind: 'create', path: path('one/a'), text: 'a' }, 'EEXIST') === 'EEXIST';
  const hasLink =
    answer({ kind: 'link', from: path('one/a'), to: path('linked') }, ...NO_LINKS) === '' &&
    answer({ kind: 'link', from: path('two/b'), to: path('linked') }, 'EEXIST') === 'EEXIST' &&
    perform({ kind: 'read', path: path('linked') }).text === 'a';
  const foldsCase = answer({ kind: 'read', path: path('two/B') }, 'ENOENT') === '';
  // Over SFTP every refusal is EPERM; what counts is that the entry is still there.
  const renamed = answer({ kind: 'rename', from: path('one'), to: path('two') }, ...KEPT);
  const keepsFolders = renamed !== '' && perform({ kind: 'read', path: path('two/b') }).text === 'b';
  return { hasLink, hasExclusiveCreate, keepsFolders, foldsCase };
}

const KEPT = ['ENOTEMPTY', 'EEXIST', 'EPERM'];

// What systems answer that know no second names, in the place of the link.
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

function judgeProbe(probe: FilesystemProbe): FilesystemVerdict {
  const lacks = [
    ...(probe.hasLink ? [] : ['hard links']),
    ...(probe.hasExclusiveCreate ? [] : ['exclusive creation']),
    ...(probe.keepsFolders ? [] : ['renames that keep a folder with entries']),
  ];
  const name = probe.type === '' ? 'this file system' : `this file system (${probe.type})`;
  if (lacks.length > 0) {
    const left = probe.hasLink
      ? 'two agents may be given the same lease'
      : 'no lease can be taken, for a lease is a hard link';
    return { kind: 'unsafe', probe, message: `${name} has no ${lacks.join(', no ')}: ${left}` };
  }
  if (probe.isRemote) {
    const message = `${name} lies on another machine, whose caches can show an old state: two agents on two machines may both see a lease as theirs until the next change`;
    return { kind: 'unsafe', probe, message };
  }
  const folding = probe.foldsCase ? '; it folds case: A.ts and a.ts are one file and one lease name' : '';
  return {
    kind: probe.foldsCase ? 'weaker' : 'safe',
    probe,
    message: `${name} gives every guarantee${folding}`,
  };
}

// The longest mount point above the folder; of several mounts on one point, the last is on top.
function mountType(folder: string, mounts: string): string {
  let best = { length: -1, type: '' };
  for (const line of mounts.split('\n')) {
    const [, point, type] = line.split(' ');
    if (point === undefined || type === undefined) continue;
    const path = point.replace(/\\([0-7]{3})/gu, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    const isAbove = folder === path || folder.startsWith(path.endsWith('/') ? path : `${path}/`);
    if (isAbove && path.length >= best.length) best = { length: path.length, type };
  }
  return best.type;
}
