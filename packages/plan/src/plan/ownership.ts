import { compilePattern, escapePattern } from '#glob';
import { at, listAt } from '../schedule/lists.ts';
import type { Problem } from '../schedule/problem.ts';
import { fragmentFolder } from '../work/fragment-file.ts';
import { alwaysShared, isSharedPath, sharedFolderOf } from '../work/hub-file.ts';
import { isPattern, toPattern, type WrittenFiles } from '../work/path-overlap.ts';
import { areApart, partsOf } from '../work/file-parts.ts';
import type { WorkItem } from '../work/work-item.ts';
import { compactRows, patternOf } from './compact-rows.ts';
import type { OwnershipRow, PlannedHandoff } from './plan.ts';
import type { Timed } from './schedule-facts.ts';

/** What ownership is read off. */
export interface OwnershipInput {
  readonly items: readonly WorkItem[];
  readonly files: WrittenFiles;
  readonly problem: Problem;
  readonly timed: Timed;
  readonly agentIds: readonly string[];
  readonly tracked: readonly string[];
  /** Logs that several tasks add an entry to: no file of the problem, because fragments do not exclude one another. */
  readonly logs: ReadonlySet<string>;
  readonly declared: readonly {
    readonly path: string;
    readonly access: 'SEQUENTIAL' | 'READ-ONLY';
    readonly why: string;
  }[];
}

interface Writing {
  readonly path: string;
  /** Tasks in the order of their starts. */
  readonly tasks: readonly number[];
  /** Agents in the order in which they write, without repeats in a row. */
  readonly turns: readonly number[];
}

/** Rows by which every planned path resolves to its writer, and shared paths to their turns. */
export function ownershipRows(input: OwnershipInput): readonly OwnershipRow[] {
  const { agentIds, declared } = input;
  const entries = logWritings(input);
  const writings = [...writingsOf(input), ...entries.filter(({ turns }) => !isSplit(turns))];
  const fixed = new Map<string, OwnershipRow>();
  for (const { path, access, why } of declared) {
    const order = access === 'READ-ONLY' ? [] : namesOf(turnsUnder(path, writings), agentIds);
    fixed.set(path, { path: rooted(path), owner: 'NONE', access, order, why });
  }
  for (const writing of writings) {
    const why = whyShared(writing, input.items);
    if (why !== undefined && !fixed.has(writing.path))
      fixed.set(writing.path, sequential(writing, agentIds, why));
  }
  for (const { path, tasks, turns } of entries) {
    if (!isSplit(turns) || fixed.has(path)) continue;
    for (const row of fragmentRows(path, tasks.length, new Set(turns).size)) fixed.set(row.path, row);
  }
  for (const [path, row] of redZones(input)) if (!fixed.has(path)) fixed.set(path, row);
  const zones = [...fixed.keys()].filter((path) => path.endsWith('/'));
  const owned = writings.filter(
    ({ path }) => !fixed.has(path) && !zones.some((zone) => path.startsWith(zone)),
  );
  const exact = owned
    .filter(({ path }) => /[*?{]/u.test(path))
    .map((writing) => exclusive(writing.path, writing.turns[0] ?? 0, agentIds));
  const plain = owned.filter(({ path }) => !/[*?{]/u.test(path));
  const compact = compactRows(
    plain.map(({ path, turns }) => ({ path, label: turns[0] ?? 0 })),
    agentIds.length,
  );
  const rows = [
    ...fixed.values(),
    ...exact,
    ...compact.map((row) => exclusive(patternOf(row, escapePattern), row.label, agentIds)),
  ];
  return rows.sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
}

/** The logs that several agents add to, and that therefore become a folder of fragments. */
export function splitLogs(input: OwnershipInput): ReadonlySet<string> {
  return new Set(
    logWritings(input)
      .filter(({ turns }) => isSplit(turns))
      .map(({ path }) => path),
  );
}

function isSplit(turns: readonly number[]): boolean {
  return new Set(turns).size > 1;
}

function logWritings({ items, logs, timed }: OwnershipInput): readonly Writing[] {
  return [...logs].map((path) => {
    const tasks = items.flatMap(({ writes }, task) =>
      writes.some((file) => file.path === path) ? [task] : [],
    );
    return inTurn(path, tasks, timed);
  });
}

function fragmentRows(path: string, tasks: number, agents: number): readonly OwnershipRow[] {
  return [
    {
      path: rooted(fragmentFolder(path)),
      owner: 'NONE',
      access: 'PARTITIONED',
      order: [],
      why: `${tasks} tasks of ${agents} agents add an entry to ${path}: each writes fragments of its own, and nobody waits`,
    },
    {
      path: rooted(path),
      owner: 'NONE',
      access: 'SEQUENTIAL',
      order: [],
      why: `put together from ${fragmentFolder(path)} at the end, by one agent at a time`,
    },
  ];
}

/** Every change of hands of a file. */
export function plannedHandoffs(input: OwnershipInput): readonly PlannedHandoff[] {
  const { items, agentIds, timed } = input;
  const handoffs = writingsOf(input).flatMap(({ path, tasks }) =>
    tasks.slice(1).flatMap((to, index): PlannedHandoff[] => {
      const from = tasks[index] ?? to;
      if (at(timed.agents, from) === at(timed.agents, to)) return [];
      return [
        {
          path,
          fromTask: items[from]?.id ?? '',
          fromAgent: agentIds[at(timed.agents, from)] ?? '',
          toTask: items[to]?.id ?? '',
          toAgent: agentIds[at(timed.agents, to)] ?? '',
          minute: at(timed.starts, to),
        },
      ];
    }),
  );
  return handoffs.toSorted((a, b) => a.minute - b.minute || (a.path < b.path ? -1 : Number(a.path > b.path)));
}

function writingsOf({ files, problem, timed }: OwnershipInput): readonly Writing[] {
  return files.paths.map((path, file) => inTurn(path, [...listAt(problem.writers, file)], timed));
}

function inTurn(path: string, writers: readonly number[], timed: Timed): Writing {
  const tasks = writers.toSorted((a, b) => at(timed.starts, a) - at(timed.starts, b) || a - b);
  const turns = tasks
    .map((task) => at(timed.agents, task))
    .filter((agent, index, all) => agent !== all[index - 1]);
  return { path, tasks, turns };
}

function whyShared({ path, tasks, turns }: Writing, items: readonly WorkItem[]): string | undefined {
  if (turns.length > 1 && areApart(items, tasks, path)) {
    const parts = tasks.map((task) => `${items[task]?.id ?? ''} ${partsOf(items[task], path).join(', ')}`);
    return `different parts of one file (${parts.slice(0, 8).join('; ')}): no order needed, but one at a time; the report says how a region for each agent would part it`;
  }
  if (turns.length > 1)
    return `${tasks.length} tasks of ${new Set(turns).size} agents write it, in this order`;
  const kind = alwaysShared(path) ?? (isSharedPath(path) ? 'shared by agents' : undefined);
  return kind === undefined ? undefined : `${kind}: always one at a time`;
}

function sequential(writing: Writing, agentIds: readonly string[], why: string): OwnershipRow {
  return {
    path: rooted(writing.path),
    owner: 'NONE',
    access: 'SEQUENTIAL',
    order: namesOf(writing.turns, agentIds),
    why,
  };
}

function exclusive(path: string, agent: number, agentIds: readonly string[]): OwnershipRow {
  const why = path.endsWith('/')
    ? 'every planned file here is written by this agent, but for the rows below it'
    : 'written by this agent only';
  return { path: rooted(path), owner: agentIds[agent] ?? 'NONE', access: 'EXCLUSIVE', order: [], why };
}

function namesOf(agents: readonly number[], agentIds: readonly string[]): readonly string[] {
  return agents.map((agent) => agentIds[agent] ?? 'NONE');
}

function turnsUnder(folder: string, writings: readonly Writing[]): readonly number[] {
  const under = writings.filter(
    ({ path }) => path === folder || (isPattern(folder) && path.startsWith(folder)),
  );
  return under.flatMap(({ turns }) => turns).filter((agent, index, all) => agent !== all[index - 1]);
}

/** Files that break everybody when two change them at once, whether or not a task names them. */
function redZones({ tracked, agentIds }: OwnershipInput): ReadonlyMap<string, OwnershipRow> {
  const zones = new Map<string, OwnershipRow>();
  for (const path of tracked) {
    const shared = sharedFolderOf(path);
    if (shared !== undefined) {
      zones.set(shared, {
        path: rooted(shared),
        owner: 'NONE',
        access: 'SEQUENTIAL',
        order: agentIds,
        why: 'shared code: change types here first, one agent at a time, then hand over in this order',
      });
    }
    const kind = alwaysShared(path);
    if (kind === undefined || path.split('/').length > 3) continue;
    zones.set(path, {
      path: rooted(path),
      owner: 'NONE',
      access: 'SEQUENTIAL',
      order: [],
      why: `${kind}: always one at a time`,
    });
  }
  return zones;
}

/** A key of the matrix. A folder whose name reads as a file's (`vendor/chart.js/`, `src/profile/`) is said by what is in it. */
function rooted(path: string): string {
  const key = `/${toPattern(path).replace(/^\/+|\/+$/gu, '')}`;
  return path.endsWith('/') && !/[*?{]/u.test(path) && !compilePattern(key).covers(`${path}x`)
    ? `${key}/**`
    : key;
}
