import { buildProblem } from '../allocate/build-problem.ts';
import { buildTaskGraph, type TaskGraph } from '../allocate/task-graph.ts';
import { urgencyRanks } from '../schedule/levels.ts';
import { lowerBound } from '../schedule/lower-bound.ts';
import type { Problem } from '../schedule/problem.ts';
import { Simulation, type Schedule } from '../schedule/simulation.ts';
import { numberFiles, type WrittenFiles } from '../work/path-overlap.ts';
import { prepareWork } from '../work/prepare-work.ts';
import type { WorkItem } from '../work/work-item.ts';
import type { SourceDocument } from '../model.ts';
import type { Barriers } from '../allocate/soft-barriers.ts';
import type { Draft } from './make-plan.ts';
import { withPrepared, type Prepared } from './prepared.ts';

/** When everything would end with a shared file in each of its forms; absent where the form is not possible. */
export interface FormMinutes {
  readonly oneOwner: number;
  readonly handedOn: number;
  readonly sharedFirst?: number;
  readonly fragments?: number;
  /** If all could write the file at once. */
  readonly free: number;
}

/** Lets whoever is free take a task. */
export const ANYONE = -1;

/** Plays assignments through; {@link ANYONE} leaves a task to whoever is free. */
export type Played = (agents: Int32Array) => Schedule;

/** How assignments to the agents of a problem turn out. */
export function play(problem: Problem): Played {
  const simulation = new Simulation(problem);
  const groupOf = Int32Array.from({ length: problem.taskCount }, (_, task) => task);
  const ranks = urgencyRanks(problem);
  return (agents) => simulation.run({ groupOf, agentOfGroup: agents, ranks });
}

/** The forms of one file, played through with nobody bound to a task. */
export function playFreely(given: {
  readonly items: readonly WorkItem[];
  readonly graph: TaskGraph;
  readonly files: WrittenFiles;
  readonly problem: Problem;
  readonly file: number;
  readonly tasks: readonly number[];
}): FormMinutes {
  const { problem, tasks } = given;
  const anyone = new Int32Array(problem.taskCount).fill(ANYONE);
  const played = play(problem);
  const oneOwner = anyone.slice();
  for (const task of tasks) oneOwner[task] = 0;
  const free = play(problemWithout(given))(anyone).makespan;
  return { oneOwner: played(oneOwner).makespan, handedOn: played(anyone).makespan, free };
}

/** The problem as it would be if the file bound nobody. */
export function problemWithout({
  items,
  graph,
  files,
  problem,
  file,
}: {
  readonly items: readonly WorkItem[];
  readonly graph: TaskGraph;
  readonly files: WrittenFiles;
  readonly problem: Problem;
  readonly file: number;
}): Problem {
  const without = (rows: readonly (readonly number[])[]): readonly (readonly number[])[] =>
    rows.map((row) => row.filter((other) => other !== file));
  const freed = buildProblem({
    items,
    graph,
    files: { ...files, rows: without(files.rows), locks: without(files.locks) },
    agentCount: problem.agentCount,
  });
  return { ...freed.problem, allowed: problem.allowed };
}

/** What no file is to blame for: everything ends no sooner, whatever may be written by all at once. */
export function leastWithoutFiles({ items, graph, files, built }: Draft): number {
  const none = items.map(() => []);
  const { problem } = buildProblem({
    items,
    graph,
    files: { ...files, rows: none, locks: none },
    agentCount: built.problem.agentCount,
  });
  return lowerBound(problem).minutes;
}

/** When everything would end if a task of its own wrote the file first, with nobody bound to a task. */
export function playPrepared(draft: Draft, file: Prepared): number {
  const document = withPrepared(draft.input.document, [file]);
  return playItems(draft, prepareWork(document, draft.input.tracked), {
    document,
    barriers: draft.input.barriers,
  });
}

/** When everything would end if phases bound in another way, with nobody bound to a task. */
export function playBarriers(draft: Draft, barriers: Barriers): number {
  return playItems(draft, draft.items, { document: draft.input.document, barriers });
}

function playItems(
  { logs, built }: Draft,
  items: readonly WorkItem[],
  { document, barriers }: { readonly document: SourceDocument; readonly barriers: Barriers },
): number {
  const graph = buildTaskGraph(document, items, barriers);
  const files = numberFiles(
    items.map(({ writes }) => ({ writes: writes.filter(({ path }) => !logs.has(path)) })),
  );
  const { problem } = buildProblem({ items, graph, files, agentCount: built.problem.agentCount });
  return play(problem)(new Int32Array(items.length).fill(ANYONE)).makespan;
}
