import type { JudgedTask, TaskState } from '../model/judgement.ts';
import type { ObservedTask, Snapshot } from '../model/snapshot.ts';
import { isSameAgent } from '#comms';

/** Judges every task: complete is what was proven by the agent that has it, the rest is what was said. */
export function judgeTasks(snapshot: Snapshot): readonly JudgedTask[] {
  const own = snapshot.tasks.map((task) => ({ task, verdict: verdictOf(task, snapshot) }));
  const finished = new Set(
    own.filter(({ verdict }) => verdict?.state === 'complete').map(({ task }) => task.id),
  );
  return own.map(({ task, verdict }) => ({ ...task, ...(verdict ?? waitingVerdict(task, finished)) }));
}

interface Verdict {
  readonly state: TaskState;
  readonly why: string;
}

function verdictOf(task: ObservedTask, snapshot: Snapshot): Verdict | undefined {
  const { completion } = task;
  if (completion !== undefined && !hasFailedSince(task, completion.agent)) return completionVerdict(task);
  const speaker = snapshot.agents.find(
    ({ id, said }) => said?.taskId === task.id && (task.agent === '' || isSameAgent(id, task.agent)),
  );
  if (speaker?.said?.status === 'COMPLETE')
    return { state: 'claimed', why: `${speaker.id} says so, without a report` };
  if (speaker?.said?.status === 'FAILED') return { state: 'failed', why: `${speaker.id} says so` };
  if (speaker !== undefined && speaker.said?.status !== 'READY')
    return { state: 'active', why: `${speaker.id} works on it` };
  const last = task.failures.at(-1);
  if (last !== undefined) return { state: 'failed', why: `${last.agent}: ${last.error}` };
  return task.startedAt === undefined || task.wasMoved ? undefined : { state: 'active', why: 'it was begun' };
}

function hasFailedSince(task: ObservedTask, agent: string): boolean {
  return task.failures.some((failure) => isSameAgent(failure.agent, agent) && !failure.isCured);
}

function completionVerdict(task: ObservedTask): Verdict | undefined {
  const { completion } = task;
  if (completion === undefined) return undefined;
  const { agent, evidence } = completion;
  if (task.agent !== '' && !isSameAgent(agent, task.agent))
    return { state: 'claimed', why: `the report is by ${agent}, the task is ${task.agent}’s` };
  if (evidence.length === 0) return { state: 'claimed', why: 'the report has no evidence' };
  const failed = evidence.find(({ exitCode }) => exitCode !== 0);
  if (failed !== undefined)
    return { state: 'claimed', why: `"${failed.command}" exited with ${failed.exitCode}` };
  if (completion.hasUncommitted) return { state: 'claimed', why: 'its files are not all committed' };
  const proof = evidence.map(
    ({ command, commit }) => `"${command}"${commit === undefined ? '' : ` at ${commit.slice(0, 9)}`}`,
  );
  return { state: 'complete', why: `proven by ${proof.join(', ')}` };
}

function waitingVerdict(task: ObservedTask, finished: ReadonlySet<string>): Verdict {
  const open = task.dependsOn.filter((id) => !finished.has(id));
  return open.length === 0
    ? { state: 'ready', why: 'everything it depends on is complete' }
    : { state: 'blocked', why: `waits for ${open.join(', ')}` };
}
