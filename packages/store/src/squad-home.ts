import { dirname, isAbsolute, join, resolve } from 'node:path';
import { SquadError } from '#protocol';
import type { Store } from './store.ts';

/** Where a path stands: its checkout, and the `.squad/` that all worktrees of its repository share. */
export interface SquadHome {
  /** Absolute path of the shared `.squad/` folder. It need not exist yet when made by {@link locateRepository}. */
  readonly squadDir: string;
  /** Root of the main worktree (or of the folder that holds `.squad/` outside git). */
  readonly mainRoot: string;
  /** Root of the checkout the path is in: the main worktree or a linked one. Repo-relative paths start here. */
  readonly worktreeRoot: string;
  readonly isGit: boolean;
}

/**
 * The `.squad/` that governs `from` (a file or folder, which need not exist): `SQUAD_DIR` if given, else the main
 * worktree's, else, outside git, the nearest one upwards. `undefined` when there is none.
 * Reads `.git` files itself; starts no git.
 */
export function findSquadHome(
  store: Store,
  from: string,
  env: NodeJS.ProcessEnv = {},
): SquadHome | undefined {
  const repository = locateRepository(store, from);
  const forced = env['SQUAD_DIR'];
  if (forced !== undefined && forced !== '') {
    const squadDir = resolve(from, forced);
    const root = dirname(squadDir);
    return {
      squadDir,
      mainRoot: root,
      worktreeRoot: repository?.worktreeRoot ?? root,
      isGit: repository !== undefined,
    };
  }
  if (repository !== undefined) return isSquadDir(store, repository.squadDir) ? repository : undefined;
  const found = climb(from, (folder) => isSquadDir(store, join(folder, '.squad')));
  if (found === undefined) return undefined;
  return { squadDir: join(found, '.squad'), mainRoot: found, worktreeRoot: found, isGit: false };
}

/** {@link findSquadHome}, or `NO_SQUAD_DIR` with the command that makes one. */
export function requireSquadHome(store: Store, from: string, env: NodeJS.ProcessEnv = {}): SquadHome {
  const home = findSquadHome(store, from, env);
  if (home !== undefined) return home;
  throw new SquadError({
    code: 'NO_SQUAD_DIR',
    message: `there is no .squad/ folder for ${from}`,
    hint: 'run: dotsquad init',
  });
}

/** The git checkout that `from` is in, with the place where its shared `.squad/` lies or would lie. */
export function locateRepository(store: Store, from: string): SquadHome | undefined {
  const worktreeRoot = climb(resolve(from), (folder) => store.stat(join(folder, '.git')) !== undefined);
  if (worktreeRoot === undefined) return undefined;
  const mainRoot = mainWorktreeOf(store, worktreeRoot) ?? worktreeRoot;
  return { squadDir: join(mainRoot, '.squad'), mainRoot, worktreeRoot, isGit: true };
}

function isSquadDir(store: Store, path: string): boolean {
  return store.stat(path)?.kind === 'folder';
}

function climb(from: string, isIt: (folder: string) => boolean): string | undefined {
  let folder = resolve(from);
  for (;;) {
    if (isIt(folder)) return folder;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

// A linked worktree's `.git` is a file `gitdir: <main>/.git/worktrees/<name>`, and that folder holds `commondir`.
// A submodule's points into `<super>/.git/modules/…` and has no `commondir`: it is its own main worktree.
function mainWorktreeOf(store: Store, worktreeRoot: string): string | undefined {
  const dotGit = join(worktreeRoot, '.git');
  if (store.stat(dotGit)?.kind !== 'file') return worktreeRoot;
  const gitDir = /^gitdir:\s*(.+?)\s*$/mu.exec(store.readText(dotGit) ?? '')?.[1];
  if (gitDir === undefined) return undefined;
  const adminDir = isAbsolute(gitDir) ? gitDir : resolve(worktreeRoot, gitDir);
  const common = store.readText(join(adminDir, 'commondir'))?.trim();
  if (common === undefined) return worktreeRoot;
  const commonDir = isAbsolute(common) ? common : resolve(adminDir, common);
  return commonDir.endsWith(`.git`) ? dirname(commonDir) : commonDir;
}
