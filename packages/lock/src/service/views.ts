import { join } from 'node:path';
import { identifyProcess, type ProcessIdentity } from '#store';
import { judge, type Protocol, type ProtocolStep } from '../log/protocol.ts';
import { catchUp } from '../log/read-log.ts';
import type { Applied } from '../model/apply.ts';
import type { Lease } from '../model/lease.ts';
import type { LockState } from '../model/lock-state.ts';
import type { LockRecord } from '../model/record.ts';
import type { Desk } from './desk.ts';
import { renderView, viewName } from './view-file.ts';

/**
 * Brings the views in line with what a record did. Views decide nothing, but deleting one is a legal way to end a
 * lease, so a missing view must mean that somebody deleted it. Therefore each view that was shown has a mark beside the
 * log, made after it and removed before it; and who removes a view announces it, and afterwards looks whether the
 * resource was granted anew meanwhile, in which case it shows that grant again.
 */
export function showChanges(
  desk: Desk,
  state: LockState,
  done: { record: LockRecord; applied: Applied },
): void {
  const { effects } = done.applied;
  const byHand = done.record.op === 'release' || done.record.op === 'break';
  for (const { legacy } of effects.freed)
    if (legacy !== undefined && byHand)
      perform(desk, { kind: 'remove', path: join(desk.place.views, legacy) });
  const resources = new Set([...effects.freed, ...effects.held].map(({ resource }) => resource));
  for (const resource of resources) {
    const held = state.leases.of(resource);
    const former = effects.freed.filter((lease) => lease.resource === resource);
    if (held.length === 0) hide(desk, resource, former);
    else {
      const tokens = new Set(held.map(({ token }) => token));
      for (const lease of former)
        if (!tokens.has(lease.token)) perform(desk, { kind: 'remove', path: markOf(desk, lease) });
      show(desk, held);
    }
  }
}

/** Writes the view of one resource, then the marks that say it was shown. */
export function show(desk: Desk, leases: readonly Lease[]): void {
  const [first] = leases;
  if (first === undefined || leases.some(({ legacy }) => legacy !== undefined)) return;
  const view = join(desk.place.views, viewName(first.resource));
  const temporary = join(desk.place.temporary, desk.ports.newId());
  const isWritten =
    perform(desk, { kind: 'create', path: temporary, text: renderView(leases) }) &&
    perform(desk, { kind: 'rename', from: temporary, to: view });
  if (!isWritten) {
    perform(desk, { kind: 'remove', path: temporary });
    return;
  }
  for (const lease of leases) perform(desk, { kind: 'link', from: view, to: markOf(desk, lease) });
}

function hide(desk: Desk, resource: string, former: readonly Lease[]): void {
  const name = viewName(resource);
  const self = identifyProcess(process.pid);
  const notice = join(
    desk.place.removing,
    `${desk.ports.newId()}.${self?.pid ?? 0}.${self?.start ?? 0}.${name}`,
  );
  const [first, ...others] = former;
  const isAnnounced =
    (first !== undefined && perform(desk, { kind: 'rename', from: markOf(desk, first), to: notice })) ||
    perform(desk, { kind: 'create', path: notice, text: '' });
  if (!isAnnounced) return;
  for (const lease of others) perform(desk, { kind: 'remove', path: markOf(desk, lease) });
  perform(desk, { kind: 'remove', path: join(desk.place.views, name) });
  const { state } = desk.look();
  show(desk, state.leases.of(resource));
  perform(desk, { kind: 'remove', path: notice });
}

function markOf(desk: Desk, lease: Lease): string {
  return join(desk.place.shown, `${lease.token}.${viewName(lease.resource)}`);
}

function perform(desk: Desk, step: ProtocolStep): boolean {
  return desk.world.perform(step).code === '';
}

/** Which of these leases were ended by hand: their view, or the lock file of another tool, was deleted. */
export function* endedByHand(desk: Desk, leases: readonly Lease[]): Protocol<Lease[]> {
  const ended: Lease[] = [];
  for (const lease of leases) {
    const isGone =
      lease.legacy === undefined
        ? yield* isViewDeleted(desk, lease)
        : yield* isAbsent(join(desk.place.views, lease.legacy));
    if (isGone) ended.push(lease);
  }
  return ended;
}

function* isViewDeleted(desk: Desk, lease: Lease): Protocol<boolean> {
  const name = viewName(lease.resource);
  const view = join(desk.place.views, name);
  if (!(yield* isAbsent(view)) || (yield* isAbsent(markOf(desk, lease)))) return false;
  if (yield* isBeingRemoved(desk, name)) return false;
  // The mark was there, and nobody who removes views was at work: only a hand can have been.
  return (yield* isAbsent(view)) && !(yield* isAbsent(markOf(desk, lease)));
}

function* isAbsent(path: string): Protocol<boolean> {
  const { code } = yield { kind: 'read', path };
  return code === 'ENOENT';
}

// A process that died at it left its announcement; then the view is shown again and the announcement removed.
function* isBeingRemoved(desk: Desk, name: string): Protocol<boolean> {
  const { names = [] } = yield { kind: 'list', path: desk.place.removing };
  const announced = names.filter(
    (each) => each.endsWith(`.${name}`) && each.split('.').slice(3).join('.') === name,
  );
  for (const each of announced) {
    const remover = yield* removerOf(each);
    if ((yield* judge(remover)) !== 'dead') continue;
    const { state } = yield* catchUp(desk.place, undefined);
    for (const lease of state.leases)
      if (viewName(lease.resource) === name) show(desk, state.leases.of(lease.resource));
    yield { kind: 'remove', path: join(desk.place.removing, each) };
  }
  return announced.length > 0;
}

function* removerOf(announcement: string): Protocol<ProcessIdentity> {
  const [, pid, start] = announcement.split('.');
  const { moment } = yield { kind: 'now' };
  return { pid: Number(pid), start: start ?? '', host: moment?.host ?? '', boot: moment?.boot ?? '' };
}

/** Makes every view agree with the table: shows what is held, removes what is not, and forgets marks of the past. */
export function refreshViews(desk: Desk): void {
  for (const announcement of desk.world.perform({ kind: 'list', path: desk.place.removing }).names ?? [])
    desk.run(isBeingRemoved(desk, announcement.split('.').slice(3).join('.')));
  const { state } = desk.look();
  const held = new Map<string, readonly Lease[]>();
  for (const resource of state.leases.resources()) held.set(viewName(resource), state.leases.of(resource));
  const marks = new Set([...state.leases].map((lease) => `${lease.token}.${viewName(lease.resource)}`));
  const shown = desk.world.perform({ kind: 'list', path: desk.place.shown }).names ?? [];
  for (const mark of shown)
    if (!marks.has(mark)) perform(desk, { kind: 'remove', path: join(desk.place.shown, mark) });
  for (const name of desk.world.perform({ kind: 'list', path: desk.place.views }).names ?? []) {
    const leases = held.get(name);
    held.delete(name);
    const text = name.endsWith('.lock')
      ? desk.world.perform({ kind: 'read', path: join(desk.place.views, name) }).text
      : undefined;
    if (text?.startsWith('# A lease, shown') !== true) continue;
    if (leases === undefined) hide(desk, resourceOfView(text), []);
    else if (text !== renderView(leases)) show(desk, leases);
  }
  for (const leases of held.values()) {
    const everShown = leases.every((lease) => shown.includes(`${lease.token}.${viewName(lease.resource)}`));
    if (!everShown) show(desk, leases);
  }
}

function resourceOfView(text: string): string {
  return /^RESOURCE: (.*)$/mu.exec(text)?.[1] ?? '';
}
