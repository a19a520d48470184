import { join } from 'node:path';
import {
  append,
  catchUp,
  discardPage,
  passBaton,
  placeOf,
  takeBaton,
  withEvidence,
  type Applied,
  type Decide,
  type Lease,
  type LockRecord,
  type LockState,
  type LogPlace,
  type LogWriter,
  type LogView,
  type Moment,
  type Protocol,
} from '#lock/engine';
import type { ModelDisk } from './model-disk.ts';
import type { Actor, Program, Scenario } from './simulation.ts';

/** Where every scenario keeps its log. */
export function logPlace(epochSize: number): LogPlace {
  return placeOf('/squad', epochSize);
}

/** What a process does with one resource. */
export type Deed = 'acquire' | 'renew' | 'release' | 'wait' | 'look' | 'delete';

interface Setting {
  readonly epochSize: number;
  readonly ttlMs: number;
  readonly resource?: string;
  /** How often a refused acquire is tried again before the process gives up. */
  readonly retries?: number;
  /** Gives the holder a process that can be judged. */
  readonly pid?: number;
  /**
   * Each deed is a command of its own: it starts cold, and leaves the state behind its record, tables up to this size whole,
   * larger ones by what differs from the base.
   */
  readonly brief?: number;
}

const RESOURCE = 'a.ts';

/** A process that does these things one after the other, with the protocol as shipped. */
export function leaseProgram(deeds: readonly Deed[], setting: Setting): Program {
  return function* program(actor) {
    const place = logPlace(setting.epochSize);
    const { brief } = setting;
    const writer: LogWriter = { place, ...(brief === undefined ? {} : { keepsState: brief }) };
    const worker = { actor, setting, place, writer, memory: new Map<'view', LogView>() };
    for (const deed of deeds) {
      yield* perform(worker, deed);
      if (brief !== undefined) yield* endCommand(worker);
    }
    yield* discardPage(worker.writer);
  };
}

interface Worker {
  readonly actor: Actor;
  readonly setting: Setting;
  readonly place: LogPlace;
  readonly writer: LogWriter;
  readonly memory: Map<'view', LogView>;
}

function* endCommand({ writer, memory }: Worker): Protocol<void> {
  yield* discardPage(writer);
  memory.clear();
}

function* perform(worker: Worker, deed: Deed): Protocol<void> {
  switch (deed) {
    case 'acquire':
      for (let attempt = 0; attempt <= (worker.setting.retries ?? 0); attempt += 1) {
        if (yield* acquire(worker)) return;
      }
      return;
    case 'renew':
      return yield* renew(worker);
    case 'release':
      return yield* release(worker);
    case 'wait':
      return yield* enqueue(worker);
    case 'delete':
      // What a person does who wants to be rid of all leases.
      yield { kind: 'removeFolder', path: worker.place.log };
      return;
    case 'look':
      worker.memory.set('view', yield* catchUp(worker.place, worker.memory.get('view')));
  }
}

function* submit(
  worker: Worker,
  draft: (now: Moment, id: string) => LockRecord,
  unless: (applied: Applied) => boolean,
): Protocol<Applied> {
  const decide: Decide<Applied> = function* decide(before) {
    const { record, applied } = yield* withEvidence(before.state, draft(before.now, before.id));
    return unless(applied) ? { kind: 'answer', value: applied } : { kind: 'append', record, applied };
  };
  const outcome = yield* append(worker.writer, worker.memory.get('view'), decide);
  worker.memory.set('view', outcome.view);
  if (outcome.kind === 'answered') return outcome.value;
  const wakes = outcome.applied.effects.served.flatMap(({ wake }) => wake ?? []);
  yield* passBaton(
    wakes.map((name) => wakePath(worker.place, name)),
    outcome.view,
  );
  return outcome.applied;
}

function termsOf({
  actor,
  setting,
}: Worker): Pick<LockRecord & { op: 'acquire' }, 'items' | 'ttlMs' | 'maxHoldMs'> {
  const holder =
    setting.pid === undefined
      ? {}
      : { holder: { host: 'host-1', boot: 'boot-1', pid: setting.pid, start: actor.name } };
  return {
    items: [{ name: setting.resource ?? RESOURCE, mode: 'exclusive' }],
    ttlMs: setting.ttlMs,
    maxHoldMs: 1_000_000,
    ...holder,
  };
}

function* acquire(worker: Worker): Protocol<boolean> {
  const { actor } = worker;
  const floor = actor.tokenFloor();
  const since = actor.mark();
  const { verdict } = yield* submit(
    worker,
    (at, id) => ({ v: 1, op: 'acquire', id, agent: actor.name, at, ...termsOf(worker) }),
    (applied) => applied.verdict.kind !== 'granted',
  );
  if (verdict.kind === 'held') {
    for (const blocker of verdict.blockers)
      if (blocker.kind === 'lease') actor.refusedBy(blocker.lease.token, since);
  }
  if (verdict.kind !== 'granted') return false;
  const [lease] = verdict.leases;
  hold(worker, lease, floor);
  return true;
}

function hold({ actor, setting }: Worker, lease: Lease | undefined, floor: number): void {
  if (lease === undefined || lease.agent !== actor.name) return actor.fail('was granted nothing of its own');
  if (lease.token <= floor)
    actor.fail(`token ${lease.token} is not greater than ${floor}, given before it asked`);
  if (lease.holds.length !== 1 || lease.holds[0]?.count !== 1) actor.fail('one acquire was counted twice');
  actor.believe(setting.resource ?? RESOURCE, { token: lease.token, endsMs: lease.ends.bootMs });
}

function* renew(worker: Worker): Protocol<void> {
  const { actor, setting } = worker;
  const resource = setting.resource ?? RESOURCE;
  const { verdict } = yield* submit(
    worker,
    (at, id) => ({ v: 1, op: 'renew', id, agent: actor.name, at, all: true }),
    (applied) => applied.verdict.kind === 'renewed' && applied.verdict.leases.length === 0,
  );
  const lease = verdict.kind === 'renewed' ? verdict.leases[0] : undefined;
  if (lease === undefined) actor.forget(resource);
  else actor.believe(resource, { token: lease.token, endsMs: lease.ends.bootMs });
}

function* release(worker: Worker): Protocol<void> {
  const { actor, setting } = worker;
  // The work that the lease is for: a step at which the others can move while this one believes that it holds.
  yield { kind: 'read', path: '/squad/work' };
  actor.forget(setting.resource ?? RESOURCE);
  const { verdict } = yield* submit(
    worker,
    (at, id) => ({ v: 1, op: 'release', id, agent: actor.name, at, all: true }),
    (applied) => applied.verdict.kind === 'released' && applied.verdict.released.length === 0,
  );
  if (verdict.kind === 'released') for (const { token } of verdict.released) actor.released(token);
}

function wakePath(place: LogPlace, name: string): string {
  return join(place.wake, name);
}

function* enqueue(worker: Worker): Protocol<void> {
  const { actor, place } = worker;
  const path = wakePath(place, actor.name);
  yield { kind: 'makeFolder', path: place.wake };
  yield { kind: 'create', path, text: '' };
  yield* waitTurn(worker, path);
  yield { kind: 'remove', path };
}

function* waitTurn(worker: Worker, path: string): Protocol<void> {
  const { actor } = worker;
  const floor = actor.tokenFloor();
  const { verdict } = yield* submit(
    worker,
    (at, id) => ({
      v: 1,
      op: 'wait',
      id,
      agent: actor.name,
      at,
      patienceMs: 1_000_000,
      wake: actor.name,
      ...termsOf(worker),
    }),
    () => false,
  );
  if (verdict.kind === 'granted') return hold(worker, verdict.leases[0], floor);
  if (verdict.kind !== 'queued') return actor.fail(`was told ${verdict.kind}`);
  const { id } = verdict.ticket;
  // One look, from what was left in the wake file: whoever is not served by then leaves.
  const known = yield* takeBaton(path, worker.memory.get('view'));
  const view = yield* catchUp(worker.place, known.view);
  worker.memory.set('view', view);
  const lease = [...view.state.leases].find((each) => each.request === id);
  if (lease !== undefined) return hold(worker, lease, 0);
  const left = yield* submit(
    worker,
    (at, own) => ({ v: 1, op: 'leave', id: own, agent: actor.name, at, ticket: id }),
    () => false,
  );
  // Served just before it left: then it holds, and gives back.
  if (left.verdict.kind === 'nothing') yield* release(worker);
}

/** Creates the log, so that scenarios begin where most work is done. */
export function openedLog(epochSize: number): Program {
  return function* program() {
    yield* catchUp(logPlace(epochSize), undefined);
  };
}

/** What a fresh reader finds at the end, or why it cannot read. */
export function readAtEnd(disk: ModelDisk, epochSize: number): LockState | string {
  const protocol = catchUp(logPlace(epochSize), undefined);
  let ids = 0;
  try {
    let turn = protocol.next();
    while (turn.done !== true) {
      const step = turn.value;
      if (step.kind === 'newId') turn = protocol.next({ code: '', id: `end-${(ids += 1)}` });
      else if (step.kind === 'now' || step.kind === 'liveness') turn = protocol.next({ code: '' });
      else turn = protocol.next(disk.perform(step));
    }
    return turn.value.state;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** At the end only processes that were killed may hold or wait; nothing else may be left. */
export function nothingLeft(epochSize: number): NonNullable<Scenario['atEnd']> {
  return (disk, crashed, clockMs) => {
    const state = readAtEnd(disk, epochSize);
    if (typeof state === 'string') return `the log cannot be read at the end: ${state}`;
    const lease = [...state.leases].find(
      ({ agent, ends }) => !crashed.includes(agent) && ends.bootMs > clockMs,
    );
    if (lease !== undefined) return `${lease.agent} has gone and still holds ${lease.resource}`;
    const ticket = state.tickets.find(({ agent }) => !crashed.includes(agent));
    if (ticket !== undefined) return `${ticket.agent} has gone and still waits`;
    const litter = [...disk.files.keys()].filter(
      (path) => path.includes('/tmp/') && !crashed.some((name) => path.includes(`/${name}-`)),
    );
    return litter.length > 0 ? `left behind: ${litter.join(', ')}` : undefined;
  };
}
