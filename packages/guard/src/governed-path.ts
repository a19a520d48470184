import { basename, dirname, join, resolve, sep } from 'node:path';
import { consistsOf, parseRepoPath, type RepoPath } from '#protocol';
import { findSquadHome, pathInside, type SquadHome, type Store } from '#store';

const MAX_LINKS = 40;

/** What the guard has to say about the place that a path leads to. */
export type GovernedPath =
  | {
      readonly kind: 'governed';
      readonly home: SquadHome;
      readonly path: RepoPath;
      readonly absolute: string;
    }
  /** No `.squad/` governs it: not the guard's matter. */
  | { readonly kind: 'free' }
  /** It lies in a governed repository, but is no path that anybody may edit through a tool. */
  | { readonly kind: 'refused'; readonly home: SquadHome; readonly shown: string; readonly why: string };

/**
 * Where a path that a tool names really leads: relative to the tool's folder, symbolic links resolved, spelled as the file
 * system spells it (where that folds letter case or Unicode forms), in the repository that it lands in.
 */
export function findGovernedPath(
  store: Store,
  named: { readonly path: string; readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): GovernedPath {
  const { path, cwd, env } = named;
  if (path.includes('\0')) return refuseUnusable(store, named, 'the path holds a NUL character');
  const { existing, missing } = landingOf(store, resolve(cwd, path));
  // To look below a file makes the system throw, which costs more than to ask what it is.
  const isFile = store.stat(existing)?.kind === 'file';
  const home = findSquadHome(store, isFile ? dirname(existing) : existing, env);
  if (home === undefined) return { kind: 'free' };
  // A checkout that was found upwards from a real path has one itself.
  const root = home.isGit ? home.worktreeRoot : (store.realPath(home.worktreeRoot) ?? home.worktreeRoot);
  const found = pathInside(root, existing);
  const inside = found === undefined ? undefined : join(asStored(store, root, found), ...missing);
  // SQUAD_DIR may govern from elsewhere; a path outside the checkout is nobody's business here.
  if (inside === undefined || inside === '.') return { kind: 'free' };
  const parsed = parseRepoPath(inside);
  if (parsed.ok) return { kind: 'governed', home, path: parsed.value, absolute: join(root, inside) };
  return { kind: 'refused', home, shown: path, why: parsed.error };
}

function refuseUnusable(
  store: Store,
  { path, cwd, env }: { readonly path: string; readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  why: string,
): GovernedPath {
  const home = findSquadHome(store, cwd, env);
  return home === undefined ? { kind: 'free' } : { kind: 'refused', home, shown: path, why };
}

// Where a write would land: the deepest part that exists, links resolved, and the names below it that do not.
interface Landing {
  readonly existing: string;
  readonly missing: readonly string[];
}

function landingOf(store: Store, absolute: string, hops = 0): Landing {
  const real = store.realPath(absolute);
  const parent = dirname(absolute);
  if (real !== undefined || parent === absolute) return { existing: real ?? absolute, missing: [] };
  // What is not there is asked for first: to read it as a link would throw.
  const isLink = hops < MAX_LINKS && store.stat(absolute)?.kind === 'link';
  const target = isLink ? store.readLink(absolute) : undefined;
  if (target !== undefined) return landingOf(store, resolve(parent, target), hops + 1);
  const { existing, missing } = landingOf(store, parent, hops);
  return { existing, missing: [...missing, basename(absolute)] };
}

// A file system that folds letter case or Unicode forms finds a file under a name that its folder does not list.
function asStored(store: Store, root: string, inside: string): string {
  const names: string[] = [];
  for (const name of inside.split(sep)) {
    const folder = join(root, ...names);
    names.push(mayFold(store, folder, name) ? storedName(store, folder, name) : name);
  }
  return join(...names);
}

// The same file under another letter case: the file system folds. Unicode forms are only worth a look outside ASCII.
function mayFold(store: Store, folder: string, name: string): boolean {
  if (!consistsOf(name, (unit) => unit < 0x80)) return true;
  const other = name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
  return other !== name && store.stat(join(folder, other)) !== undefined;
}

function storedName(store: Store, folder: string, name: string): string {
  const names = store.list(folder);
  if (names.includes(name)) return name;
  const fold = (text: string): string => text.normalize('NFC').toLowerCase();
  return names.find((candidate) => fold(candidate) === fold(name)) ?? name;
}
