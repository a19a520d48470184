import { releaseOperations } from '../decide/judge-operations.ts';
import { renderInstant } from '#protocol';
import { listSessions } from '#store';
import type { GuardPorts } from '../guard-ports.ts';
import type { HookRequest } from '../hook/hook-request.ts';
import type { Verdict } from '../hook/verdict.ts';
import { openSquadView } from '../squad-view.ts';
import { firstToSay, openSessionCall, saveSession } from './session.ts';

// Two hooks of one end (the plugin's and the project's) are no two ends.
const SAME_END_MS = 2000;

/** A session ends: its leases are released (all of the agent's, when no other session of it is open) and it is marked gone. */
export async function endSession(ports: GuardPorts, request: HookRequest): Promise<Verdict> {
  const call = openSessionCall(ports, request);
  if (call === undefined) return { kind: 'pass' };
  const { home, identity, sessionId } = call;
  const { agent } = identity;
  const view = await openSquadView(ports, home);
  saveSession(ports, request, call, { endedAt: renderInstant(ports.clock.wallMs()) });
  const isElsewhere = listSessions(ports.store, home.squadDir).some(
    (session) => session.agent === agent && session.session !== sessionId && session.endedAt === undefined,
  );
  releaseOperations(view.locks, { agent, isMeant: (session) => session.startsWith(`${sessionId}/`) });
  const { released } = isElsewhere
    ? view.locks.release({ agent, session: sessionId, all: true })
    : view.locks.release({ agent, all: true, wholly: true });
  const data = {
    client: request.client,
    cause: request.cause ?? '',
    released: released.map(({ resource }) => resource),
  };
  const [isFirst] = firstToSay(ports, call, ['ended'], SAME_END_MS);
  if (isFirst !== undefined) view.journal.record({ kind: 'session.ended', agent, session: sessionId, data });
  return { kind: 'pass' };
}
