import type { Diagnostic } from '#protocol';
import { buildProblem, type BuiltProblem } from '../allocate/build-problem.ts';
import { searchAllocation, type Allocated, type Effort } from '../allocate/search.ts';
import type { Barriers } from '../allocate/soft-barriers.ts';
import { buildTaskGraph, type TaskGraph } from '../allocate/task-graph.ts';
import type { SourceDocument } from '../model.ts';
import { inputQuality } from '../infer/quality.ts';
import { sharedLogs } from '../work/fragment-file.ts';
import { numberFiles, type WrittenFiles } from '../work/path-overlap.ts';
import { prepareWork } from '../work/prepare-work.ts';
import type { WorkItem } from '../work/work-item.ts';
import { chooseAgentCount, type AgentCount, type HandoffCost } from './agent-count.ts';
import { areaRoster } from './area-roster.ts';
import { describePlan } from './describe-plan.ts';
import type { Plan } from './plan.ts';
import { asShortAsFewer, prepareFirst, type PreparedChoice } from './prepare-first.ts';
import { preparedBefore, withPrepared, type Prepared } from './prepared.ts';
import { carryOver, withProgress, type Begun, type Carried } from './progress.ts';
import type { Role } from './role.ts';
import { withCheckpoints, type CheckpointMode } from './with-checkpoints.ts';
import { fillSlots, neededRoles, type Slots } from './slots.ts';

/** What a plan is made of. The same input gives the same plan, byte for byte, on any machine. */
export interface PlanInput {
  readonly document: SourceDocument;
  /** Tracked paths of the repository, sorted by code unit. */
  readonly tracked: readonly string[];
  /** A number of agents that the caller insists on. */
  readonly agents: number | undefined;
  /** Who there is; empty: any agent may do any task. */
  readonly roster: readonly Role[];
  /** Where the roster is from, in words. */
  readonly rosterWhy?: string;
  readonly effort: Effort;
  /** What a handoff took in this repository, where that was measured. */
  readonly handoffCost?: HandoffCost;
  /** Whether phases wait for one another. */
  readonly barriers: Barriers;
  /** Which checkpoints of the document become tasks that wait for a person or a command; `asked` when absent. */
  readonly checkpoints?: CheckpointMode;
  /** Work that began under an earlier plan. */
  readonly begun?: Begun;
}

/** Everything between the input and the finished plan. */
export interface Draft {
  readonly input: PlanInput;
  readonly items: readonly WorkItem[];
  readonly graph: TaskGraph;
  readonly files: WrittenFiles;
  readonly logs: ReadonlySet<string>;
  readonly built: BuiltProblem;
  readonly slots: Slots;
  readonly count: AgentCount;
  readonly allocated: Allocated;
  readonly carried: Carried;
  /** Shared files that a task of their own writes first. */
  readonly prepared: readonly PreparedChoice[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Decides who does what, when, and who owns which path. */
export function makePlan(asked: PlanInput): Plan {
  const begun = asked.begun ?? NOTHING_BEGUN;
  const given = { ...asked, document: withCheckpoints(asked.document, asked.checkpoints ?? 'asked') };
  const isBound = begun.isReplan || begun.progress.size > 0;
  if (isBound) return describePlan(decide(given, preparedBefore(given.document, begun.previous)));
  const base = decide(given, []);
  const again = (prepared: readonly Prepared[]): Draft => decide(given, prepared);
  const found = prepareFirst(base, again);
  const fewer = (agents: number): Draft => {
    const input = { ...given, agents };
    return prepareFirst(decide(input, []), (prepared) => decide(input, prepared));
  };
  return describePlan(asShortAsFewer(found, { base, fewer, decide: again }));
}

/** One way to plan the document: with these shared files written first. */
function decide(given: PlanInput, prepared: readonly Prepared[]): Draft {
  const begun = given.begun ?? NOTHING_BEGUN;
  const stated = withPrepared(given.document, prepared);
  const carried = carryOver(stated, begun);
  const input = { ...given, document: withProgress(stated, begun, carried) };
  const items = prepareWork(input.document, input.tracked);
  const graph = buildTaskGraph(input.document, items, input.barriers);
  const logs = sharedLogs(items);
  const files = numberFiles(
    items.map(({ writes }) => ({ writes: writes.filter(({ path }) => !logs.has(path)) })),
  );
  const folders = foldersOf(items);
  const base = buildProblem({ items, graph, files, agentCount: 1 });
  const problemFor = (agentCount: number): { built: BuiltProblem; slots: Slots } => {
    const roster = input.roster.length > 0 ? input.roster : areaRoster(input.document, items, agentCount);
    const slots = fillSlots(roster, items, {
      agentCount,
      document: input.document.path,
      team: carried.team.map(({ role }) => role),
    });
    const problem = { ...base.problem, agentCount, allowed: Int32Array.from(slots.allowed) };
    return { slots, built: { ...base, problem } };
  };
  const count = chooseAgentCount({
    problemFor: (agents) => problemFor(agents).built.problem,
    taskCount: items.length,
    forced: forcedCount(input, carried),
    handoffCost: input.handoffCost,
    namedAreas: namedAreas(input, items),
    limit: inputQuality(input.document).maxAgents,
    isGuessed: items.filter(({ isEstimated }) => !isEstimated).length * 2 > items.length,
  });
  const { built, slots } = problemFor(count.count);
  const { effort, handoffCost } = input;
  const handoffMinutes = handoffCost?.minutes;
  const options = { effort, folders, handoffMinutes, ...bindings(items, begun, carried) };
  const allocated = neverLonger(searchAllocation(built.problem, options), {
    isNeeded: effort === 'best' && carried.team.length === 0,
    agentCount: count.count,
    allowed: built.problem.allowed,
    searchFor: (agents) => searchAllocation(problemFor(agents).built.problem, options),
  });
  return {
    input,
    prepared: prepared.map((file) => ({ file })),
    items,
    graph,
    files,
    logs,
    built,
    slots,
    count,
    allocated,
    carried,
    diagnostics: [...input.document.diagnostics, ...graph.diagnostics, ...slots.diagnostics],
  };
}

/** With the best effort one more agent never makes a plan longer: what fewer could do, these can. */
function neverLonger(
  found: Allocated,
  given: {
    readonly isNeeded: boolean;
    readonly agentCount: number;
    readonly allowed: Int32Array;
    readonly searchFor: (agents: number) => Allocated;
  },
): Allocated {
  let best = found;
  for (
    let agents = 1;
    given.isNeeded && agents < given.agentCount && best.makespan > best.bound.minutes;
    agents += 1
  ) {
    const other = given.searchFor(agents);
    const isAllowed = other.agents.every((agent, task) => ((given.allowed[task] ?? 0) & (1 << agent)) !== 0);
    if (isAllowed && other.makespan < best.makespan) best = { ...other, bound: found.bound };
  }
  return best;
}

const NOTHING_BEGUN: Begun = { progress: new Map(), previous: [], isReplan: false };

/** As many agents as asked for, but no fewer than have work running; a team that has begun keeps its size. */
function forcedCount(input: PlanInput, { team }: Carried): number | undefined {
  if (team.length === 0) return input.agents;
  const running = new Set(
    [...(input.begun?.progress.values() ?? [])]
      .filter(({ state }) => state === 'running')
      .map(({ agent }) => agent),
  );
  return Math.max(input.agents ?? team.length, team.filter(({ id }) => running.has(id)).length);
}

/** Running tasks stay with their agents; the others would rather stay too. */
function bindings(
  items: readonly WorkItem[],
  { progress }: Begun,
  { team, before }: Carried,
): { readonly fixed?: Int32Array; readonly home?: Int32Array } {
  if (team.length === 0) return {};
  const placeOf = (agent: string | undefined): number => team.findIndex(({ id }) => id === agent);
  const fixed = Int32Array.from(items, ({ id }) => {
    const known = progress.get(id);
    return known?.state === 'running' ? placeOf(known.agent) : -1;
  });
  return {
    fixed,
    home: Int32Array.from(items, ({ id }) => placeOf(before.get(id))),
  };
}

/** Areas or roles that have tasks and deserve an agent each. */
function namedAreas({ document, roster }: PlanInput, items: readonly WorkItem[]): readonly string[] {
  if (roster.length > 0) return neededRoles(roster, items).map(({ name }) => name);
  const present = new Set<string>(items.flatMap(({ area }) => (area === undefined ? [] : [area])));
  return [...new Set(document.areas.map(({ area }) => area))].filter((area) => present.has(area));
}

/** Numbers the folders that each task writes in, its area among them: an agent does best with few of each. */
function foldersOf(items: readonly WorkItem[]): readonly (readonly number[])[] {
  const ids = new Map<string, number>();
  return items.map(({ writes, area }) => {
    const names = writes.map(({ path }) => path.slice(0, path.lastIndexOf('/') + 1));
    if (area !== undefined) names.push(`area ${area}`);
    return [...new Set(names)].map((name) => {
      const id = ids.get(name) ?? ids.size;
      ids.set(name, id);
      return id;
    });
  });
}
