import { changesOf } from '../allocate/cost.ts';
import { at, listAt } from '../schedule/lists.ts';
import { areApart } from '../work/file-parts.ts';
import {
  ANYONE,
  leastWithoutFiles,
  play,
  playPrepared,
  problemWithout,
  type FormMinutes,
  type Played,
} from './form-minutes.ts';
import type { Draft } from './make-plan.ts';
import { preparableFiles, type PreparedChoice } from './prepare-first.ts';
import { preparedId, type Prepared } from './prepared.ts';

/** How a file that several tasks write is kept from being written by two at once, and what that costs. */
export interface SharedChoice {
  readonly path: string;
  readonly form: 'one owner' | 'shared first' | 'handed on' | 'fragments';
  readonly tasks: number;
  readonly agents: number;
  /** Minutes by which the whole would end sooner if the file could be written by all at once. */
  readonly lostMinutes: number;
  /** When everything would end in each form, chosen or not; absent where the form is not possible or was not played. */
  readonly minutes: Omit<Partial<FormMinutes>, 'free'>;
  readonly why: string;
}

const MOST_FILES = 8;
const MOST_TASKS = 500;

/** The files with most writers, each with the form it got and what the other forms would give, played through. */
export function sharedChoices(draft: Draft, split: ReadonlySet<string>): readonly SharedChoice[] {
  const { items, built, files } = draft;
  const fragments = [...split].map((path) => splitChoice(draft, path));
  const prepared = draft.prepared.map((choice) => preparedChoice(draft, choice));
  if (items.length > MOST_TASKS) return [...fragments, ...prepared];
  const shared = files.paths
    .map((path, file) => ({ path, file, writers: [...listAt(built.problem.writers, file)] }))
    .filter(({ writers }) => writers.length > 1)
    .toSorted((a, b) => b.writers.length - a.writers.length || a.file - b.file)
    .slice(0, MOST_FILES);
  const played = play(built.problem);
  const isBlameless = draft.allocated.makespan <= leastWithoutFiles(draft);
  const preparable = new Map(preparableFiles(draft).map((file) => [file.path, file]));
  return [
    ...fragments,
    ...prepared,
    ...shared.map((each) =>
      describeChoice(draft, { ...each, isBlameless, prepared: preparable.get(each.path) }, played),
    ),
  ];
}

function splitChoice(draft: Draft, path: string): SharedChoice {
  const writers = draft.items.flatMap(({ writes }, task) =>
    writes.some((each) => each.path === path) ? [task] : [],
  );
  return {
    path,
    form: 'fragments',
    tasks: writers.length,
    agents: countAgents(draft, writers),
    lostMinutes: 0,
    minutes: { fragments: draft.allocated.makespan },
    why: 'its entries are only added, so each task writes a file of its own: nobody waits, nothing is handed on',
  };
}

function preparedChoice(draft: Draft, { file, instead }: PreparedChoice): SharedChoice {
  const { makespan } = draft.allocated;
  const task = draft.items.findIndex(({ id }) => id === preparedId(file.path));
  const minutes = draft.items[task]?.minutes ?? 0;
  const least = instead === undefined ? undefined : Math.min(instead.oneOwner, instead.handedOn);
  return {
    path: file.path,
    form: 'shared first',
    tasks: file.writers.length,
    agents: 1,
    lostMinutes: instead === undefined ? 0 : Math.max(0, makespan - instead.free),
    minutes:
      instead === undefined ? { sharedFirst: makespan } : withoutFree({ ...instead, sharedFirst: makespan }),
    why: `${preparedId(file.path)} writes ${file.path} before ${file.writers.join(', ')}, which then need not wait for one another: ${
      least === undefined
        ? 'an earlier plan decided so'
        : `everything ends in ${makespan} min instead of ${least} (its own ${minutes} min are a guess, taken from those tasks)`
    }`,
  };
}

function withoutFree({ oneOwner, handedOn, sharedFirst }: FormMinutes): SharedChoice['minutes'] {
  return { oneOwner, handedOn, ...(sharedFirst === undefined ? {} : { sharedFirst }) };
}

interface Shared {
  readonly path: string;
  readonly file: number;
  readonly writers: readonly number[];
  /** True when the whole could not end sooner without any file. */
  readonly isBlameless: boolean;
  /** Where a task of its own could write the file first. */
  readonly prepared: Prepared | undefined;
}

function describeChoice(draft: Draft, shared: Shared, played: Played): SharedChoice {
  const { allocated, built } = draft;
  const { path, writers } = shared;
  const agents = countAgents(draft, writers);
  const { makespan } = allocated;
  const first = shared.prepared === undefined ? {} : { sharedFirst: playPrepared(draft, shared.prepared) };
  const known = {
    path,
    tasks: writers.length,
    agents,
    lostMinutes: shared.isBlameless ? 0 : Math.max(0, makespan - spanWithout(draft, shared)),
  };
  if (agents > 1) {
    const spans = [...new Set(writers.map((task) => at(allocated.agents, task)))].map(
      (agent) => played(given(draft, writers, agent)).makespan,
    );
    const turns = changesOf(Int32Array.from(writers), allocated.starts, allocated.agents);
    const oneOwner = Math.min(...spans);
    const why = `handed on ${turns} time${turns === 1 ? '' : 's'}: with one owner everything would end in ${oneOwner} min instead of ${makespan}${beside(shared)}`;
    return { ...known, form: 'handed on', minutes: { oneOwner, handedOn: makespan, ...first }, why };
  }
  const free = played(given(draft, writers, ANYONE));
  const handoffs = changesOf(Int32Array.from(writers), free.starts, free.agents);
  const instead = `handed on between agents everything would end in ${free.makespan} min with ${handoffs} handoffs more, instead of ${makespan}`;
  const isBase = draft.graph.edges.some(
    ({ before, reason }) => reason === 'types-first' && writers.includes(before),
  );
  return {
    ...known,
    form: 'one owner',
    minutes: { oneOwner: makespan, handedOn: free.makespan, ...first },
    why: `one owner${isBase ? ', before the tasks that build on it' : ''}: ${
      built.problem.agentCount === 1 ? 'there is one agent' : instead
    }${beside(shared)}${parted(draft, shared, known.lostMinutes)}`,
  };
}

/** That an agent for each would let the parts of the file be regions. */
function parted({ items }: Draft, { path, writers }: Shared, lostMinutes: number): string {
  return lostMinutes > 0 && areApart(items, writers, path)
    ? '; its tasks keep to different parts: name an agent for each in the document, and the report says how to make them regions'
    : '';
}

/** Why no task of its own goes first. */
function beside({ prepared, writers }: Shared): string {
  return prepared === undefined || writers.length < 2
    ? ''
    : '; a task of its own for it would not pay for what it adds';
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
  const played = play(problemWithout({ ...draft, problem: draft.built.problem, file }));
  return Math.min(played(draft.allocated.agents).makespan, played(given(draft, writers, ANYONE)).makespan);
}
