import { hashText } from '#store';
import type { Action, TellAgent } from '../model/action.ts';
import { finding, type Finding } from '../model/finding.ts';
import { groupBy } from '../model/group-by.ts';
import type { JudgedTask } from '../model/judgement.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { downstreamOf } from './find-in-tasks.ts';
import type { ActionPolicy, Situation } from './plan-actions.ts';
import { raise } from './raise.ts';

/** What a person types to decide on a checkpoint that is reached. */
export function verdictCommands({ id }: JudgedTask): readonly string[] {
  return [`squad-task approve ${id}`, `squad-task reject ${id} --reason "…"`];
}

/** Checkpoints that wait for a person, and those that a person rejected. */
export function findInCheckpoints(tasks: readonly JudgedTask[]): readonly Finding[] {
  return held(tasks).map((task) => {
    const after = downstreamOf(tasks, task.id).map(({ id }) => id);
    const isRejected = task.verdict !== undefined;
    const message = isRejected
      ? `${task.id} was ${task.why}; ${task.agent} does it again with: squad-task retry ${task.id}`
      : `${task.id} is done and waits for a person${waiting(after)}: ${verdictCommands(task).join(', or ')}`;
    return finding({
      kind: isRejected ? 'CHECKPOINT_REJECTED' : 'CHECKPOINT_WAITING',
      key: `${task.id}@${stateOf(task)}`,
      severity: 'warning',
      message,
      agents: [task.agent],
      tasks: [task.id, ...after],
      since: isRejected ? task.verdict?.at : task.completion?.at,
      evidence: evidenceOf(task),
    });
  });
}

/** Tells a person of each checkpoint that is reached, and the agents concerned of what the person decided. */
export function planCheckpoints(
  { snapshot, tasks }: Situation,
  at: { readonly now: number; readonly policy: ActionPolicy },
): readonly Action[] {
  const reached = held(tasks).filter(({ verdict }) => verdict === undefined);
  const rejected = held(tasks).filter(({ verdict }) => verdict !== undefined);
  const approved = tasks.filter((task) => task.isCheckpoint && task.state === 'complete');
  return [
    ...reached.flatMap((task) => {
      const after = downstreamOf(tasks, task.id).map(({ id }) => id);
      const message = `${task.id} ${task.title} is done and waits for your approval${waiting(after)}: ${verdictCommands(task).join(', or ')}`;
      const what = { subject: `checkpoint:${task.id}@${stateOf(task)}`, message, evidence: evidenceOf(task) };
      return raise(snapshot, what, at);
    }),
    ...rejected.flatMap((task) =>
      tell(snapshot, at.policy, {
        task,
        agent: task.agent,
        message: `${task.id} was ${task.why}. To do it again: squad-task retry ${task.id}, then squad-task start ${task.id}`,
      }),
    ),
    ...approved.flatMap((task) => releases(tasks, task, { snapshot, policy: at.policy })),
  ];
}

function held(tasks: readonly JudgedTask[]): readonly JudgedTask[] {
  return tasks.filter(({ state }) => state === 'review');
}

function waiting(after: readonly string[]): string {
  return after.length === 0 ? '' : ` (${after.join(', ')} ${after.length === 1 ? 'waits' : 'wait'} for it)`;
}

// One state of the files has one verdict; reported again at another commit, it is another state.
function stateOf({ completion }: JudgedTask): string {
  return completion?.commit ?? String(completion?.at ?? 0);
}

function evidenceOf({ completion }: JudgedTask): readonly string[] {
  return (completion?.evidence ?? []).map(
    ({ command, exitCode, commit }) =>
      `${completion?.agent ?? ''}: "${command}" exited with ${exitCode}${commit === undefined ? '' : ` at ${commit.slice(0, 9)}`}`,
  );
}

function releases(
  tasks: readonly JudgedTask[],
  task: JudgedTask,
  from: { readonly snapshot: Snapshot; readonly policy: ActionPolicy },
): readonly Action[] {
  const released = tasks.filter(
    ({ dependsOn, state, agent }) =>
      agent !== '' && dependsOn.includes(task.id) && (state === 'ready' || state === 'blocked'),
  );
  return [...groupBy(released, ({ agent }) => agent)].flatMap(([agent, own]) => {
    const next = own.map(({ id, state, why }) =>
      state === 'ready' ? `${id} can begin: squad-task start ${id}` : `${id} ${why}`,
    );
    const message = `${task.id} was approved by ${task.verdict?.by ?? 'a person'}. ${next.join('; ')}`;
    return tell(from.snapshot, from.policy, { task, agent, message });
  });
}

function tell(
  { raised }: Snapshot,
  policy: ActionPolicy,
  what: { readonly task: JudgedTask; readonly agent: string; readonly message: string },
): readonly TellAgent[] {
  const { task, agent, message } = what;
  const verdict = task.verdict?.kind ?? '';
  const id = `N-${hashText(`${task.id}\0${stateOf(task)}\0${verdict}\0${task.verdict?.at ?? ''}\0${agent}`).slice(7, 17)}`;
  if (agent === '' || raised.some((each) => each.id === id)) return [];
  return [
    {
      kind: 'tell-agent',
      key: `tell-agent:${id}`,
      policy: policy['tell-agent'],
      agent,
      messageId: id,
      message,
      reason: `${task.id} was ${verdict}`,
      evidence: [task.why],
      undo: 'nothing was changed',
    },
  ];
}
