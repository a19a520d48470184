import { readConfig } from '#config';
import { EXIT, nearest, SquadError, type AgentId } from '#protocol';
import {
  checkMove,
  foldStandings,
  openClaims,
  requiredGates,
  TASK_STATE_FIELD,
  VERDICT_COMMIT_FIELD,
  type Standing,
  type TaskClaims,
  type TaskGraph,
  type TaskMove,
  type TaskVerb,
} from '#tasks';
import { blockBase, openDesk, type CommsDesk } from '../comms/comms-desk.ts';
import { holderOf, openLocksFor } from '../lock/open-locks.ts';
import type { Call, OptionSpec, Outcome } from '../shell/command.ts';
import { AGENT_OPTION } from '../shell/squad.ts';
import { FROM_OPTION, readGraph } from './task-graph.ts';

/** Options of every command that moves a task. */
export const MOVE_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  ...AGENT_OPTION,
  ...FROM_OPTION,
  reason: { kind: 'value', value: 'TEXT', summary: 'why, in a sentence' },
};

/** Where one agent looks at tasks and moves them. */
export interface TaskDesk {
  readonly comms: CommsDesk;
  readonly graph: TaskGraph;
  readonly claims: TaskClaims;
  readonly standings: () => ReadonlyMap<string, Standing>;
  /** The task's standing; `TASK_UNKNOWN` with a suggestion when there is none of that id. */
  readonly standing: (id: string) => Standing;
  /** The standing, if the agent may move the task so; `TASK_TRANSITION_REFUSED` with the way on otherwise. */
  readonly may: (id: string, verb: TaskVerb) => Standing;
  /** Commands that must succeed before the task counts as complete. */
  readonly gatesOf: (standing: Standing) => readonly string[];
  /** Says a status about the task in the agent's own comm file. */
  readonly say: (
    standing: Standing,
    what: { status: 'ACTIVE' | 'READY' | 'FAILED'; move?: TaskMove; note?: string },
  ) => string;
}

/** Opens the desk of the agent that calls, or of the one named. */
export async function openTaskDesk(call: Call, me?: AgentId): Promise<TaskDesk> {
  const comms = openDesk(call, me);
  const { graph } = await readGraph(call, comms.squad);
  const { locks } = await openLocksFor(call);
  const claims = openClaims(locks);
  const { task: settings } = await readConfig(call.io.store, comms.squad.squadDir);
  const standings = (): ReadonlyMap<string, Standing> => foldStandings(graph, comms.read(), claims.holders());
  const standing = (id: string): Standing => {
    const found = standings().get(id);
    if (found !== undefined) return found;
    throw unknownTask(graph, id);
  };
  return {
    comms,
    graph,
    claims,
    standings,
    standing,
    gatesOf: ({ task }) => requiredGates(task, settings.gates),
    may(id, verb) {
      const found = standing(id);
      const checked = checkMove(found, verb, comms.me);
      if (checked.ok) return found;
      throw new SquadError({
        code: 'TASK_TRANSITION_REFUSED',
        message: `cannot ${verb} ${id}: ${checked.error.message}`,
        hint: checked.error.hint,
        data: { task: id, state: found.state, agent: found.agent ?? null },
      });
    },
    say: ({ task, commit }, { status, move, note }) =>
      comms.write({
        kind: 'status',
        ...blockBase(comms),
        at: call.io.clock.wallMs(),
        status,
        taskId: task.id,
        taskTitle: task.title,
        filesModified: [],
        ...(note === undefined ? {} : { note }),
        extra: move === undefined ? {} : { [TASK_STATE_FIELD]: move, ...verdictOn(move, commit) },
      }),
  };
}

// A verdict is about one state of the files.
function verdictOn(move: TaskMove, commit: string | undefined): Readonly<Record<string, string>> {
  const isVerdict = move === 'APPROVED' || move === 'REJECTED';
  return isVerdict && commit !== undefined ? { [VERDICT_COMMIT_FIELD]: commit } : {};
}

/** Takes the lease of a task; an outcome with exit 3 when another agent has it. */
export function claimTask(call: Call, desk: TaskDesk, { task }: Standing): Outcome | undefined {
  const outcome = desk.claims.claim({ id: task.id, agent: desk.comms.me, ...holderOf(call) });
  if (outcome.kind === 'claimed') return recheck(desk, task.id);
  const { agent, expiresAt } = outcome.by;
  return {
    exitCode: EXIT.contention,
    json: { kind: 'held', task: task.id, by: agent, expiresAt: new Date(expiresAt).toISOString() },
    text: `${task.id} is claimed by ${agent}\n  run: squad-task next`,
  };
}

// Between the look and the claim another may have finished the task and let go of it.
function recheck(desk: TaskDesk, id: string): undefined {
  const now = desk.standing(id);
  if (checkMove(now, 'start', desk.comms.me).ok) return undefined;
  desk.claims.release(id, desk.comms.me);
  desk.may(id, 'claim');
  return undefined;
}

/** A task as JSON answers give it. */
export function standingJson({
  task,
  state,
  agent,
  reason,
  isProven,
  failures,
  waitsFor,
}: Standing): unknown {
  return {
    id: task.id,
    title: task.title,
    state,
    agent: agent ?? null,
    files: task.files,
    dependsOn: task.dependsOn,
    waitsFor,
    acceptance: task.acceptance ?? null,
    criteria: task.criteria,
    estimateMinutes: task.estimateMinutes,
    reason: reason ?? null,
    isProven,
    failures,
  };
}

function unknownTask(graph: TaskGraph, id: string): SquadError {
  const ids = graph.tasks.map((task) => task.id);
  const near = nearest(id, ids);
  return new SquadError({
    code: 'TASK_UNKNOWN',
    message: `there is no task "${id}"`,
    hint: near === undefined ? `there are: ${ids.slice(0, 20).join(', ')}` : `did you mean ${near}?`,
    data: { ids },
  });
}
