import { join } from 'node:path';
import { hashText, isSystemError, type Store } from '#store';
import { displayResource, kindOfResource } from '../model/resource.ts';
import type { Desk } from './desk.ts';
import type { AcquireOutcome, AcquireRequest, FileChange, HeldLease } from './lock-request.ts';
import { requireResource } from './request-terms.ts';

// What is larger is seldom written by hand, and would make itself felt.
const MAX_COPIED = 1_048_576;
const DAY_MS = 86_400_000;

/**
 * Keeps a copy of each file of the desk's checkout that was just granted exclusively: its base, which a holder who loses it
 * is told of. Not before the grant, because then another may still write it. What cannot be copied is left out: a lease is
 * none the worse for it.
 */
export function keepBases(desk: Desk, request: AcquireRequest, outcome: AcquireOutcome): void {
  const { worktreeRoot } = desk.settings;
  if (worktreeRoot === undefined || outcome.kind !== 'acquired') return;
  for (const { name: text } of request.resources) {
    const name = requireResource(desk, text);
    if (kindOfResource(name) !== 'file') continue;
    const path = displayResource(name);
    const lease = outcome.leases.find(({ resource, mode }) => resource === path && mode === 'exclusive');
    if (lease !== undefined) keepBase(desk, worktreeRoot, lease);
  }
}

function keepBase({ ports: { store, squadDir } }: Desk, worktreeRoot: string, lease: HeldLease): void {
  const copy = copyPath(squadDir, worktreeRoot, lease);
  const file = join(worktreeRoot, lease.resource);
  try {
    // What was held already has its base.
    if (store.stat(copy) !== undefined) return;
    const found = store.stat(file);
    if (found === undefined) store.append(absenceOf(copy), '');
    else if (found.kind === 'file' && found.size <= MAX_COPIED) store.copyAtomic(file, copy);
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}

/** Removes the bases of leases that their holder has given up. */
export function dropBases({ ports, settings }: Desk, leases: readonly HeldLease[]): void {
  const { worktreeRoot } = settings;
  if (worktreeRoot === undefined) return;
  for (const lease of leases) {
    const copy = copyPath(ports.squadDir, worktreeRoot, lease);
    try {
      for (const path of [copy, absenceOf(copy)])
        if (ports.store.stat(path) !== undefined) ports.store.removeFile(path);
    } catch (error) {
      if (!isSystemError(error)) throw error;
    }
  }
}

/** How the file of a lost lease differs from its base; nothing where it does not, or where no base was kept. */
export function changeSinceGrant(
  { ports: { store, squadDir }, settings: { worktreeRoot } }: Desk,
  lease: { readonly resource: string; readonly token: number },
): { changed?: FileChange } {
  if (worktreeRoot === undefined) return {};
  const path = displayResource(lease.resource);
  const copy = copyPath(squadDir, worktreeRoot, { resource: path, token: lease.token });
  try {
    const isAbsence = store.stat(absenceOf(copy)) !== undefined;
    const base = isAbsence ? null : hashOf(store, copy);
    const present = hashOf(store, join(worktreeRoot, path));
    const isKnown = isAbsence || base !== null;
    return !isKnown || present === undefined || base === undefined || base === present
      ? {}
      : { changed: { base, present } };
  } catch (error) {
    if (isSystemError(error)) return {};
    throw error;
  }
}

// `null` where there is nothing, `undefined` for what is no file.
function hashOf(store: Store, path: string): string | null | undefined {
  const found = store.stat(path);
  if (found === undefined) return null;
  const bytes = found.kind === 'file' ? store.readBytes(path) : undefined;
  return bytes === undefined ? undefined : hashText(bytes);
}

/** Removes bases that belong to no lease any more and whose former holders had a day to hear of them. */
export function sweepBases(desk: Desk, olderThanMs: number = DAY_MS): void {
  const { store, squadDir, clock } = desk.ports;
  const held = new Set([...desk.look().state.leases].map(({ token }) => String(token)));
  const folder = basesFolder(squadDir);
  for (const checkout of store.list(folder)) {
    for (const name of store.list(join(folder, checkout))) {
      const path = join(folder, checkout, name);
      const age = clock.wallMs() - (store.stat(path)?.modifiedMs ?? 0);
      if (!held.has(name.split('.')[0] ?? '') && Math.abs(age) >= olderThanMs) store.removeFile(path);
    }
  }
}

function basesFolder(squadDir: string): string {
  return join(squadDir, '.run', 'base');
}

function copyPath(
  squadDir: string,
  worktreeRoot: string,
  { resource, token }: { readonly resource: string; readonly token: number },
): string {
  return join(basesFolder(squadDir), flat(worktreeRoot), `${token}.${flat(resource)}`);
}

// As in RFC 6901. A name too long for a file system is refused by it, and then no base is kept.
function flat(path: string): string {
  return path.replaceAll('~', '~0').replaceAll('/', '~1');
}

function absenceOf(copy: string): string {
  return `${copy}.none`;
}
