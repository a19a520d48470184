import { basename, join } from 'node:path';
import { findOperations, zonesWith } from '#guard';
import type { CompiledMatrix } from '#ownership';
import { placedProcesses, runningCommand, type RunningCommand, type Store } from '#store';
import { groupBy } from '../model/group-by.ts';
import type { ObservedLease, ObservedWorktree, ObservedZoneUse } from '../model/snapshot.ts';
import type { LeaseObservation } from './lease-source.ts';

/** What operations are looked for with. */
export interface ZoneQuestion {
  readonly mainRoot: string;
  readonly matrix: CompiledMatrix | undefined;
  readonly worktrees: readonly ObservedWorktree[];
  readonly leases: readonly ObservedLease[];
  readonly processes: LeaseObservation['processes'];
}

interface Operation {
  readonly zone: string;
  readonly command: RunningCommand;
  readonly actor: string;
  readonly folder: string;
}

const MAX_ANCESTORS = 40;

/**
 * Never-parallel operations under way: running processes in the repository's worktrees whose command line is one of a zone's,
 * and leases of a zone (`op:git`). A process counts once with all that it started. Linux only; elsewhere leases alone tell.
 */
export function lookAtZones(store: Store, question: ZoneQuestion): readonly ObservedZoneUse[] {
  const zones = zonesWith(question.matrix?.zones ?? {});
  const roots = [question.mainRoot, ...question.worktrees.map(({ path }) => path)];
  const inside = placedProcesses().filter(({ folder }) => roots.some((root) => isBelow(folder, root)));
  const operations = inside.flatMap(({ pid, folder }): Operation[] => {
    const command = runningCommand(pid);
    const [found] = command === undefined ? [] : findOperations(readings(command.words), zones);
    if (command === undefined || found === undefined) return [];
    return [{ zone: found.zone, command, folder, actor: actorOf(command, folder, question) }];
  });
  const first = operations.filter((operation) => !operations.some((other) => startedIt(other, operation)));
  const holders = question.leases.filter(({ path, isExpired }) => path.startsWith('op:') && !isExpired);
  const byZone = groupBy(first, ({ zone }) => zone);
  return [...byZone].map(([zone, running]) => {
    const held = holders.filter(({ path }) => path === `op:${zone}`);
    return {
      zone,
      running: running.map(({ actor }) => actor),
      holders: held.map(({ agent }) => agent),
      evidence: [
        ...running.map(describe),
        ...held.map(
          ({ agent, path, purpose }) =>
            `${agent} holds ${path}${purpose === undefined ? '' : ` (${purpose})`}`,
        ),
        ...(zone === 'git' ? unfinishedGit(store, question.worktrees) : []),
      ],
    };
  });
}

function isBelow(folder: string, root: string): boolean {
  return folder === root || folder.startsWith(`${root}/`);
}

// As it was typed: without the folder of the program, and without the interpreter of a script.
function readings(words: readonly string[]): readonly (readonly string[])[] {
  const [program = '', script = '', ...rest] = words;
  const plain = [basename(program), script, ...rest];
  if (!/^(?:node|bun|deno|python[\d.]*|ruby|perl|sh|bash|dash)$/u.test(basename(program))) return [plain];
  const name = basename(script).replace(/(?:-cli)?\.(?:[cm]?js|py|rb|pl|sh)$/u, '');
  return [plain, [name, ...rest]];
}

function actorOf(command: RunningCommand, folder: string, question: ZoneQuestion): string {
  if (command.agent !== undefined) return command.agent;
  const ancestors = ancestorsOf(command);
  // The pid of one that is not known to run here may mean another process.
  const starter = question.processes.find(
    ({ process }) => process.life === 'alive' && ancestors.has(process.pid),
  );
  if (starter !== undefined) return starter.agent;
  const tree = question.worktrees
    .filter(({ path, isMain }) => !isMain && isBelow(folder, path))
    .toSorted((a, b) => b.path.length - a.path.length)[0];
  return tree?.agent ?? `process ${command.pid}`;
}

function ancestorsOf(command: RunningCommand): ReadonlySet<number> {
  const pids = new Set<number>([command.pid]);
  let { parent } = command;
  while (parent > 1 && !pids.has(parent) && pids.size < MAX_ANCESTORS) {
    pids.add(parent);
    parent = runningCommand(parent)?.parent ?? 0;
  }
  return pids;
}

function startedIt(one: Operation, other: Operation): boolean {
  if (one === other || one.zone !== other.zone) return false;
  return ancestorsOf(other.command).has(one.command.pid);
}

function describe({ actor, command, folder }: Operation): string {
  return `${actor}: process ${command.pid} runs "${command.words.join(' ').slice(0, 120)}" in ${folder}`;
}

// What git leaves while it is at work, or when it was stopped in it.
function unfinishedGit(store: Store, worktrees: readonly ObservedWorktree[]): readonly string[] {
  return worktrees.flatMap(({ path }) => {
    const link = /^gitdir: ([^\n]+)/u.exec(
      store.stat(join(path, '.git'))?.kind === 'file' ? (store.readText(join(path, '.git')) ?? '') : '',
    )?.[1];
    const folder = link ?? join(path, '.git');
    return ['index.lock', 'rebase-merge', 'rebase-apply', 'MERGE_HEAD', 'CHERRY_PICK_HEAD']
      .filter((name) => store.stat(join(folder, name)) !== undefined)
      .map((name) => `${name} stands in ${path}`);
  });
}
