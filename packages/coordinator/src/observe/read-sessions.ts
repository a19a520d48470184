import { parseInstant } from '#protocol';
import { lastHeardOfSession, listSessions, livenessOf, type Store } from '#store';
import type { ObservedProcess } from '../model/snapshot.ts';

/** Processes of the client sessions noted in `.squad/.run/sessions/`, by agent, each with when it last acted. */
export function readSessions(
  store: Store,
  squadDir: string,
): readonly { readonly agent: string; readonly process: ObservedProcess }[] {
  return listSessions(store, squadDir).flatMap(({ agent, process, session, startedAt }) => {
    if (process === undefined) return [];
    const seenAt = lastHeardOfSession(store, squadDir, session) ?? parseInstant(startedAt);
    const { pid, host } = process;
    return [{ agent, process: { pid, host, life: livenessOf(process), source: 'session', seenAt } }];
  });
}
