import { dirname, join } from 'node:path';
import { SquadError } from '#protocol';
import type { Store } from '#store';

/** The error of a command that needs a working tree of git where there is none; a bare repository is told apart. */
export function noRepository(store: Store, cwd: string): SquadError {
  const bare = bareRepositoryAt(store, cwd);
  return bare === undefined
    ? new SquadError({
        code: 'NO_REPOSITORY',
        message: `${cwd} is not in a git repository`,
        hint: 'run: git init',
      })
    : new SquadError({
        code: 'NO_REPOSITORY',
        message: `${bare} is a bare repository: it has no files to work on`,
        hint: `work in a worktree of it: git -C "${bare}" worktree add "${join(dirname(bare), 'main')}"`,
      });
}

function bareRepositoryAt(store: Store, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if (['HEAD', 'objects', 'refs'].every((name) => store.stat(join(folder, name)) !== undefined))
      return folder;
    if (dirname(folder) === folder) return undefined;
  }
}
