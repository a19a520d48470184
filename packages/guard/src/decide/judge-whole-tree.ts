import type { Locks } from '#lock';
import { listSessions, type SquadHome, type Store } from '#store';
import type { ShellOperation } from '../shell/operations.ts';
import type { Finding } from './finding.ts';

const WHOLE_TREE = new Set(['git checkout', 'git clean', 'git reset', 'git stash', 'git switch']);

/**
 * A command that puts the whole checkout back (`git stash`, `git reset --hard`, another branch) would take away what other
 * agents of this checkout have changed and not committed. Asks git only when such agents hold leases here.
 */
export async function judgeWholeTree(
  ports: { readonly store: Store; readonly locks: Locks; readonly home: SquadHome },
  how: {
    readonly operations: readonly ShellOperation[];
    readonly agent: string;
    readonly commands: readonly (readonly string[])[];
  },
): Promise<readonly Finding[]> {
  const { store, locks, home } = ports;
  const operation = how.operations.find(({ command }) => WHOLE_TREE.has(command));
  if (operation === undefined || !how.commands.some(putsBack)) return [];
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
  const changed = new Set((await listChanges(home.worktreeRoot)).map(({ path }) => path));
  return theirs
    .filter(({ resource }) => changed.has(resource))
    .map(({ resource, agent }) => ({
      subject: operation.command,
      code: 'would-undo-others',
      mode: 'block',
      why: `would take away what ${agent} changed in ${resource} and has not committed; both of you work in this checkout`,
      next: ['name only your own files, or work in a worktree of your own: squad-worktree create'],
    }));
}

// `git reset` without --hard, `git checkout -b` and `git stash push -- path` leave the files of others alone.
function putsBack(words: readonly string[]): boolean {
  if (words[0] !== 'git') return false;
  const has = (...wanted: readonly string[]): boolean => words.some((word) => wanted.includes(word));
  if (has('reset')) return has('--hard', '--merge', '--keep');
  if (has('checkout', 'switch')) return !has('-b', '-B', '-c', '-C', '--create', '--orphan', '--');
  if (has('stash')) return !has('list', 'show', 'pop', 'apply', 'drop', 'create', 'store', '--');
  return has('clean') && words.some((word) => /^-[a-z]*f/u.test(word) || word === '--force');
}
