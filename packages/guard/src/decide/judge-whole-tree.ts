import type { Locks } from '#lock';
import { listSessions, type SquadHome, type Store } from '#store';
import type { ShellAnalysis } from '../shell/analyse-shell.ts';
import type { PutBack } from '../shell/put-back.ts';
import type { Finding } from './finding.ts';

/**
 * A command that puts the whole checkout back (`git stash`, `git reset --hard`, another branch) would take away what other
 * agents of this checkout have changed and not committed. Asks git only when such agents hold leases here.
 */
export async function judgeWholeTree(
  ports: { readonly store: Store; readonly locks: Locks; readonly home: SquadHome },
  how: {
    readonly agent: string;
    readonly analysis: ShellAnalysis;
  },
): Promise<readonly Finding[]> {
  const { store, locks, home } = ports;
  const { commands, writes } = how.analysis;
  const there = writes.filter(
    ({ path, onlyExisting }) => onlyExisting === true && store.stat(path) !== undefined,
  );
  const isPath = (word: string): boolean =>
    there.some(({ path }) => path.endsWith(`/${word.replace(/^\.\/|\/+$/gu, '')}`));
  const { putBack } = await import('../shell/read-shell.ts');
  const undoings = commands.flatMap((words) => putBack(words, isPath) ?? []);
  if (undoings.length === 0) return [];
  const others = new Set(
    listSessions(store, home.squadDir)
      .filter(
        ({ worktreeRoot, endedAt, agent }) =>
          worktreeRoot === home.worktreeRoot && endedAt === undefined && agent !== how.agent,
      )
      .map(({ agent }) => agent),
  );
  const theirs = others.size === 0 ? [] : locks.table().leases.filter(({ agent }) => others.has(agent));
  if (theirs.length === 0) return [];
  // Loaded only here: starting git needs modules that an edit does not.
  const { listChanges } = await import('#git');
  const states = new Map((await listChanges(home.worktreeRoot)).map(({ path, state }) => [path, state]));
  return theirs.flatMap(({ resource, agent }): readonly Finding[] => {
    const undoing = undoings.find((each) => takesAway(each, resource, states.get(resource)));
    if (undoing === undefined) return [];
    const why = `would take away what ${agent} changed in ${resource} and has not committed; both of you work in this checkout`;
    const next = ['name only your own files, or work in a worktree of your own: squad-worktree create'];
    return [{ subject: undoing.command, code: 'would-undo-others', mode: 'block', why, next }];
  });
}

function takesAway(undoing: PutBack, path: string, state: string | undefined): boolean {
  if (state === undefined || (undoing.isUntrackedOnly && state !== '??')) return false;
  const { paths } = undoing;
  const isBelow = (folder: string): boolean => path === folder || path.startsWith(`${folder}/`);
  // Read from the top of the checkout; from below it, what they mean is met at commit.
  return (
    paths.length === 0 || paths.some((each) => isBelow(each.replace(/^\.\/|\/+$/gu, '')) || each === '.')
  );
}
