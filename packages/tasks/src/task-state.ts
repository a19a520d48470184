import type { CommBlock, CompletionBlock, StatusBlock } from '#protocol';
import type { Task } from './task.ts';
import { approves, moveOf, type Approvable } from './task-move.ts';
import type { TaskGraph } from './task-graph.ts';

/** Where a task stands. `review`: done, and a person has to approve before dependents start. */
export const TASK_STATES = [
  'waiting',
  'ready',
  'claimed',
  'active',
  'blocked',
  'review',
  'done',
  'failed',
  'skipped',
] as const;

/** One of {@link TASK_STATES}. */
export type TaskState = (typeof TASK_STATES)[number];

/** What is known of one task now. */
export interface Standing {
  readonly task: Task;
  readonly state: TaskState;
  /** Who has or had it; the planned agent when nobody has said anything. */
  readonly agent: string | undefined;
  /** When the last thing was said about it, ms since the epoch. */
  readonly at: number | undefined;
  readonly reason: string | undefined;
  /** True when a completion with evidence stands behind `done`. */
  readonly isProven: boolean;
  readonly failures: number;
  /** The commit that was reported complete. */
  readonly commit: string | undefined;
  /** Who holds the lease `task:<id>`. */
  readonly claimedBy: string | undefined;
  /** Ids it still waits for. */
  readonly waitsFor: readonly string[];
}

interface Said {
  state: 'open' | 'active' | 'blocked' | 'done' | 'failed' | 'skipped';
  agent: string | undefined;
  at: number | undefined;
  reason: string | undefined;
  isProven: boolean;
  isApproved: boolean;
  /** The completion that a person has to approve. */
  completion: Approvable | undefined;
  failures: number;
}

/**
 * Where every task stands: the plan, and over it everything the agents said, in the order of time. Nothing else is
 * kept anywhere, so a state cannot disagree with the comm files. What is finished stays finished until a RETRY.
 */
export function foldStandings(
  graph: TaskGraph,
  blocks: readonly CommBlock[],
  claims: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, Standing> {
  const said = new Map<string, Said>();
  for (const task of graph.tasks) said.set(task.id, untouched(task.agent));
  for (const block of inOrderOfTime(blocks)) {
    const id = taskIdOf(block);
    const current = id === undefined ? undefined : said.get(id);
    if (id !== undefined && current !== undefined) said.set(id, { ...current, ...heard(current, block) });
  }
  const isFinished = (id: string): boolean => finishes(graph.find(id), said.get(id));
  return new Map(graph.tasks.map((task) => [task.id, standing(task, { graph, said, claims, isFinished })]));
}

/** True when dependents may start: done (and approved where that is asked for), or skipped. */
export function isFinishedState(state: TaskState): boolean {
  return state === 'done' || state === 'skipped';
}

function untouched(agent: string | undefined): Said {
  return {
    state: 'open',
    agent,
    at: undefined,
    reason: undefined,
    isProven: false,
    isApproved: false,
    completion: undefined,
    failures: 0,
  };
}

function finishes(task: Task | undefined, said: Said | undefined): boolean {
  if (said?.state === 'skipped') return true;
  return said?.state === 'done' && (task?.checkpoint !== true || said.isApproved);
}

interface Folding {
  readonly graph: TaskGraph;
  readonly said: ReadonlyMap<string, Said>;
  readonly claims: ReadonlyMap<string, string>;
  readonly isFinished: (id: string) => boolean;
}

function standing(task: Task, { graph, said, claims, isFinished }: Folding): Standing {
  const own = said.get(task.id) ?? untouched(task.agent);
  const waitsFor = graph.dependenciesOf(task.id).filter((id) => !isFinished(id));
  const claimedBy = claims.get(task.id);
  const { agent, at, reason, isProven, failures } = own;
  return {
    task,
    state: stateOf(task, own, { isWaiting: waitsFor.length > 0, isClaimed: claimedBy !== undefined }),
    agent: claimedBy ?? agent,
    at,
    reason,
    isProven,
    failures,
    commit: own.completion?.commit,
    claimedBy,
    waitsFor,
  };
}

function stateOf(task: Task, said: Said, now: { isWaiting: boolean; isClaimed: boolean }): TaskState {
  if (said.state === 'done') return task.checkpoint && !said.isApproved ? 'review' : 'done';
  if (said.state !== 'open') return said.state;
  if (now.isClaimed) return 'claimed';
  return now.isWaiting ? 'waiting' : 'ready';
}

function taskIdOf(block: CommBlock): string | undefined {
  return 'taskId' in block ? block.taskId : undefined;
}

// A block without a time counts from where it stands: after what its author said before it.
function inOrderOfTime(blocks: readonly CommBlock[]): readonly CommBlock[] {
  const last = new Map<string, number>();
  const timed = blocks.map((block, index) => {
    const at = block.at ?? last.get(block.author) ?? 0;
    last.set(block.author, at);
    return { block, at, index };
  });
  return timed.toSorted((a, b) => a.at - b.at || a.index - b.index).map(({ block }) => block);
}

function heard(current: Said, block: CommBlock): Partial<Said> {
  const { at } = block;
  switch (block.kind) {
    case 'status':
      return heardStatus(current, block);
    case 'completion':
      return current.state === 'skipped' ? {} : heardCompletion(current, block);
    case 'error-report':
      if (current.state === 'done') return {};
      return {
        state: 'failed',
        agent: block.author,
        at,
        reason: block.error,
        failures: current.failures + 1,
      };
    case 'reassignment':
      if (current.state === 'done' || current.state === 'skipped') return {};
      return { ...untouched(block.to), at, reason: block.reason, failures: current.failures };
    default:
      return {};
  }
}

function heardCompletion(current: Said, block: CompletionBlock): Partial<Said> {
  const isProven = block.evidence.length > 0 && block.evidence.every(({ exitCode }) => exitCode === 0);
  const summary = block.summary ?? current.reason;
  const commit = block.evidence.find((each) => each.commit !== undefined)?.commit;
  const completion = { at: block.at, commit };
  // What was approved is one state of the files; reported again at another commit, it is to be approved again.
  const isApproved = current.isApproved && commit !== undefined && commit === current.completion?.commit;
  return {
    state: 'done',
    agent: block.author,
    at: block.at,
    reason: summary,
    isProven,
    completion,
    isApproved,
  };
}

function heardStatus(current: Said, block: StatusBlock): Partial<Said> {
  const { author: agent, at } = block;
  const reason = block.note ?? block.waitingFor;
  switch (moveOf(block)) {
    case 'SKIPPED':
      return { state: 'skipped', agent, at, reason };
    case 'RETRY':
      return { ...untouched(current.agent), at, reason, failures: current.failures };
    case 'APPROVED':
      return approves(block, current.completion) ? { isApproved: true, at } : {};
    case 'REJECTED':
      return approves(block, current.completion)
        ? {
            isApproved: false,
            at,
            reason: `rejected by ${agent}${reason === undefined ? '' : `: ${reason}`}`,
          }
        : {};
    case 'STARTED':
    case undefined:
      break;
  }
  if (current.state === 'done' || current.state === 'skipped') return {};
  switch (block.status) {
    case 'ACTIVE':
    case 'REVIEW':
    case 'PAUSED':
      return { state: 'active', agent, at, reason };
    case 'BLOCKED':
    case 'WAITING':
      return { state: 'blocked', agent, at, reason };
    case 'COMPLETE':
      return { state: 'done', agent, at, reason, completion: { at, commit: undefined } };
    case 'FAILED':
      return { state: 'failed', agent, at, reason, failures: current.failures + 1 };
    case 'READY':
    case 'STALE':
      return {};
  }
}
