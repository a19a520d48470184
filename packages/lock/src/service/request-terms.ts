import { SquadError } from '#protocol';
import type { LockItem } from '../model/lease.ts';
import type { Moment } from '../model/moment.ts';
import type { LeaseTerms } from '../model/record.ts';
import { kindOfResource, parseResource } from '../model/resource.ts';
import type { Desk } from './desk.ts';
import type { AcquireRequest } from './lock-request.ts';

/** Fields that every record of a request carries. */
export function stamp(
  { agent, session }: { readonly agent: string; readonly session?: string | undefined },
  id: string,
  at: Moment,
): { v: 1; id: string; agent: string; at: Moment; session?: string } {
  const common = { v: 1 as const, id, agent, at };
  return session === undefined || session === '' ? common : { ...common, session };
}

/** What a request asks for, in canonical form, with the settings in force where it does not say. */
export function termsOf(desk: Desk, request: AcquireRequest): LeaseTerms {
  const { settings } = desk;
  const items = itemsOf(desk, request);
  const { purpose, handoffTo, holder } = request;
  return {
    items,
    ttlMs: request.ttlMs ?? settings.ttlMs,
    maxHoldMs: Math.max(settings.maxHoldMs, 0),
    ...(purpose === undefined ? {} : { purpose }),
    ...(handoffTo === undefined ? {} : { handoffTo }),
    ...(holder === undefined ? {} : { holder }),
  };
}

// Canonical order and no resource twice: the same set is the same request however it was written.
function itemsOf(desk: Desk, { resources }: AcquireRequest): LockItem[] {
  const items = new Map<string, LockItem>();
  for (const { name: text, mode = 'exclusive' } of resources) {
    const name = requireResource(desk, text);
    const known = items.get(name);
    items.set(name, { name, mode: known?.mode === 'exclusive' ? 'exclusive' : mode });
  }
  return [...items.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The canonical name of a resource, or `PATH_REFUSED`. Where the file system folds case, so do the names of its files. */
export function requireResource(desk: Desk, text: string): string {
  const parsed = parseResource(text);
  if (parsed.ok)
    return desk.filesystem()?.verdict.probe.foldsCase === true ? foldedName(parsed.value) : parsed.value;
  throw new SquadError({
    code: 'PATH_REFUSED',
    message: parsed.error,
    data: { path: text },
    hint: 'name a path inside the repository, or a thing like op:git or port:3000',
  });
}

function foldedName(name: string): string {
  return kindOfResource(name) === 'named' ? name : name.normalize('NFC').toLowerCase();
}
