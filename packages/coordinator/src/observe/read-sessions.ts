import { join } from 'node:path';
import { parseInstant } from '#protocol';
import { livenessOf, type ProcessIdentity, type Store } from '#store';
import type { ObservedProcess } from '../model/snapshot.ts';

/** Client sessions that the guard noted in `.squad/.run/sessions/`, by agent. Unreadable records are left out. */
export function readSessions(
  store: Store,
  squadDir: string,
): readonly { readonly agent: string; readonly process: ObservedProcess }[] {
  const folder = join(squadDir, '.run', 'sessions');
  return store
    .list(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      const path = join(folder, name);
      const record = readObject(store.readText(path) ?? '');
      const identity = identityOf(record?.['process'] ?? record);
      const agent = record?.['agent'];
      if (identity === undefined || typeof agent !== 'string') return [];
      const seenAt = instantOf(record?.['seenAt'] ?? record?.['at']) ?? store.stat(path)?.modifiedMs;
      const { pid, host } = identity;
      return [{ agent, process: { pid, host, life: livenessOf(identity), source: 'session', seenAt } }];
    });
}

function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function identityOf(value: unknown): ProcessIdentity | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { host, boot, pid, start } = value as Record<string, unknown>;
  if (typeof host !== 'string' || typeof boot !== 'string') return undefined;
  if (typeof pid !== 'number' || !Number.isInteger(pid) || typeof start !== 'string') return undefined;
  return { host, boot, pid, start };
}

function instantOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? parseInstant(value) : undefined;
}
