import { parseAgentId, SquadError, type AgentId } from '#protocol';
import { readSession, type SessionRecord, type SquadHome } from '#store';
import type { GuardPorts } from './guard-ports.ts';
import type { HookRequest } from './hook/hook-request.ts';

/** Who a hook call acts as. */
export interface Identity {
  readonly agent: AgentId;
  readonly named: SessionRecord['named'];
  /** What the session recorded at its start. */
  readonly record: SessionRecord | undefined;
}

/**
 * The agent of a hook call: `AGENT_ID`, else the agent that the session is bound to, else the name a person gave the
 * session, else a name made of the client and the session id. Sub-agents share their session's. `undefined` when not even
 * a session is known. Never guessed from a parent process, folder or machine.
 */
export function identify(ports: GuardPorts, home: SquadHome, request: HookRequest): Identity | undefined {
  const { sessionId } = request;
  const record = sessionId === undefined ? undefined : readSession(ports.store, home.squadDir, sessionId);
  const fromEnvironment = ports.env['AGENT_ID'] ?? '';
  if (fromEnvironment !== '') {
    const parsed = parseAgentId(fromEnvironment);
    if (parsed.ok) return { agent: parsed.value, named: 'environment', record };
    throw new SquadError({
      code: 'AGENT_ID_INVALID',
      message: `AGENT_ID: ${parsed.error}`,
      hint: 'as in agent-1-frontend',
    });
  }
  const bound = parseAgentId(record?.agent ?? '');
  if (bound.ok) return { agent: bound.value, named: record?.named ?? 'bound', record };
  const title = parseAgentId(request.sessionTitle ?? '');
  if (title.ok) return { agent: title.value, named: 'title', record };
  if (sessionId === undefined) return undefined;
  const made = parseAgentId(`${request.client}-${sessionId.replace(/[^A-Za-z0-9]/gu, '').slice(-8)}`);
  return made.ok ? { agent: made.value, named: 'generated', record } : undefined;
}
