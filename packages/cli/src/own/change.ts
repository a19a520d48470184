import { git, requireChanges, runGit, splitZ } from '#git';
import { baseOf } from './base-commit.ts';

/** One changed path, with its texts on demand. */
export interface Change {
  readonly path: string;
  readonly kind: 'added' | 'modified' | 'deleted';
  /** It is in the index: taking it out there leaves the file as it is. */
  readonly isStaged?: true;
  /** It was found in the checkout: whoever works there may have made it. */
  readonly isFound?: true;
  /** Git waits for somebody to settle a merge in it. */
  readonly isConflicted?: true;
  /** The text before; `undefined` when there was no file. */
  readonly before: () => Promise<string | undefined>;
  readonly after: () => Promise<string | undefined>;
}

/** Text of a blob named like `HEAD:path`; `undefined` when there is none. */
export async function blobText(
  root: string,
  name: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  const result = await runGit(['cat-file', 'blob', name], { cwd: root, env });
  return result.code === 0 ? result.stdout : undefined;
}

/** What the index holds beside HEAD. `env` may name another index, as git does for its hooks. */
export async function stagedChanges(
  root: string,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly Change[]> {
  const base = await baseOf(root);
  const args = ['diff-index', '--cached', '--name-status', '--no-renames', '--ignore-submodules=none', '-z'];
  const fields = splitZ(await git([...args, base, '--'], { cwd: root, env }));
  return pairs(fields).map(([status, path]) => ({
    path,
    kind: kindOfStatus(status),
    isStaged: true,
    before: () => blobText(root, `${base}:${path}`),
    after: () => blobText(root, `:0:${path}`, env),
  }));
}

/**
 * What the worktree holds beside HEAD, staged or not, untracked files included. Both texts are as the worktree has them: line
 * ends and filters of git make no difference between them.
 */
export async function workingChanges(
  root: string,
  read: (path: string) => string | undefined,
): Promise<readonly Change[]> {
  const states = new Map<string, string>();
  const add = (path: string, state: string): void => void states.set(path, (states.get(path) ?? '') + state);
  for (const { path, from, state } of await requireChanges(root)) {
    add(path, from === undefined ? state : 'A');
    if (from !== undefined && state.includes('R')) add(from, 'D');
  }
  return [...states].map(([path, state]) => ({
    path,
    isFound: true,
    kind: kindOfState(state),
    ...(CONFLICTED.test(state) ? { isConflicted: true } : {}),
    before: () => checkedOutText(root, path),
    after: async () => read(path),
  }));
}

const CONFLICTED = /U|^AA$|^DD$/u;

// Taken out of the index only, a file is both deleted and untracked.
function kindOfState(state: string): Change['kind'] {
  if (state.includes('D')) return state.includes('?') ? 'modified' : 'deleted';
  return /[A?]/u.test(state) ? 'added' : 'modified';
}

async function checkedOutText(root: string, path: string): Promise<string | undefined> {
  const name = `HEAD:${path}`;
  const filtered = await runGit(['cat-file', '--filters', name], { cwd: root });
  return filtered.code === 0 ? filtered.stdout : blobText(root, name);
}

/** What `--name-status` calls a change. */
export function kindOfStatus(status: string): Change['kind'] {
  if (status.startsWith('A')) return 'added';
  return status.startsWith('D') ? 'deleted' : 'modified';
}

function pairs(fields: readonly string[]): readonly (readonly [string, string])[] {
  return fields.flatMap((status, index) =>
    index % 2 === 0 ? [[status, fields[index + 1] ?? ''] as const] : [],
  );
}
