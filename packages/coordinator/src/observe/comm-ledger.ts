import type { Handoff } from '#comms';
import { COORDINATOR_ID, type CommBlock } from '#protocol';
import type {
  ObservedCompletion,
  ObservedControl,
  ObservedFailure,
  ObservedQuestion,
  ObservedReassignment,
  SaidStatus,
} from '../model/snapshot.ts';
import { createDialogue, type Dialogue } from './dialogue.ts';

const FAILURES_KEPT = 20;

/** A file that an agent said it changed. */
export interface SaidChange {
  readonly agent: string;
  readonly path: string;
  readonly at: number | undefined;
}

/** The beginning of a task by word. */
export interface Begun {
  readonly at: number | undefined;
  readonly agent: string;
  readonly title: string | undefined;
}

/**
 * What all blocks so far amount to. Adding a block costs the same however many came before, and what is over
 * (finished handoffs, answered questions) is forgotten, so a tick's cost does not grow with history.
 */
export interface CommLedger {
  readonly add: (block: CommBlock) => void;
  readonly said: ReadonlyMap<string, SaidStatus>;
  readonly lastMessageAt: ReadonlyMap<string, number>;
  /** By task: when an agent first said it works on it, and who said so last. */
  readonly begun: ReadonlyMap<string, Begun>;
  readonly completions: ReadonlyMap<string, readonly ObservedCompletion[]>;
  readonly failures: ReadonlyMap<string, readonly ObservedFailure[]>;
  readonly changes: ReadonlyMap<string, SaidChange>;
  readonly reassignments: readonly ObservedReassignment[];
  /** By id: when the coordinator last told people of it. */
  readonly raised: ReadonlyMap<string, number | undefined>;
  /** Every open handoff and the latest of the finished ones, as of now. */
  readonly handoffs: () => readonly Handoff[];
  readonly questions: () => readonly ObservedQuestion[];
  readonly controls: () => readonly ObservedControl[];
}

/** An empty ledger. */
export function createCommLedger(): CommLedger {
  const books = openBooks();
  const { dialogue } = books;
  return {
    ...books,
    handoffs: dialogue.handoffs,
    questions: dialogue.questions,
    controls: dialogue.controls,
    add(block) {
      noteAuthor(books, block);
      if (block.kind === 'status') addStatus(books, block);
      else if (block.kind === 'completion') addCompletion(books, block);
      else if (block.kind === 'error-report') {
        const { author: agent, at, error } = block;
        if (block.taskId !== undefined) addFailure(books, block.taskId, { agent, at, error, isCured: false });
      } else if (block.author === COORDINATOR_ID && block.kind === 'broadcast') {
        books.raised.set(block.id, block.at);
      } else if (block.kind === 'reassignment') {
        const { id, taskId, from, to, at } = block;
        if (block.author === COORDINATOR_ID) books.reassignments.push({ id, taskId, from, to, at });
      } else dialogue.add(block);
    },
  };
}

interface Books {
  readonly said: Map<string, SaidStatus>;
  readonly lastMessageAt: Map<string, number>;
  readonly begun: Map<string, Begun>;
  readonly completions: Map<string, readonly ObservedCompletion[]>;
  readonly failures: Map<string, readonly ObservedFailure[]>;
  readonly changes: Map<string, SaidChange>;
  readonly raised: Map<string, number | undefined>;
  readonly reassignments: ObservedReassignment[];
  readonly dialogue: Dialogue;
}

function openBooks(): Books {
  return {
    said: new Map(),
    lastMessageAt: new Map(),
    begun: new Map(),
    completions: new Map(),
    failures: new Map(),
    changes: new Map(),
    raised: new Map(),
    reassignments: [],
    dialogue: createDialogue(),
  };
}

function noteAuthor(books: Books, block: CommBlock): void {
  const { author, at } = block;
  // The last in the file, not the greatest: after a clock jumped back the greatest is long gone.
  if (at !== undefined) books.lastMessageAt.set(author, at);
  if (block.kind !== 'status' && block.kind !== 'completion') return;
  for (const { path } of block.filesModified)
    books.changes.set(`${author}\0${path}`, { agent: author, path, at });
}

function addFailure(books: Books, taskId: string, failure: ObservedFailure): void {
  books.failures.set(taskId, [...(books.failures.get(taskId) ?? []), failure].slice(-FAILURES_KEPT));
}

function addStatus(books: Books, block: Extract<CommBlock, { kind: 'status' }>): void {
  const { taskId, author: agent, at } = block;
  const before = books.said.get(agent);
  books.said.set(agent, saidOf(block));
  if (taskId === undefined) return;
  if (block.status === 'FAILED' && (before?.status !== 'FAILED' || before.taskId !== taskId))
    addFailure(books, taskId, { agent, at, error: block.note ?? 'the agent says it failed', isCured: false });
  if (block.status === 'READY') return;
  const first = books.begun.get(taskId);
  books.begun.set(taskId, { at: first?.at ?? at, agent, title: block.taskTitle ?? first?.title });
}

function addCompletion(books: Books, block: Extract<CommBlock, { kind: 'completion' }>): void {
  const { author: agent, at, taskId, evidence } = block;
  const before = books.said.get(agent) ?? NOTHING_SAID;
  books.said.set(agent, {
    ...before,
    status: 'COMPLETE',
    at,
    taskId,
    taskTitle: undefined,
    waitingFor: undefined,
  });
  if (taskId === undefined) return;
  const completion = { agent, at, evidence, hasUncommitted: block.extra['Uncommitted'] !== undefined };
  const others = (books.completions.get(taskId) ?? []).filter((each) => each.agent !== agent);
  books.completions.set(taskId, [...others, completion]);
  // By the order of the file, which no clock can disturb.
  const cured = (books.failures.get(taskId) ?? []).map((each) =>
    each.agent === agent ? { ...each, isCured: true } : each,
  );
  if (cured.length > 0) books.failures.set(taskId, cured);
}

const NOTHING_SAID: SaidStatus = {
  status: 'READY',
  at: undefined,
  taskId: undefined,
  taskTitle: undefined,
  done: undefined,
  total: undefined,
  next: undefined,
  waitingFor: undefined,
  waitingSince: undefined,
};

function saidOf(block: Extract<CommBlock, { kind: 'status' }>): SaidStatus {
  const { status, at, taskId, taskTitle, done, total, next, waitingFor, waitingSince } = block;
  return { status, at, taskId, taskTitle, done, total, next, waitingFor, waitingSince };
}
