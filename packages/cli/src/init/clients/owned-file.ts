import { dirname, join, relative, sep } from 'node:path';
import { SquadError } from '#protocol';
import type { Store } from '#store';

/** A file of the repository that may be somebody's, and how to write it without making it another. */
export interface OwnedFile {
  readonly present: string | undefined;
  /** Throws a curable error where the file is not to be changed: read-only, or led out of the repository by a link. */
  readonly check: () => void;
  /** Through links, with the permissions that it has. */
  readonly write: (text: string) => void;
  readonly remove: () => void;
}

/** Opens a file by its path from the root; nothing is written or refused yet. */
export function openOwnedFile(store: Store, root: string, path: string): OwnedFile {
  const full = join(root, path);
  const real = realPlace(store, full);
  const permissions = store.stat(real)?.permissions;
  return {
    present: store.readText(full),
    check() {
      if (!isBelow(real, store.realPath(root) ?? root))
        throw refusal('PATH_REFUSED', `${path} is led out of the repository by a link, to ${real}`, {
          hint: `put a file of its own in the place of the link, then run squad-init again`,
        });
      if (permissions !== undefined && (permissions & OWNER_WRITES) === 0)
        throw refusal('FILE_UNWRITABLE', `${path} is read-only`, {
          hint: `chmod u+w '${full}', then run squad-init again`,
        });
    },
    write: (text) => store.writeAtomic(real, text, permissions === undefined ? {} : { permissions }),
    remove: () => void store.removeFile(full),
  };
}

const OWNER_WRITES = 0o200;

function refusal(
  code: 'PATH_REFUSED' | 'FILE_UNWRITABLE',
  why: string,
  { hint }: { hint: string },
): SquadError {
  return new SquadError({ code, message: `${why}; nothing was changed`, hint });
}

// With the links of what is there resolved; a link to nothing stays what it is, and is replaced.
function realPlace(store: Store, path: string): string {
  const real = store.realPath(path);
  if (real !== undefined || dirname(path) === path) return real ?? path;
  return join(realPlace(store, dirname(path)), path.slice(dirname(path).length));
}

function isBelow(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}
