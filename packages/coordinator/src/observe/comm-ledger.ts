import { foldHandoffs, isOpenHandoff, type Handoff } from '#comms';
import type { CommBlock, HandoffMoveBlock, HandoffRequestBlock, MessageBlock } from '#protocol';
import type {
  ObservedCompletion,
  ObservedControl,
  ObservedFailure,
  ObservedQuestion,
  ObservedReassignment,
  SaidStatus,
} from '../model/snapshot.ts';

const FAILURES_KEPT = 20;
const FINISHED_KEPT = 30;
const CONTROLS_KEPT = 30;

/** A file that an agent said it changed. */
export interface SaidChange {
  readonly agent: string;
  readonly path: string;
  readonly at: number | undefined;
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
  readonly begun: ReadonlyMap<string, { readonly at: number | undefined; readonly agent: string; readonly title: string | undefined }>;
  readonly completions: ReadonlyMap<string, readonly ObservedCompletion[]>;
  readonly failures: ReadonlyMap<string, readonly ObservedFailure[]>;
  readonly changes: ReadonlyMap<string, SaidChange>;
  readonly reassignments: readonly ObservedReassignment[];
  /** Every open handoff and the latest of the finished ones, as of now. */
  readonly handoffs: () => readonly Handoff[];
  readonly questions: () => readonly ObservedQuestion[];
  readonly controls: () => readonly ObservedControl[];
}

/** An empty ledger. */
export function createCommLedger(): CommLedger {
  const said = new Map<string, SaidStatus>();
  const lastMessageAt = new Map<string, number>();
  const begun = new Map<string, { at: number | undefined; agent: string; title: string | undefined }>();
  const completions = new Map<string, ObservedCompletion[]>();
  const failures = new Map<string, ObservedFailure[]>();
  const changes = new Map<string, SaidChange>();
  const reassignments: ObservedReassignment[] = [];
  const dialogue = createDialogue();
  const fail = (taskId: string, failure: ObservedFailure): void => {
    failures.set(taskId, [...(failures.get(taskId) ?? []), failure].slice(-FAILURES_KEPT));
  };
  const addStatus = (block: Extract<CommBlock, { kind: 'status' }>): void => {
    const before = said.get(block.author);
    said.set(block.author, saidOf(block));
    const { taskId, author: agent, at } = block;
    if (taskId === undefined) return;
    if (block.status === 'FAILED' && (before?.status !== 'FAILED' || before.taskId !== taskId))
      fail(taskId, { agent, at, error: block.note ?? 'the agent says it failed' });
    if (block.status === 'READY') return;
    const first = begun.get(taskId);
    begun.set(taskId, { at: first?.at ?? at, agent, title: block.taskTitle ?? first?.title });
  };
  const addCompletion = (block: Extract<CommBlock, { kind: 'completion' }>): void => {
    const { author: agent, at, taskId, evidence } = block;
    const before = said.get(agent);
    said.set(agent, { ...(before ?? NOTHING_SAID), status: 'COMPLETE', at, taskId, taskTitle: undefined, waitingFor: undefined });
    if (taskId === undefined) return;
    const completion = { agent, at, evidence, hasUncommitted: block.extra['Uncommitted'] !== undefined };
    const others = (completions.get(taskId) ?? []).filter((each) => each.agent !== agent);
    completions.set(taskId, [...others, completion]);
  };
  const note = (block: CommBlock): void => {
    const { author } = block;
    if (block.at !== undefined) lastMessageAt.set(author, Math.max(block.at, lastMessageAt.get(author) ?? 0));
    if (block.kind !== 'status' && block.kind !== 'completion') return;
    for (const { path } of block.filesModified)
      changes.set(`${author}\0${path}`, { agent: author, path, at: block.at });
  };
  return {
    said, lastMessageAt, begun, completions, failures, changes, reassignments,
    handoffs: dialogue.handoffs,
    questions: dialogue.questions,
    controls: dialogue.controls,
    add(block) {
      note(block);
      if (block.kind === 'status') addStatus(block);
      else if (block.kind === 'completion') addCompletion(block);
      else if (block.kind === 'error-report') {
        if (block.taskId !== undefined) fail(block.taskId, { agent: block.author, at: block.at, error: block.error });
      } else if (block.kind === 'reassignment') {
        const { id, taskId, from, to, at } = block;
        reassignments.push({ id, taskId, from, to, at });
      } else dialogue.add(block);
    },
  };
}

const NOTHING_SAID: SaidStatus = {
  status: 'READY', at: undefined, taskId: undefined, taskTitle: undefined, done: undefined, total: undefined,
  next: undefined, waitingFor: undefined, waitingSince: undefined,
};

function saidOf(block: Extract<CommBlock, { kind: 'status' }>): SaidStatus {
  const { status, at, taskId, taskTitle, done, total, next, waitingFor, waitingSince } = block;
  return { status, at, taskId, taskTitle, done, total, next, waitingFor, waitingSince };
}

interface Dialogue {
  readonly add: (block: Exclude<CommBlock, { kind: 'status' | 'completion' | 'error-report' | 'reassignment' }>) => void;
  readonly handoffs: () => readonly Handoff[];
  readonly questions: () => readonly ObservedQuestion[];
  readonly controls: () => readonly ObservedControl[];
}

// Files are read one after the other, so an answer may arrive before its question: replies are kept by id.
function createDialogue(): Dialogue {
  const live = new Map<string, (HandoffRequestBlock | HandoffMoveBlock)[]>();
  const retired = new Map<string, Handoff>();
  const retiredIds = new Set<string>();
  const replies = new Map<string, Set<string>>();
  const questions = new Map<string, ObservedQuestion>();
  const controls = new Map<string, Omit<ObservedControl, 'acks'>>();
  const addHandoff = (block: HandoffRequestBlock | HandoffMoveBlock): void => {
    if (!retiredIds.has(block.id)) live.set(block.id, [...(live.get(block.id) ?? []), block]);
  };
  const addMessage = (block: MessageBlock): void => {
    const { id, author: from, to = 'all', at, respondBy, text } = block;
    if (block.kind === 'question') questions.set(id, { id, from, to, at, respondBy, text });
    else if (block.kind !== 'broadcast') replies.set(id, (replies.get(id) ?? new Set()).add(from));
  };
  return {
    add(block) {
      if (block.kind === 'handoff-request' || block.kind === 'handoff-move') addHandoff(block);
      else if (block.kind === 'control') {
        const { id, command, to, at, deadline } = block;
        controls.set(id, { id, command, to, at, deadline });
        for (const old of [...controls.keys()].slice(0, -CONTROLS_KEPT)) controls.delete(old);
      } else if (block.kind !== 'ownership-request') addMessage(block);
    },
    handoffs() {
      const { handoffs } = foldHandoffs([...live.values()].flat());
      for (const handoff of handoffs.filter((each) => !isOpenHandoff(each) && each.state !== 'expired')) {
        live.delete(handoff.id);
        retiredIds.add(handoff.id);
        retired.set(handoff.id, handoff);
      }
      for (const old of [...retired.keys()].slice(0, -FINISHED_KEPT)) retired.delete(old);
      const open = handoffs.filter(({ id }) => !retired.has(id));
      return [...retired.values(), ...open];
    },
    questions() {
      for (const id of questions.keys()) if (replies.has(id)) questions.delete(id);
      return [...questions.values()];
    },
    controls: () => [...controls.values()].map((control) => ({ ...control, acks: [...(replies.get(control.id) ?? [])] })),
  };
}
