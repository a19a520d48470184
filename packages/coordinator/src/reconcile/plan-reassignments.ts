import { isSameAgent } from '#comms';
import type { Action } from '../model/action.ts';
import type { JudgedTask } from '../model/judgement.ts';
import { REASSIGNED_BY } from '../model/snapshot.ts';
import { criticalTasks } from './critical-path.ts';
import { chooseAgent } from './choose-agent.ts';
import { downstreamOf, FAILURES_ALLOWED } from './find-in-tasks.ts';
import { unfinished } from './find-in-agents.ts';
import type { ActionPolicy, Situation } from './plan-actions.ts';
import { raise } from './raise.ts';

/** A task that nobody gets done goes to another agent at most this often; then a person decides. */
export const REASSIGNMENTS_ALLOWED = 2;

/** Times the patience after which a silent agent is a person's affair even if nobody waits for it. */
const LONG_SILENCE = 3;

interface Frame {
  readonly now: number;
  readonly policy: ActionPolicy;
}

interface Case {
  readonly task: JudgedTask;
  readonly reason: string;
  readonly evidence: readonly string[];
}

/**
 * Moves the unfinished tasks of dead agents, and tasks that failed three times. Agents that are only silent keep
 * their work; where others wait for it, or the silence is long, a person is told, and where the plan's critical path
 * waits for it, the move is proposed, whatever the policy: nobody has proven it dead.
 */
export function planReassignments(
  situation: Situation,
  now: number,
  policy: ActionPolicy,
): readonly Action[] {
  return [
    ...cases(situation).flatMap((each) => moveOrRaise(situation, each, { now, policy })),
    ...criticalCases(situation, now).flatMap((each) =>
      propose(moveOrRaise(situation, each, { now, policy })),
    ),
    ...silentBlockers(situation, { now, policy }),
  ];
}

function cases({ agents, tasks }: Situation): readonly Case[] {
  const ofDead = agents
    .filter((agent) => agent.life === 'dead')
    .flatMap((agent) =>
      unfinished(tasks, agent.id).map((task) => ({
        task,
        reason: `${agent.id} is dead`,
        evidence: agent.because,
      })),
    );
  const failed = tasks
    .filter(({ state, failures }) => state === 'failed' && failures.length >= FAILURES_ALLOWED)
    .filter((task) => !ofDead.some((each) => each.task.id === task.id))
    .map((task) => ({
      task,
      reason: `it failed ${task.failures.length} times with ${task.agent}`,
      evidence: task.failures.map(({ agent, error }) => `${agent}: ${error}`),
    }));
  return [...ofDead, ...failed];
}

// One task for each agent that is silent for long on the critical path: the first that it could be at.
function criticalCases({ agents, tasks, snapshot }: Situation, now: number): readonly Case[] {
  const limit = snapshot.patience.silentAfterMs * LONG_SILENCE;
  const silent = agents.filter(
    ({ life, said, lastSeenAt }) =>
      life === 'unknown' && said !== undefined && now - (lastSeenAt ?? 0) > limit,
  );
  if (silent.length === 0) return [];
  const critical = criticalTasks(tasks);
  return silent.flatMap((agent): readonly Case[] => {
    const task = unfinished(tasks, agent.id).find(
      ({ id, state }) => critical.has(id) && (state === 'active' || state === 'ready'),
    );
    if (task === undefined) return [];
    const reason = `${agent.id} is silent and ${task.id} is on the critical path`;
    return [{ task, reason, evidence: agent.because }];
  });
}

function propose(actions: readonly Action[]): readonly Action[] {
  return actions
    .filter(({ kind }) => kind === 'reassign-task')
    .map((action) => (action.policy === 'act' ? { ...action, policy: 'suggest' } : action));
}

function moveOrRaise(situation: Situation, each: Case, at: Frame): readonly Action[] {
  const { task, reason, evidence } = each;
  const ofNeed = `${REASSIGNED_BY.need}-`;
  const moves = situation.snapshot.reassignments.filter(
    ({ taskId, id }) => taskId === task.id && id.startsWith(ofNeed),
  );
  const attempt = moves.length + 1;
  const choice = chooseAgent(situation, task);
  if (attempt > REASSIGNMENTS_ALLOWED || choice === undefined) {
    const why =
      choice === undefined ? 'no living agent can take it' : `it was moved ${attempt - 1} times already`;
    const message = `${task.id} ${task.title}: ${reason}, and ${why}`;
    return raise(situation.snapshot, { subject: `task:${task.id}`, message, evidence }, at);
  }
  return [
    {
      kind: 'reassign-task',
      key: `reassign-task:${task.id}#${attempt}`,
      policy: at.policy['reassign-task'],
      taskId: task.id,
      from: task.agent,
      to: choice.agent,
      attempt,
      reason: `${reason}; ${choice.why}`,
      evidence,
      undo: `squad-sync reassign ${task.id} --to ${task.agent}`,
    },
  ];
}

// Whether it lives cannot be told, so its work stays; but somebody must look.
function silentBlockers({ agents, tasks, snapshot }: Situation, at: Frame): readonly Action[] {
  const silent = agents.filter(({ life, said }) => life === 'unknown' && said !== undefined);
  return silent.flatMap((agent) => {
    const left = unfinished(tasks, agent.id);
    const waiting = left
      .flatMap(({ id }) => downstreamOf(tasks, id))
      .filter((task) => !isSameAgent(task.agent, agent.id));
    const isLong = at.now - (agent.lastSeenAt ?? 0) > snapshot.patience.silentAfterMs * LONG_SILENCE;
    if (left.length === 0 || (waiting.length === 0 && !isLong)) return [];
    const ids = [...new Set(waiting.map(({ id }) => id))];
    const cost =
      ids.length === 0 ? `${left.map(({ id }) => id).join(', ')} rest` : `${ids.join(', ')} wait for it`;
    const message = `${agent.id} is silent and ${cost}: look whether it lives (squad-sync reassign moves its tasks)`;
    return raise(snapshot, { subject: `silent:${agent.id}`, message, evidence: agent.because }, at);
  });
}
