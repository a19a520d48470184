import type { Locks } from '#lock';
import type { SquadHome } from '#store';
import { listSessions, type Store } from '#store';
import type { CompiledMatrix } from '#ownership';
import {
  DEFAULT_ZONES,
  findOperations,
  type OperationZones,
  type ShellOperation,
} from '../shell/operations.ts';
import { obstacleWords, shellWord } from '../words.ts';
import type { Finding } from './finding.ts';
import type { Lessee } from './lease-files.ts';

const OPERATION_TTL_MS = 10 * 60_000;

/** Beginning of the purpose of an operation's lease that the guard took for one command. */
export const OPERATION_PURPOSE = 'shell command: ';

/** The never-parallel operations of a repository: the defaults, each replaced by a zone of the same name. */
export function zonesOf(matrix: CompiledMatrix): OperationZones {
  const own = Object.entries(matrix.zones).map(([name, zone]) => [name, zone.commands] as const);
  return { ...DEFAULT_ZONES, ...Object.fromEntries(own) };
}

/** Operations among the commands of an analysed line. */
export function operationsIn(
  matrix: CompiledMatrix,
  commands: readonly (readonly string[])[],
): readonly ShellOperation[] {
  return findOperations(commands, zonesOf(matrix));
}

/**
 * Takes the lock of each operation for the length of the command (given back after the tool), unless the agent holds it
 * already. With `canRelease` false, because the client never says when a command ends, it only looks who holds it.
 */
export function takeOperations(
  locks: Locks,
  lessee: Lessee,
  how: { readonly operations: readonly ShellOperation[]; readonly canRelease: boolean },
): readonly Finding[] {
  const { operations, canRelease } = how;
  const findings: Finding[] = [];
  for (const operation of operations) {
    const resource = `op:${operation.zone}`;
    if (locks.leasesOn(resource).some((lease) => lease.agent === lessee.agent && !lease.reserved)) continue;
    const obstacles = canRelease
      ? acquire(locks, lessee, operation)
      : locks.conflictsOf({ agent: lessee.agent, resources: [resource] });
    findings.push(
      ...obstacles.slice(0, 1).map((obstacle) => heldOperation(operation, obstacleWords(obstacle), lessee)),
    );
  }
  return findings;
}

/** Gives back every operation that the guard took for a command of the session. */
export function releaseOperations(locks: Locks, lessee: Pick<Lessee, 'agent' | 'session'>): void {
  const taken = locks
    .table()
    .leases.filter(
      ({ agent, purpose, sessions }) =>
        agent === lessee.agent &&
        purpose?.startsWith(OPERATION_PURPOSE) === true &&
        (lessee.session === undefined || sessions.includes(lessee.session)),
    );
  if (taken.length > 0)
    locks.release({ agent: lessee.agent, resources: taken.map(({ resource }) => resource), wholly: true });
}

function acquire(locks: Locks, lessee: Lessee, operation: ShellOperation): ReturnType<Locks['conflictsOf']> {
  const outcome = locks.acquire({
    agent: lessee.agent,
    resources: [{ name: `op:${operation.zone}` }],
    ttlMs: OPERATION_TTL_MS,
    purpose: `${OPERATION_PURPOSE}${operation.command}`,
    ...(lessee.session === undefined ? {} : { session: lessee.session }),
    ...(lessee.holder === undefined ? {} : { holder: lessee.holder }),
  });
  return outcome.kind === 'held' ? outcome.holders : [];
}

function heldOperation(operation: ShellOperation, words: string, { agent }: Lessee): Finding {
  return {
    subject: `op:${operation.zone}`,
    code: 'operation-held',
    mode: 'block',
    why: `(${operation.command} never runs twice at a time) ${words}`,
    next: [
      `run it when it is free: squad-lock run op:${shellWord(operation.zone)} --wait 2m --agent ${agent} -- <your command>`,
    ],
  };
}

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
