import type { JournalEvent } from '#protocol';
import { eventData, type EventData } from './event-data.ts';

/** A task as the journal knows it. */
export interface PastTask {
  readonly agent: string;
  readonly startedAt: number | undefined;
  readonly doneAt: number | undefined;
  readonly failures: number;
}

/** A planned task as the journal noted it. */
export interface PlannedTask {
  readonly id: string;
  readonly agent: string;
  readonly dependsOn: readonly string[];
  readonly estimateMinutes: number;
}

/** A finding with its life. */
export interface PastFinding {
  readonly kind: string;
  readonly message: string;
  readonly foundAt: number;
  readonly clearedAt: number | undefined;
}

/** The state at a moment of the past, from the journal alone. */
export interface PastState {
  readonly at: number | undefined;
  readonly agents: ReadonlyMap<
    string,
    { readonly status: string; readonly task: string | undefined; readonly at: number }
  >;
  readonly tasks: ReadonlyMap<string, PastTask>;
  readonly leases: ReadonlyMap<string, { readonly agent: string; readonly since: number }>;
  readonly waits: ReadonlyMap<string, { readonly resources: readonly string[]; readonly since: number }>;
  readonly handoffs: ReadonlyMap<
    string,
    {
      readonly from: string;
      readonly to: string;
      readonly state: string;
      readonly requestedAt: number;
      readonly movedAt: number;
    }
  >;
  readonly findings: ReadonlyMap<string, PastFinding>;
  readonly plan: readonly PlannedTask[];
  readonly actions: readonly { readonly at: number; readonly kind: string; readonly key: string }[];
  /** Actions that began and of which no end is known. */
  readonly begun: ReadonlyMap<string, { readonly kind: string; readonly message: string | undefined }>;
  readonly lockWaitsMs: readonly number[];
  readonly acquisitions: number;
}

type Draft = { -readonly [K in keyof PastState]: Writable<PastState[K]> };
type Writable<T> =
  T extends ReadonlyMap<infer K, infer V> ? Map<K, V> : T extends readonly (infer I)[] ? I[] : T;

/** Folds events, oldest first, up to and including `until`; lines of unknown kinds change nothing. */
export function replay(events: readonly JournalEvent[], until: number = Infinity): PastState {
  const state: Draft = {
    at: undefined,
    agents: new Map(),
    tasks: new Map(),
    leases: new Map(),
    waits: new Map(),
    handoffs: new Map(),
    findings: new Map(),
    plan: [],
    actions: [],
    begun: new Map(),
    lockWaitsMs: [],
    acquisitions: 0,
  };
  for (const event of events) {
    const data = eventData(event);
    if (data.atMs > until) break;
    state.at = data.atMs;
    const [room] = event.kind.split('.');
    if (room === 'lock') applyLock(state, event, data);
    else if (room === 'handoff') applyHandoff(state, event, data);
    else if (room === 'agent' || room === 'task') applyTask(state, event, data);
    else applyCoordination(state, event, data);
  }
  return state;
}

function applyLock(state: Draft, { kind, agent }: JournalEvent, data: EventData): void {
  const resources = [
    ...data.texts('resources'),
    ...(data.text('resource') === undefined ? [] : [data.text('resource') ?? '']),
  ];
  switch (kind) {
    case 'lock.queued':
      state.waits.set(agent, { resources, since: data.atMs });
      return;
    case 'lock.acquired': {
      const wait = state.waits.get(agent);
      state.acquisitions += 1;
      if (wait !== undefined) state.lockWaitsMs.push(data.atMs - wait.since);
      state.waits.delete(agent);
      for (const resource of resources) state.leases.set(resource, { agent, since: data.atMs });
      return;
    }
    case 'lock.transferred':
      for (const resource of resources)
        state.leases.set(resource, { agent: data.text('to') ?? agent, since: data.atMs });
      return;
    case 'lock.renewed':
    case 'lock.adopted':
      return;
    default:
      // Released, or lost in one of several ways.
      for (const resource of resources)
        if (state.leases.get(resource)?.agent === agent) state.leases.delete(resource);
  }
}

function applyHandoff(state: Draft, { kind, agent }: JournalEvent, data: EventData): void {
  const id = data.text('id');
  if (id === undefined) return;
  const before = state.handoffs.get(id);
  if (kind === 'handoff.requested') {
    const to = data.text('to') ?? '';
    state.handoffs.set(id, {
      from: agent,
      to,
      state: 'requested',
      requestedAt: data.atMs,
      movedAt: data.atMs,
    });
  } else if (before !== undefined) {
    state.handoffs.set(id, { ...before, state: kind.slice('handoff.'.length), movedAt: data.atMs });
  }
}

function applyTask(state: Draft, { kind, agent }: JournalEvent, data: EventData): void {
  const id = data.text('task');
  const status = data.text('status');
  if (kind === 'agent.status') state.agents.set(agent, { status: status ?? '', task: id, at: data.atMs });
  if (id === undefined) return;
  const task = state.tasks.get(id) ?? { agent, startedAt: undefined, doneAt: undefined, failures: 0 };
  switch (kind) {
    case 'agent.status':
      if (status === 'ACTIVE')
        state.tasks.set(id, { ...task, agent, startedAt: task.startedAt ?? data.atMs });
      else if (status === 'FAILED') state.tasks.set(id, { ...task, failures: task.failures + 1 });
      return;
    case 'task.done':
      // A report without evidence is a claim, and a claim is not measured as done.
      state.tasks.set(id, { ...task, agent, doneAt: isProven(data) ? data.atMs : task.doneAt });
      state.agents.set(agent, { status: 'COMPLETE', task: id, at: data.atMs });
      return;
    case 'task.failed':
      state.tasks.set(id, { ...task, doneAt: undefined, failures: task.failures + 1 });
      return;
    case 'task.reassigned':
      state.tasks.set(id, { ...task, agent: data.text('to') ?? agent });
      return;
    default:
  }
}

function isProven(data: EventData): boolean {
  const evidence = data.objects('evidence');
  return evidence.length > 0 && evidence.every((each) => each.count('exitCode') === 0);
}

function applyCoordination(state: Draft, { kind }: JournalEvent, data: EventData): void {
  const key = data.text('key') ?? '';
  if (kind === 'finding.found') {
    const message = data.text('message') ?? '';
    state.findings.set(key, {
      kind: data.text('kind') ?? '',
      message,
      foundAt: data.atMs,
      clearedAt: undefined,
    });
  } else if (kind === 'finding.cleared') {
    const before = state.findings.get(key);
    if (before !== undefined) state.findings.set(key, { ...before, clearedAt: data.atMs });
  } else if (kind === 'plan.observed') {
    state.plan = data.objects('tasks').map((task) => ({
      id: task.text('id') ?? '',
      agent: task.text('agent') ?? '',
      dependsOn: task.texts('dependsOn'),
      estimateMinutes: task.count('estimateMinutes') ?? 0,
    }));
  } else if (kind.startsWith('action.')) applyAction(state, kind, { key, data });
}

function applyAction(state: Draft, kind: string, { key, data }: { key: string; data: EventData }): void {
  const [, deed = '', step] = kind.split('.');
  if (step === 'begun') state.begun.set(key, { kind: deed, message: data.text('message') });
  else state.begun.delete(key);
  if (step === 'done') state.actions.push({ at: data.atMs, kind: deed, key });
}
