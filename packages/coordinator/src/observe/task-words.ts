import { isSameAgent } from '#comms';
import type { CommBlock, Evidence, StatusBlock } from '#protocol';
import { approves, isSameCommit, moveOf, type GateEvidence } from '#tasks';
import type { ObservedCompletion, ObservedVerdict } from '../model/snapshot.ts';

// Enough for every gate of a task at its last few commits.
const EVIDENCE_KEPT = 60;
const VERDICTS_KEPT = 10;

/** What was said of tasks beside their progress: evidence, verdicts of people, and that a task was opened again or left out. */
export interface TaskWords {
  readonly add: (block: CommBlock) => void;
  /** Every commit that evidence names. */
  readonly commits: () => readonly string[];
  /** What that agent ran for that task, oldest first. */
  readonly evidenceOf: (taskId: string, agent: string) => readonly GateEvidence[];
  /** The last verdict that is about this completion. */
  readonly verdictOn: (taskId: string, completion: ObservedCompletion) => ObservedVerdict | undefined;
  /** True when somebody opened the task again after this was said of it. */
  readonly isReopened: (taskId: string, said: Spoken) => boolean;
  readonly reopenedAt: (taskId: string) => number | undefined;
  /** Who left the task out, unless it was opened again. */
  readonly skippedBy: (taskId: string) => string | undefined;
}

/** When something was said, and by whom; `order` counts the blocks of one file. */
export interface Spoken {
  readonly agent: string;
  readonly at: number | undefined;
  readonly order: number;
}

interface TaskBook {
  readonly evidence: GateEvidence[];
  readonly verdicts: StatusBlock[];
  retry: Spoken | undefined;
  skip: Spoken | undefined;
}

/** Empty books; adding costs the same however much came before. */
export function createTaskWords(orderOf: () => number): TaskWords {
  const books = new Map<string, TaskBook>();
  const commits = new Set<string>();
  const isReopened: TaskWords['isReopened'] = (taskId, said) => {
    const retry = books.get(taskId)?.retry;
    return retry !== undefined && isAfter(retry, said);
  };
  return {
    isReopened,
    commits: () => [...commits],
    reopenedAt: (taskId) => books.get(taskId)?.retry?.at,
    add(block) {
      if (!('taskId' in block) || block.taskId === undefined) return;
      if (block.kind === 'reassignment') return;
      if (block.kind === 'completion' || block.kind === 'gate') {
        keep(bookOf(books, block.taskId).evidence, block, block.evidence);
        for (const { commit } of block.evidence) if (commit !== undefined) commits.add(commit);
      } else if (block.kind === 'status') noteMove(books, block.taskId, { block, order: orderOf() });
    },
    evidenceOf: (taskId, agent) =>
      (books.get(taskId)?.evidence ?? []).filter((each) => isSameAgent(each.agent, agent)),
    verdictOn(taskId, completion) {
      const verdict = books.get(taskId)?.verdicts.findLast((each) => approves(each, completion));
      if (verdict === undefined) return undefined;
      const kind = moveOf(verdict) === 'APPROVED' ? 'approved' : 'rejected';
      return { kind, by: verdict.author, at: verdict.at, reason: verdict.note };
    },
    skippedBy(taskId) {
      const skip = books.get(taskId)?.skip;
      return skip === undefined || isReopened(taskId, skip) ? undefined : skip.agent;
    },
  };
}

/** The one commit that all evidence names; `undefined` when some names none or they differ. */
export function commitOf(evidence: readonly Evidence[]): string | undefined {
  const [first] = evidence;
  return evidence.every(({ commit }) => isSameCommit(commit, first?.commit)) ? first?.commit : undefined;
}

function bookOf(books: Map<string, TaskBook>, taskId: string): TaskBook {
  const known = books.get(taskId);
  if (known !== undefined) return known;
  const book: TaskBook = { evidence: [], verdicts: [], retry: undefined, skip: undefined };
  books.set(taskId, book);
  return book;
}

function keep(
  into: GateEvidence[],
  { author: agent, at }: { readonly author: string; readonly at: number | undefined },
  evidence: readonly Evidence[],
): void {
  into.push(...evidence.map((each) => ({ ...each, agent, at })));
  into.splice(0, Math.max(0, into.length - EVIDENCE_KEPT));
}

function noteMove(
  books: Map<string, TaskBook>,
  taskId: string,
  { block, order }: { readonly block: StatusBlock; readonly order: number },
): void {
  const said = { agent: block.author, at: block.at, order };
  switch (moveOf(block)) {
    case 'APPROVED':
    case 'REJECTED': {
      const { verdicts } = bookOf(books, taskId);
      verdicts.push(block);
      verdicts.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
      verdicts.splice(0, Math.max(0, verdicts.length - VERDICTS_KEPT));
      return;
    }
    case 'RETRY': {
      const book = bookOf(books, taskId);
      if (book.retry === undefined || isAfter(said, book.retry)) book.retry = said;
      return;
    }
    case 'SKIPPED': {
      const book = bookOf(books, taskId);
      if (book.skip === undefined || isAfter(said, book.skip)) book.skip = said;
      return;
    }
    case 'STARTED':
    case undefined:
  }
}

// Within one file its order decides, which no clock can disturb.
function isAfter(later: Spoken, earlier: Spoken): boolean {
  if (isSameAgent(later.agent, earlier.agent)) return later.order > earlier.order;
  return (later.at ?? 0) > (earlier.at ?? 0);
}
