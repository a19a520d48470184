import { isSameAgent } from '#comms';
import { isSameCommit, judgeGates, type Gate } from '#tasks';
import type { JudgedTask, TaskState } from '../model/judgement.ts';
import type { ObservedCompletion, ObservedTask, Snapshot } from '../model/snapshot.ts';

/** Judges every task: complete is what was proven by the agent that has it, the rest is what was said. */
export function judgeTasks(snapshot: Snapshot): readonly JudgedTask[] {
  const own = snapshot.tasks.map((task) => ({ task, ...judgeTask(task, snapshot) }));
  const states = new Map(own.map(({ task, verdict }) => [task.id, verdict?.state]));
  return own.map(({ task, gates, verdict }) => ({
    ...task,
    gateResults: gates,
    ...(verdict ?? waitingVerdict(task, states)),
  }));
}

/** True when what depends on a task in this state may begin. */
export function letsOthersBegin(state: TaskState | undefined): boolean {
  return state === 'complete' || state === 'skipped';
}

interface Verdict {
  readonly state: TaskState;
  readonly why: string;
}

function judgeTask(
  task: ObservedTask,
  snapshot: Snapshot,
): { readonly gates: readonly Gate[]; readonly verdict: Verdict | undefined } {
  // Not reported yet, the last run tells at which commit its agent is.
  const { completion = task.evidence.at(-1) } = task;
  const gates = judgeGates(task.gates, task.evidence, completion?.commit);
  return { gates, verdict: verdictOf(task, gates, snapshot) };
}

function verdictOf(task: ObservedTask, gates: readonly Gate[], snapshot: Snapshot): Verdict | undefined {
  const { completion } = task;
  if (task.skippedBy !== undefined) return { state: 'skipped', why: `${task.skippedBy} left it out` };
  if (completion !== undefined && !hasFailedSince(task, completion.agent)) {
    const doubt = doubtOf(task, { completion, gates, snapshot });
    return doubt === undefined ? provenVerdict(task, completion, snapshot) : { state: 'claimed', why: doubt };
  }
  const speaker = snapshot.agents.find(
    ({ id, said }) =>
      said?.taskId === task.id &&
      (task.agent === '' || isSameAgent(id, task.agent)) &&
      (task.reopenedAt === undefined || said.at === undefined || said.at >= task.reopenedAt),
  );
  if (speaker?.said?.status === 'COMPLETE')
    return { state: 'claimed', why: `${speaker.id} says so, without a report` };
  if (speaker?.said?.status === 'FAILED') return { state: 'failed', why: `${speaker.id} says so` };
  if (speaker !== undefined && speaker.said?.status !== 'READY')
    return { state: 'active', why: `${speaker.id} works on it` };
  const last = task.failures.at(-1);
  if (last !== undefined && !last.isCured) return { state: 'failed', why: `${last.agent}: ${last.error}` };
  return task.startedAt === undefined || task.wasMoved ? undefined : { state: 'active', why: 'it was begun' };
}

function hasFailedSince(task: ObservedTask, agent: string): boolean {
  return task.failures.some((failure) => isSameAgent(failure.agent, agent) && !failure.isCured);
}

// Why a completion report is no proof; `undefined` when it is one.
function doubtOf(
  task: ObservedTask,
  of: {
    readonly completion: ObservedCompletion;
    readonly gates: readonly Gate[];
    readonly snapshot: Snapshot;
  },
): string | undefined {
  const { agent, evidence, commit, hasUncommitted } = of.completion;
  if (task.agent !== '' && !isSameAgent(agent, task.agent))
    return `the report is by ${agent}, the task is ${task.agent}’s`;
  if (evidence.length === 0) return 'the report has no evidence';
  const failed = evidence.find(({ exitCode }) => exitCode !== 0);
  if (failed !== undefined) return `"${failed.command}" exited with ${failed.exitCode}`;
  const strange = evidence.find((each) => !isSameCommit(each.commit, commit));
  if (strange !== undefined) return 'its evidence is of different commits';
  const { commits, worktrees } = of.snapshot;
  if (commit === undefined && worktrees.some(({ isMain, head }) => isMain && head !== undefined))
    return 'its evidence names no commit';
  if (commit !== undefined && commits.has(commit) && commits.get(commit) === undefined)
    return `there is no commit ${commit.slice(0, 9)} in this repository`;
  if (hasUncommitted) return 'its files are not all committed';
  const open = of.gates.filter(({ state }) => state !== 'passed');
  return open.length === 0 ? undefined : open.map((gate) => gateDoubt(gate, commit)).join('; ');
}

function gateDoubt({ command, state, evidence }: Gate, commit: string | undefined): string {
  const at = commit === undefined ? '' : ` at ${commit.slice(0, 9)}`;
  switch (state) {
    case 'failed':
      return `the gate "${command}" exited with ${evidence?.exitCode ?? 1}${at}`;
    case 'other-commit':
      return `the gate "${command}" was run at ${evidence?.commit?.slice(0, 9) ?? 'no commit'}, not${at || ' at none'}`;
    case 'missing':
    case 'passed':
      return `the gate "${command}" was not run${at}`;
  }
}

function provenVerdict(task: ObservedTask, completion: ObservedCompletion, { commits }: Snapshot): Verdict {
  const proof = completion.evidence.map(({ command, commit, tree }) => {
    const at = commit === undefined ? '' : ` at ${commit.slice(0, 9)}`;
    const isOther = commit !== undefined && tree !== undefined && commits.get(commit) !== tree;
    return `"${command}"${at}${isOther ? ' with uncommitted changes in the tree' : ''}`;
  });
  const proven = `proven by ${proof.join(', ')}`;
  if (!task.isCheckpoint) return { state: 'complete', why: proven };
  const { verdict } = task;
  if (verdict === undefined) return { state: 'review', why: `${proven}; a person has to approve it` };
  const reason = verdict.reason === undefined ? '' : `: ${verdict.reason}`;
  return verdict.kind === 'approved'
    ? { state: 'complete', why: `${proven}; approved by ${verdict.by}` }
    : { state: 'review', why: `rejected by ${verdict.by}${reason}` };
}

function waitingVerdict(task: ObservedTask, states: ReadonlyMap<string, TaskState | undefined>): Verdict {
  const open = task.dependsOn.filter((id) => !letsOthersBegin(states.get(id)));
  if (open.length === 0) return { state: 'ready', why: 'everything it depends on is complete' };
  const names = open.map((id) =>
    states.get(id) === 'review' ? `${id} (which a person has to approve)` : id,
  );
  return { state: 'blocked', why: `waits for ${names.join(', ')}` };
}
