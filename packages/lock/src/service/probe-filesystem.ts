import { join } from 'node:path';
import type { IdSource } from '#protocol';
import { performFileStep, type FileAnswer, type FileStep } from '#store';

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
  readonly kind: 'safe' | 'weaker' | 'unsafe';
  readonly probe: FilesystemProbe;
  readonly message: string;
}

const REMOTE =
  /^(?:nfs4?|cifs|smb3?|smbfs|fuse\.sshfs|9p|virtiofs|afs|ceph|glusterfs|fuse\.glusterfs|lustre|beegfs|fuse\.s3fs)$/u;

/**
 * Tries, in a folder that exists, what the lease log relies on, and leaves nothing behind. Throws Node's own error when
 * the folder cannot be written at all.
 */
export function probeFilesystem(
  folder: string,
  ports: {
    readonly newId: IdSource;
    readonly perform?: (step: FileStep) => FileAnswer;
    readonly mounts?: string;
  },
): FilesystemVerdict {
  const perform = ports.perform ?? ((step: FileStep) => performFileStep(step));
  const place = join(folder, `.probe-${ports.newId()}`);
  const code = (step: FileStep): string => perform(step).code;
  const path = (name: string): string => join(place, name);
  try {
    code({ kind: 'makeFolder', path: path('one') });
    code({ kind: 'makeFolder', path: path('two') });
    code({ kind: 'create', path: path('one/a'), text: 'a' });
    code({ kind: 'create', path: path('two/b'), text: 'b' });
    const hasExclusiveCreate = code({ kind: 'create', path: path('one/a'), text: '' }) === 'EEXIST';
    const hasLink =
      code({ kind: 'link', from: path('one/a'), to: path('linked') }) === '' &&
      code({ kind: 'link', from: path('two/b'), to: path('linked') }) === 'EEXIST' &&
      perform({ kind: 'read', path: path('linked') }).text === 'a';
    const keepsFolders = code({ kind: 'rename', from: path('one'), to: path('two') }) !== '';
    const foldsCase = perform({ kind: 'read', path: path(hasLink ? 'LINKED' : 'two/B') }).code === '';
    const mounts = ports.mounts ?? perform({ kind: 'read', path: '/proc/self/mounts' }).text ?? '';
    const type = mountType(folder, mounts);
    return judgeProbe({
      hasLink,
      hasExclusiveCreate,
      keepsFolders,
      foldsCase,
      type,
      isRemote: REMOTE.test(type),
    });
  } finally {
    perform({ kind: 'removeFolder', path: place });
  }
}

function judgeProbe(probe: FilesystemProbe): FilesystemVerdict {
  const lacks = [
    ...(probe.hasLink ? [] : ['hard links']),
    ...(probe.hasExclusiveCreate ? [] : ['exclusive creation']),
    ...(probe.keepsFolders ? [] : ['renames that keep a folder with entries']),
  ];
  const name = probe.type === '' ? 'this file system' : `this file system (${probe.type})`;
  if (lacks.length > 0) {
    const message = `${name} has no ${lacks.join(', no ')}: leases cannot be kept here. Put .squad on a local disk (SQUAD_DIR)`;
    return { kind: 'unsafe', probe, message };
  }
  if (probe.isRemote) {
    const message = `${name} lies on another machine, whose caches can show an old state: two agents on two machines may both see a lease as theirs until the next change. Use --unsafe-fs to insist`;
    return { kind: 'weaker', probe, message };
  }
  const folding = probe.foldsCase ? '; it folds case, so A.ts and a.ts are one file but two lease names' : '';
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
