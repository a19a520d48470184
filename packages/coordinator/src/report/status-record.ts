import { isSameAgent, type Handoff } from '#comms';
import { renderInstant } from '#protocol';
import type { Action } from '../model/action.ts';
import { isConflict, type Finding } from '../model/finding.ts';
import type { Judgement } from '../model/judgement.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { controlRows } from './control-rows.ts';
import { estimateEnd } from './estimate-end.ts';
import { personNeeds, type PersonNeed } from './person-needs.ts';

/** `.squad/reports/status.json`: what `squad-sync --once --json` prints. Instants are ISO 8601 UTC. */
export interface StatusRecord {
  readonly version: 1;
  readonly at: string;
  readonly agents: readonly AgentRow[];
  readonly tasks: readonly TaskRow[];
  readonly leases: readonly LeaseRow[];
  readonly waits: readonly {
    readonly agent: string;
    readonly paths: readonly string[];
    readonly since: string;
  }[];
  readonly handoffs: readonly HandoffRow[];
  /** Those findings that make `squad-sync --once` exit 1. */
  readonly conflicts: readonly Finding[];
  readonly findings: readonly Finding[];
  readonly actions: readonly Action[];
  /** The last pause, resume or stop to all and to each agent, and who has acknowledged it. */
  readonly controls: readonly ControlRow[];
  /** What a person has to decide, with the exact commands. */
  readonly needs: readonly PersonNeed[];
  readonly unreadable: number;
  /** When all will be done at the measured speed. */
  readonly eta: string | null;
}

/** One agent in the report. */
export interface AgentRow {
  readonly id: string;
  readonly role: string | null;
  /** What it says. */
  readonly status: string | null;
  /** What is observed. */
  readonly life: string;
  readonly because: readonly string[];
  readonly task: string | null;
  readonly title: string | null;
  readonly done: number | null;
  readonly total: number | null;
  readonly next: string | null;
  readonly waitingFor: string | null;
  readonly waitingSince: string | null;
  readonly lastSeenAt: string | null;
  readonly silentForMs: number | null;
}

/** One task in the report. */
export interface TaskRow {
  readonly id: string;
  readonly title: string;
  readonly agent: string;
  readonly state: string;
  readonly why: string;
  readonly dependsOn: readonly string[];
  readonly estimateMinutes: number;
  readonly isCheckpoint: boolean;
  /** Each required command at the reported commit. */
  readonly gates: readonly GateRow[];
}

/** One gate of a task in the report: who ran the command when, at which commit and, where they differ from it, on which files. */
export interface GateRow {
  readonly command: string;
  readonly state: string;
  readonly exitCode: number | null;
  readonly commit: string | null;
  readonly tree: string | null;
  readonly agent: string | null;
  readonly at: string | null;
}

/** One lease in the report. */
export interface LeaseRow {
  readonly path: string;
  readonly agent: string;
  readonly token: number;
  readonly purpose: string | null;
  readonly acquiredAt: string;
  readonly expiresAt: string;
  readonly ageMs: number;
  readonly isExpired: boolean;
  readonly holder: string;
}

/** One order to agents in the report. */
export interface ControlRow {
  readonly id: string;
  readonly command: string;
  readonly to: string;
  readonly at: string | null;
  readonly acknowledgedBy: readonly string[];
  readonly missing: readonly string[];
  /** Of a pause or stop: tasks that wait until it is lifted. */
  readonly pending: readonly string[];
}

/** One handoff in the report. */
export interface HandoffRow {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly files: readonly string[];
  readonly state: string;
  readonly since: string | null;
}

/** Puts a judged snapshot into the form that is written and printed. */
export function statusRecord(snapshot: Snapshot, judgement: Judgement, now: number): StatusRecord {
  return {
    version: 1,
    at: renderInstant(now),
    agents: judgement.agents.map((agent) => agentRow(agent, { snapshot, judgement, now })),
    tasks: judgement.tasks.map(taskRow),
    leases: snapshot.leases.map((lease) => ({
      path: lease.path,
      agent: lease.agent,
      token: lease.token,
      purpose: lease.purpose ?? null,
      acquiredAt: renderInstant(lease.acquiredAt),
      expiresAt: renderInstant(lease.expiresAt),
      ageMs: Math.max(0, now - lease.acquiredAt),
      isExpired: lease.isExpired,
      holder: lease.holderLife,
    })),
    waits: snapshot.waits.map(({ agent, paths, since }) => ({ agent, paths, since: renderInstant(since) })),
    handoffs: snapshot.handoffs.map(handoffRow),
    conflicts: judgement.findings.filter(isConflict),
    findings: judgement.findings,
    actions: judgement.actions,
    controls: controlRows(snapshot, judgement),
    needs: personNeeds(judgement),
    eta: instantOrNull(estimateEnd(judgement.tasks, now)),
    unreadable: snapshot.diagnostics.filter(({ severity }) => severity === 'error').length,
  };
}

function taskRow(task: Judgement['tasks'][number]): TaskRow {
  const { id, title, agent, state, why, dependsOn, estimateMinutes, isCheckpoint, gateResults } = task;
  const gates = gateResults.map(({ command, state: how, evidence }) => ({
    command,
    state: how,
    exitCode: evidence?.exitCode ?? null,
    commit: evidence?.commit ?? null,
    tree: evidence?.tree ?? null,
    agent: evidence?.agent ?? null,
    at: instantOrNull(evidence?.at),
  }));
  return { id, title, agent, state, why, dependsOn, estimateMinutes, isCheckpoint, gates };
}

function agentRow(
  agent: Judgement['agents'][number],
  { snapshot, judgement, now }: { snapshot: Snapshot; judgement: Judgement; now: number },
): AgentRow {
  const { said } = agent;
  // What stands in a lock's queue is observed, and beats what is said.
  const queued = snapshot.waits.find((wait) => isSameAgent(wait.agent, agent.id));
  const own = judgement.tasks.filter((task) => task.agent === agent.id && task.isPlanned);
  const finished = own.filter(({ state }) =>
    ['complete', 'claimed', 'review', 'skipped'].includes(state),
  ).length;
  return {
    id: agent.id,
    role: agent.role ?? null,
    status: said?.status ?? null,
    life: agent.life,
    because: agent.because,
    task: said?.taskId ?? null,
    title: said?.taskTitle ?? judgement.tasks.find(({ id }) => id === said?.taskId)?.title ?? null,
    done: own.length > 0 ? finished : (said?.done ?? null),
    total: own.length > 0 ? own.length : (said?.total ?? null),
    next: said?.next ?? null,
    waitingFor: queued?.paths.join(', ') ?? said?.waitingFor ?? null,
    waitingSince: instantOrNull(queued?.since ?? said?.waitingSince),
    lastSeenAt: instantOrNull(agent.lastSeenAt),
    silentForMs: agent.lastSeenAt === undefined ? null : Math.max(0, now - agent.lastSeenAt),
  };
}

function handoffRow({ id, from, to, files, state, movedAt }: Handoff): HandoffRow {
  return { id, from, to, files, state, since: instantOrNull(movedAt) };
}

function instantOrNull(wallMs: number | undefined): string | null {
  return wallMs === undefined ? null : renderInstant(wallMs);
}
