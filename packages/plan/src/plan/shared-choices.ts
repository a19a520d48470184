import { buildProblem } from '../allocate/build-problem.ts';
import { changesOf } from '../allocate/cost.ts';
import { at, listAt } from '../schedule/lists.ts';
import { urgencyRanks } from '../schedule/levels.ts';
import type { Problem } from '../schedule/problem.ts';
import { Simulation, type Schedule } from '../schedule/simulation.ts';
import type { Draft } from './make-plan.ts';

/** How a file that several tasks write is kept from being written by two at once, and what that costs. */
export interface SharedChoice {
  readonly path: string;
  readonly form: 'one owner' | 'shared first' | 'handed on' | 'fragments';
  readonly tasks: number;
  readonly agents: number;
  /** Minutes by which the whole would end sooner if the file could be written by all at once. */
  readonly lostMinutes: number;
  readonly why: string;
}

const MOST_FILES = 8;
const MOST_TASKS = 500;
const ANYONE = -1;

/** The files with most writers, each with the form it got and what the other forms would give, played through. */
export function sharedChoices(draft: Draft, split: ReadonlySet<string>): readonly SharedChoice[] {
  const { items, built, files } = draft;
  const fragments = [...split].map((path): SharedChoice => {
    const writers = items.flatMap(({ writes }, task) =>
      writes.some((each) => each.path === path) ? [task] : [],
    );
    return {
      path,
      form: 'fragments',
      tasks: writers.length,
      agents: countAgents(draft, writers),
      lostMinutes: 0,
      why: 'its entries are only added, so each task writes a file of its own: nobody waits, nothing is handed on',
    };
  });
  if (items.length > MOST_TASKS) return fragments;
  const shared = files.paths
    .map((path, file) => ({ path, file, writers: [...listAt(built.problem.writers, file)] }))
    .filter(({ writers }) => writers.length > 1)
    .toSorted((a, b) => b.writers.length - a.writers.length || a.file - b.file)
    .slice(0, MOST_FILES);
  const played = play(built.problem);
  return [...fragments, ...shared.map((each) => describeChoice(draft, each, played))];
}

interface Shared {
  readonly path: string;
  readonly file: number;
  readonly writers: readonly number[];
}

type Played = (agents: Int32Array) => Schedule;

/** Plays assignments through; {@link ANYONE} lets whoever is free take a task. */
function play(problem: Problem): Played {
  const simulation = new Simulation(problem);
  const groupOf = Int32Array.from({ length: problem.taskCount }, (_, task) => task);
  const ranks = urgencyRanks(problem);
  return (agents) => simulation.run({ groupOf, agentOfGroup: agents, ranks });
}

function describeChoice(draft: Draft, shared: Shared, played: Played): SharedChoice {
  const { allocated, built } = draft;
  const { path, writers } = shared;
  const agents = countAgents(draft, writers);
  const writing = Int32Array.from(writers);
  const known = {
    path,
    tasks: writers.length,
    agents,
    lostMinutes: Math.max(0, allocated.makespan - spanWithout(draft, shared)),
  };
  if (agents > 1) {
    const spans = [...new Set(writers.map((task) => at(allocated.agents, task)))].map(
      (agent) => played(given(draft, writers, agent)).makespan,
    );
    const turns = changesOf(writing, allocated.starts, allocated.agents);
    const why = `handed on ${turns} time${turns === 1 ? '' : 's'}: with one owner everything would end in ${Math.min(...spans)} min instead of ${allocated.makespan}`;
    return { ...known, form: 'handed on', why };
  }
  const free = played(given(draft, writers, ANYONE));
  const handoffs = changesOf(writing, free.starts, free.agents);
  const isFirst = draft.graph.edges.some(
    ({ before, reason }) => reason === 'types-first' && writers.includes(before),
  );
  const instead = `handed on between agents everything would end in ${free.makespan} min with ${handoffs} handoffs more, instead of ${allocated.makespan}`;
  return {
    ...known,
    form: isFirst ? 'shared first' : 'one owner',
    why: `${isFirst ? 'others build on it, so one agent does it before them' : 'one owner'}: ${
      built.problem.agentCount === 1 ? 'there is one agent' : instead
    }`,
  };
}

function countAgents({ items, allocated }: Draft, writers: readonly number[]): number {
  return items.length === 0 ? 0 : new Set(writers.map((task) => at(allocated.agents, task))).size;
}

function given({ allocated }: Draft, writers: readonly number[], agent: number): Int32Array {
  const agents = allocated.agents.slice();
  for (const task of writers) agents[task] = agent;
  return agents;
}

/** When everything would end if the file did not bind anybody. */
function spanWithout(draft: Draft, { file, writers }: Shared): number {
  const { items, graph, files, built, allocated } = draft;
  const without = (rows: readonly (readonly number[])[]): readonly (readonly number[])[] =>
    rows.map((row) => row.filter((other) => other !== file));
  const freed = buildProblem({
    items,
    graph,
    files: { ...files, rows: without(files.rows), locks: without(files.locks) },
    agentCount: built.problem.agentCount,
  });
  const played = play({ ...freed.problem, allowed: built.problem.allowed });
  return Math.min(played(allocated.agents).makespan, played(given(draft, writers, ANYONE)).makespan);
}
