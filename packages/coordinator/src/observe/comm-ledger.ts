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
import { moveOf } from '#tasks';
import { createDialogue, type Dialogue } from './dialogue.ts';
import { commitOf, createTaskWords, type TaskWords } from './task-words.ts';

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
  /** Which block of its author's file said so last. */
  readonly order: number;
}

/** A completion report and its place among the blocks. */
export interface NotedCompletion extends ObservedCompletion {
  readonly order: number;
}

/** A failure and its place among the blocks. */
export interface NotedFailure extends ObservedFailure {
  readonly order: number;
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
  readonly completions: ReadonlyMap<string, readonly NotedCompletion[]>;
  readonly failures: ReadonlyMap<string, readonly NotedFailure[]>;
  readonly words: TaskWords;
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
      books.order += 1;
      books.words.add(block);
      // A person's word on a checkpoint says nothing of the person's own work.
      if (block.kind === 'status' && isVerdict(block)) return;
      noteAuthor(books, block);
      if (block.kind === 'status') addStatus(books, block);
      else if (block.kind === 'completion') addCompletion(books, block);
      else if (block.kind === 'error-report') {
        const { author: agent, at, error } = block;
        if (block.taskId !== undefined)
          addFailure(books, block.taskId, { agent, at, error, isCured: false, order: books.order });
      } else if (block.author === COORDINATOR_ID && block.kind === 'broadcast') {
        books.raised.set(block.id, block.at);
      } else if (block.kind === 'reassignment') {
        const { id, taskId, from, to, at } = block;
        if (block.author === COORDINATOR_ID) books.reassignments.push({ id, taskId, from, to, at });
      } else if (block.kind !== 'gate') dialogue.add(block);
    },
  };
}

interface Books {
  order: number;
  readonly said: Map<string, SaidStatus>;
  readonly lastMessageAt: Map<string, number>;
  readonly begun: Map<string, Begun>;
  readonly completions: Map<string, readonly NotedCompletion[]>;
  readonly failures: Map<string, readonly NotedFailure[]>;
  readonly words: TaskWords;
  readonly changes: Map<string, SaidChange>;
  readonly raised: Map<string, number | undefined>;
  readonly reassignments: ObservedReassignment[];
  readonly dialogue: Dialogue;
}

function openBooks(): Books {
  const books: Books = {
    order: 0,
    said: new Map(),
    lastMessageAt: new Map(),
    begun: new Map(),
    completions: new Map(),
    failures: new Map(),
    words: createTaskWords(() => books.order),
    changes: new Map(),
    raised: new Map(),
    reassignments: [],
    dialogue: createDialogue(),
  };
  return books;
}

function isVerdict(block: Extract<CommBlock, { kind: 'status' }>): boolean {
  const move = moveOf(block);
  return move === 'APPROVED' || move === 'REJECTED';
}

function noteAuthor(books: Books, block: CommBlock): void {
  const { author, at } = block;
  // The last in the file, not the greatest: after a clock jumped back the greatest is long gone.
  if (at !== undefined) books.lastMessageAt.set(author, at);
  if (block.kind !== 'status' && block.kind !== 'completion') return;
  for (const { path } of block.filesModified)
    books.changes.set(`${author}\0${path}`, { agent: author, path, at });
}

function addFailure(books: Books, taskId: string, failure: NotedFailure): void {
  books.failures.set(taskId, [...(books.failures.get(taskId) ?? []), failure].slice(-FAILURES_KEPT));
}

function addStatus(books: Books, block: Extract<CommBlock, { kind: 'status' }>): void {
  const { taskId, author: agent, at } = block;
  const before = books.said.get(agent);
  books.said.set(agent, saidOf(block));
  if (taskId === undefined) return;
  if (block.status === 'FAILED' && (before?.status !== 'FAILED' || before.taskId !== taskId))
    addFailure(books, taskId, {
      agent,
      at,
      error: block.note ?? 'the agent says it failed',
      isCured: false,
      order: books.order,
    });
  if (block.status === 'READY') return;
  const first = books.begun.get(taskId);
  const title = block.taskTitle ?? first?.title;
  books.begun.set(taskId, { at: first?.at ?? at, agent, title, order: books.order });
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
  const hasUncommitted = block.extra['Uncommitted'] !== undefined;
  const completion = { agent, at, evidence, commit: commitOf(evidence), hasUncommitted, order: books.order };
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
