import type { Barriers } from '../allocate/soft-barriers.ts';
import { confidenceOf } from '../infer/confidence.ts';
import { at } from '../schedule/lists.ts';
import { fragmentOf } from '../work/fragment-file.ts';
import type { WorkItem } from '../work/work-item.ts';
import { alternativesFor } from './alternative-task.ts';
import { changesSince } from './changes.ts';
import type { Draft } from './make-plan.ts';
import { nameAgents } from './name-agents.ts';
import { ownershipRows, plannedHandoffs, splitLogs } from './ownership.ts';
import { playBarriers } from './form-minutes.ts';
import type { Plan, PlannedAgent, PlannedTask, Reasons, SyncPoint } from './plan.ts';
import { STILL_RUNNING, type KeptTask } from './progress.ts';
import { proposedRegions } from './regions.ts';
import { sharedChoices } from './shared-choices.ts';
import { scheduleFacts, wavesOf } from './schedule-facts.ts';

/** The plan in words and ids, from what the scheduler decided in numbers. */
export function describePlan(draft: Draft): Plan {
  const { input, items, built, count } = draft;
  const { problem } = built;
  const named = nameAgents(draft);
  const allocated = {
    ...draft.allocated,
    agents: draft.allocated.agents.map((agent) => at(named.placeOf, agent)),
  };
  const facts = scheduleFacts(problem, allocated);
  const agentIds = named.agents.map(({ id }) => id);
  const ownership = {
    items,
    files: draft.files,
    problem,
    timed: allocated,
    agentIds,
    tracked: input.tracked,
    logs: draft.logs,
    declared: input.document.declared,
  };
  const ids = (tasks: readonly number[]): readonly string[] => tasks.map((task) => items[task]?.id ?? '');
  const split = splitLogs(ownership);
  const planned = describeTasks(
    { ...draft, allocated },
    { agentIds, slack: facts.slack, areas: named.roles, split },
  );
  const tasks = [...draft.carried.kept.map(keptTask), ...planned];
  const offset = draft.carried.offsetMinutes;
  return {
    feature: input.document.feature,
    source: input.document.path,
    prdHash: input.document.hash,
    format: input.document.format,
    agents: named.agents.map((agent): PlannedAgent => withTasks(agent, tasks)),
    tasks,
    ownership: ownershipRows(ownership),
    handoffs: plannedHandoffs(ownership).map((each) => ({ ...each, minute: each.minute + offset })),
    sharedFiles: sharedChoices({ ...draft, allocated }, split),
    regions: items.length > MOST_PLAYED ? [] : proposedRegions({ ...draft, allocated }, agentIds),
    syncPoints: syncPoints(draft, items),
    waves: wavesOf(problem).map(ids),
    changes: changesSince(
      input.begun?.previous ?? [],
      tasks,
      new Set(draft.carried.orphans.map(({ task }) => task.id)),
    ),
    makespanMinutes: offset + allocated.makespan,
    lowerBoundMinutes: offset + allocated.bound.minutes,
    lowerBoundKind: allocated.bound.kind,
    criticalPath: ids(facts.criticalPath),
    alternatives: count.alternatives,
    ...phaseCost(draft),
    agentsWhy: count.why,
    handoffWhy: count.handoffWhy,
    rosterWhy: input.rosterWhy ?? builtIn(draft),
    skipped: input.document.skipped,
    diagnostics: draft.diagnostics,
  };
}

const MOST_PLAYED = 500;

/** What phases cost, where the document has any. */
function phaseCost(draft: Draft): Pick<Plan, 'phases'> {
  const { input, items } = draft;
  const isPhased = input.document.stages.filter(({ isBarrier }) => isBarrier).length > 1;
  if (!isPhased || items.length > MOST_PLAYED) return {};
  const { barriers } = input;
  const minutes = (each: Barriers): number =>
    each === barriers ? draft.allocated.makespan : playBarriers(draft, each);
  return {
    phases: {
      barriers,
      strictMinutes: minutes('strict'),
      softMinutes: minutes('soft'),
      offMinutes: minutes('off'),
    },
  };
}

function builtIn({ slots }: Draft): string {
  const names = slots.roles.map(({ name }) => name);
  return names.length === 0
    ? 'built in: any agent may do any task'
    : `built in, from the areas that the document names: ${names.join(', ')}`;
}

function describeTasks(
  draft: Draft,
  known: {
    readonly agentIds: readonly string[];
    readonly slack: Int32Array;
    readonly areas: readonly string[];
    readonly split: ReadonlySet<string>;
  },
): readonly PlannedTask[] {
  const { items, graph, built, allocated } = draft;
  const { agentIds, slack } = known;
  const waitsFor = items.map((): Record<string, string> => ({}));
  for (const { before, after, why } of [...graph.edges, ...built.fileEdges]) {
    const row = waitsFor[after];
    const id = items[before]?.id;
    if (row !== undefined && id !== undefined) row[id] ??= why;
  }
  const orphans = new Set(draft.carried.orphans.map(({ task }) => task.id));
  const before = new Map(
    (draft.input.begun?.previous ?? []).flatMap(({ tasks }) => tasks.map((task) => [task.id, task] as const)),
  );
  const meanwhile = alternativesFor(built.problem, allocated);
  return items.map((item, task) => {
    const agent = at(allocated.agents, task);
    const dependsOn = waitsFor[task] ?? {};
    const alternative = meanwhile[task];
    return {
      id: item.id,
      title: item.title,
      agent: agentIds[agent] ?? '',
      files: filesOf(item, agentIds[agent] ?? '', known.split),
      likely: (item.source.likely ?? []).map(({ path, rung, why }) => ({
        path,
        confidence: confidenceOf(rung),
        why,
      })),
      dependsOn: Object.keys(dependsOn),
      estimateMinutes: item.minutes,
      startMinute: draft.carried.offsetMinutes + at(allocated.starts, task),
      state: draft.input.begun?.progress.get(item.id)?.state === 'running' ? 'running' : 'planned',
      slackMinutes: at(slack, task),
      priority: item.source.priority,
      acceptance: item.source.acceptance,
      ...gatesOf(item, before.get(item.id)),
      area: item.area,
      alternative: alternative === undefined ? undefined : items[alternative]?.id,
      why: {
        ...reasonsFor(item, known.areas[agent] ?? '', dependsOn),
        ...(orphans.has(item.id) ? { agent: STILL_RUNNING } : {}),
      },
    };
  });
}

/** What must hold before others build on a task: what the document asks, and what the plans so far say. */
function gatesOf(
  { source }: WorkItem,
  before: KeptTask['task'] | undefined,
): Pick<PlannedTask, 'gates' | 'isCheckpoint'> {
  return {
    gates: [...new Set([...(before?.gates ?? []), ...(source.gates ?? [])])],
    isCheckpoint: source.approval !== undefined || before?.checkpoint === true,
  };
}

/** A task that has begun, as its plan has it. */
function keptTask({ task, agent, state }: KeptTask): PlannedTask {
  return {
    id: task.id,
    title: task.title,
    agent,
    files: task.files,
    likely: [],
    dependsOn: task.depends_on,
    estimateMinutes: task.estimate_minutes,
    startMinute: task.start_minute,
    state,
    slackMinutes: 0,
    priority: task.priority,
    acceptance: task.acceptance === undefined ? [] : [`\`${task.acceptance}\``],
    gates: task.gates ?? [],
    isCheckpoint: task.checkpoint ?? false,
    area: undefined,
    alternative: undefined,
    why: {
      agent: `it is ${state}`,
      estimate: 'as planned before',
      area: 'as planned before',
      files: {},
      confidence: {},
      dependsOn: {},
    },
  };
}

/** Of a log that several agents add to, a task writes a fragment. */
function filesOf(
  { id, writes, reads }: WorkItem,
  agent: string,
  split: ReadonlySet<string>,
): PlannedTask['files'] {
  const written = writes.map(({ path, mode }) =>
    split.has(path) ? { path: fragmentOf(path, agent, id), mode: 'create' } : { path, mode },
  );
  const of = (mode: 'create' | 'modify'): readonly string[] => [
    ...new Set(written.filter((file) => file.mode === mode).map(({ path }) => path)),
  ];
  return { create: of('create'), modify: of('modify'), read: reads };
}

function reasonsFor(item: WorkItem, role: string, dependsOn: Readonly<Record<string, string>>): Reasons {
  const agent =
    item.source.agent !== undefined
      ? `the document names ${item.source.agent}`
      : item.area !== undefined && item.area === role
        ? `${item.area} work (${item.areaWhy})`
        : 'ends soonest with this agent and keeps its files in one hand';
  return {
    ...(item.source.added === undefined ? {} : { added: item.source.added }),
    agent,
    estimate: item.minutesWhy,
    area: item.areaWhy,
    files: Object.fromEntries(item.writes.map(({ path, why }) => [path, why])),
    confidence: Object.fromEntries(item.writes.map(({ path, rung }) => [path, confidenceOf(rung)])),
    dependsOn,
  };
}

function withTasks(
  agent: { id: string; role: string; plan: string },
  tasks: readonly PlannedTask[],
): PlannedAgent {
  const own = tasks
    .filter((task) => task.agent === agent.id)
    .toSorted((a, b) => a.startMinute - b.startMinute);
  return {
    ...agent,
    tasks: own.map(({ id }) => id),
    busyMinutes: own.reduce((sum, { estimateMinutes }) => sum + estimateMinutes, 0),
  };
}

/** One for each barrier: everything before it is finished. */
function syncPoints(
  { graph, allocated, input, carried }: Draft,
  items: readonly WorkItem[],
): readonly SyncPoint[] {
  const points: SyncPoint[] = [];
  for (let segment = 0; segment + 1 < graph.segmentCount; segment += 1) {
    const tasks = items.flatMap((item, task) => (graph.segments[task] === segment ? [{ item, task }] : []));
    const minute = tasks.reduce(
      (last, { item, task }) => Math.max(last, at(allocated.starts, task) + item.minutes),
      0,
    );
    const id = tasks[0]?.item.id ?? '';
    const stage = input.document.stages.find(({ taskIds }) => taskIds.includes(id));
    const checkpoint = input.document.checkpoints?.find(({ after }) => after.includes(id));
    points.push({
      name: `end of ${stage?.name ?? `phase ${segment + 1}`}${checkpoint === undefined ? '' : ` (${checkpoint.text.slice(0, 120)})`}`,
      minute: carried.offsetMinutes + minute,
      tasks: tasks.map(({ item }) => item.id),
    });
  }
  return points;
}
