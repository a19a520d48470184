import { join } from 'node:path';
import { identifyProcess } from '#store';
import { processName } from '../log/process-name.ts';
import { readClock, type Protocol, type ProtocolStep } from '../log/protocol.ts';
import { catchUp } from '../log/read-log.ts';
import { isLeftBehind } from '../log/tidy-log.ts';
import { isForRequest, type Lease } from '../model/lease.ts';
import { elapsedMs } from '../model/moment.ts';
import type { LockState } from '../model/lock-state.ts';
import type { Commit, Desk } from './desk.ts';
import { renderView, viewName } from './view-file.ts';

/**
 * Brings the views in line with what a record did. Views decide nothing, but deleting one is a legal way to end a
 * lease, so a missing view must mean that somebody deleted it. Therefore each view that was shown has a mark beside the
 * log, made after it and removed before it; and who removes a view announces it, and afterwards looks whether the
 * resource was granted anew meanwhile, in which case it shows that grant again.
 *
 * A new lease is shown by the process that took it, once it has lasted; one that was served from the queue likewise,
 * when its waiter has heard of it. Only where an older view stands in its place it is shown at once.
 */
export function showChanges(desk: Desk, state: LockState, commit: Commit): void {
  const { effects } = commit.applied;
  const byHand = commit.record.op === 'release' || commit.record.op === 'break';
  for (const { legacy } of effects.freed)
    if (legacy !== undefined && byHand)
      perform(desk, { kind: 'remove', path: join(desk.place.views, legacy) });
  const former = effects.freed.filter((lease) => !wasNeverShown(desk, lease));
  for (const resource of new Set([...former, ...effects.held].map((lease) => lease.resource))) {
    const gone = former.filter((lease) => lease.resource === resource);
    const held = state.leases.of(resource);
    const fresh = effects.held.filter((lease) => lease.resource === resource);
    const isDue = fresh.filter((lease) => !isLater(desk, lease, commit)).length > 0;
    const isAmended = gone.length === 0 && held.every(({ token }) => token < commit.nextToken);
    if (held.length === 0) hide(desk, resource, gone);
    else if (!(isAmended && amend(desk, held)) && (gone.length > 0 || isDue)) replace(desk, held, gone);
  }
}

// A lease that this process was still to show; whoever shows leases of others (`tidy`) leaves its mark.
function wasNeverShown(desk: Desk, lease: Lease): boolean {
  if (!desk.pending.has(lease)) return false;
  desk.pending.drop(lease);
  return desk.run(isAbsent(markOf(desk, lease)));
}

// Whether a lease is shown later, by this process or by the waiter that it was given to.
function isLater(desk: Desk, lease: Lease, { applied, nextToken, record }: Commit): boolean {
  if (desk.pending.has(lease)) return true;
  if (lease.token < nextToken) return false;
  const isServed = applied.effects.served.some(
    ({ id, wake }) => isForRequest(lease, id) && wake !== undefined,
  );
  return isServed || (lease.agent === record.agent && showLater(desk, lease));
}

/** Has a lease of this process shown once it has lasted; false where everything is shown at once. */
function showLater(desk: Desk, lease: Lease): boolean {
  if (desk.settings.isBrief === true) return false;
  desk.pending.note(lease);
  desk.closing.once('views', desk.pending.flush);
  return true;
}

/** Shows leases that this process was served from the queue, once they have lasted. */
export function showServed(desk: Desk, leases: readonly Lease[]): void {
  for (const lease of leases)
    if (!showLater(desk, lease)) show(desk, desk.look().state.leases.of(lease.resource));
}

const OVERDUE_MS = 1000;

/** Shows those of the leases that are still held by the same grant; one that ends meanwhile is hidden again. */
export function showLasting(desk: Desk, leases: readonly Lease[]): void {
  const holdersOf = (lease: Lease): readonly Lease[] => {
    const held = desk.look().state.leases.of(lease.resource);
    return held.some(({ token }) => token === lease.token) ? held : [];
  };
  for (const lease of leases) {
    const held = holdersOf(lease);
    if (held.length === 0) continue;
    show(desk, held);
    if (holdersOf(lease).length === 0) hide(desk, lease.resource, held);
  }
}

function replace(desk: Desk, held: readonly Lease[], former: readonly Lease[]): void {
  const tokens = new Set(held.map(({ token }) => token));
  for (const lease of former)
    if (!tokens.has(lease.token)) perform(desk, { kind: 'remove', path: markOf(desk, lease) });
  for (const lease of held) desk.pending.drop(lease);
  show(desk, held);
}

// The same grants with other times: written over what is there. To put a file in the place of another makes ext4 write it
// to the disk (1.3 ms of a renewal's 18). Anything longer or shorter is shown anew.
function amend(desk: Desk, leases: readonly Lease[]): boolean {
  const [first] = leases;
  if (first === undefined || leases.some(({ legacy }) => legacy !== undefined)) return false;
  const path = join(desk.place.views, viewName(first.resource));
  const text = renderView(leases);
  const { text: shown = '' } = desk.world.perform({ kind: 'read', path });
  const isSame =
    shown.length === text.length && leases.every(({ token }) => shown.includes(`\nTOKEN: ${token}\n`));
  return isSame && perform(desk, { kind: 'overwrite', path, text });
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
  const notice = join(desk.place.removing, `${desk.ports.newId()}.${processName(self)}.${name}`);
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
  if (!(yield* isAbsent(view))) return false;
  if (yield* isAbsent(markOf(desk, lease))) {
    // Its holder should have shown it long ago: it died, or is busy.
    if (elapsedMs(lease.since, yield* readClock()) > OVERDUE_MS) showLasting(desk, [lease]);
    return false;
  }
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
  const announced = names.filter((each) => each.endsWith(`.${name}`) && viewOfAnnouncement(each) === name);
  for (const each of announced) {
    const [id = '', remover = ''] = each.split('.');
    if (!(yield* isLeftBehind(remover, id))) continue;
    const { state } = yield* catchUp(desk.place, undefined);
    for (const lease of state.leases)
      if (viewName(lease.resource) === name) show(desk, state.leases.of(lease.resource));
    yield { kind: 'remove', path: join(desk.place.removing, each) };
  }
  return announced.length > 0;
}

function viewOfAnnouncement(announcement: string): string {
  return announcement.split('.').slice(2).join('.');
}

/** Makes every view agree with the table: shows what is held, removes what is not, and forgets marks of the past. */
export function refreshViews(desk: Desk): void {
  for (const announcement of desk.world.perform({ kind: 'list', path: desk.place.removing }).names ?? [])
    desk.run(isBeingRemoved(desk, viewOfAnnouncement(announcement)));
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
