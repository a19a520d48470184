import { printableLine, renderInstant } from '#protocol';
import type { PastState } from './past-state.ts';

/** The past as a document, with instants as ISO 8601. */
export function pastRecord(state: PastState): object {
  const instant = (wallMs: number | undefined): string | null =>
    wallMs === undefined ? null : renderInstant(wallMs, 'milliseconds');
  return {
    version: 1,
    at: instant(state.at),
    agents: [...state.agents].map(([id, { status, task, at }]) => ({
      id,
      status,
      task: task ?? null,
      at: instant(at),
    })),
    tasks: [...state.tasks].map(([id, task]) => ({
      id,
      agent: task.agent,
      startedAt: instant(task.startedAt),
      doneAt: instant(task.doneAt),
      failures: task.failures,
    })),
    leases: [...state.leases].map(([path, { agent, since }]) => ({ path, agent, since: instant(since) })),
    waits: [...state.waits].map(([agent, { resources, since }]) => ({
      agent,
      resources,
      since: instant(since),
    })),
    handoffs: [...state.handoffs].map(([id, { from, to, state: now }]) => ({ id, from, to, state: now })),
    findings: [...state.findings]
      .filter(([, { clearedAt }]) => clearedAt === undefined)
      .map(([key, { kind, message }]) => ({ key, kind, message })),
  };
}

/** The same for people. */
export function renderPast(state: PastState): string {
  const lines = [
    ...[...state.agents].map(
      ([id, { status, task }]) => `agent ${id} ${status}${task === undefined ? '' : ` ${task}`}`,
    ),
    ...[...state.tasks].map(
      ([id, { agent, doneAt, startedAt }]) =>
        `task ${id} ${doneAt !== undefined ? 'done' : startedAt !== undefined ? 'begun' : 'known'} by ${agent}`,
    ),
    ...[...state.leases].map(
      ([path, { agent, since }]) => `lease ${path} held by ${agent} since ${renderInstant(since)}`,
    ),
    ...[...state.waits].map(([agent, { resources }]) => `wait ${agent} for ${resources.join(', ')}`),
    ...[...state.handoffs].map(([id, { from, to, state: now }]) => `handoff ${id} ${from} → ${to} ${now}`),
    ...[...state.findings]
      .filter(([, { clearedAt }]) => clearedAt === undefined)
      .map(([, { kind, message }]) => `finding ${kind} ${message}`),
  ];
  const head =
    state.at === undefined ? 'the journal is empty' : `state at ${renderInstant(state.at, 'milliseconds')}`;
  return [head, ...lines.map((line) => printableLine(line, 160))].join('\n');
}
