import { renderInstant } from '#protocol';
import {
  claimSayings,
  findSquadHome,
  identifyAgentProcess,
  writeSession,
  type SessionRecord,
  type SquadHome,
} from '#store';
import type { GuardPorts } from '../guard-ports.ts';
import type { HookRequest } from '../hook/hook-request.ts';
import { identify, type Identity } from '../identity.ts';

/** A hook call in the repository that its session works in, by a known agent. */
export interface SessionCall {
  readonly home: SquadHome;
  readonly identity: Identity;
  readonly sessionId: string;
}

/** Where and as whom a session event happens; `undefined` without `.squad/` or without a session id. */
export function openSessionCall(ports: GuardPorts, request: HookRequest): SessionCall | undefined {
  const { sessionId } = request;
  const home = findSquadHome(ports.store, request.cwd, ports.env);
  if (home === undefined || sessionId === undefined) return undefined;
  const identity = identify(ports, home, request);
  return identity === undefined ? undefined : { home, identity, sessionId };
}

/** Writes the session's record: what stood there, with these changes. */
export function saveSession(
  ports: GuardPorts,
  request: HookRequest,
  call: SessionCall,
  change: Partial<SessionRecord>,
): void {
  const { home, identity, sessionId } = call;
  const process = identifyAgentProcess(ports.env);
  const base: SessionRecord = identity.record ?? {
    version: 1,
    session: sessionId,
    client: request.client,
    agent: identity.agent,
    named: identity.named,
    worktreeRoot: home.worktreeRoot,
    startedAt: renderInstant(ports.clock.wallMs()),
    ...(process === undefined ? {} : { process }),
  };
  writeSession(ports.store, home.squadDir, {
    ...base,
    agent: identity.agent,
    named: identity.named,
    ...change,
  });
}

/** Those of the keys that no other hook process of the session has told yet (with `withinMs`: in that time). */
export function firstToSay(
  ports: GuardPorts,
  { home, sessionId }: SessionCall,
  keys: readonly string[],
  withinMs: number = Infinity,
): readonly string[] {
  const atMs = ports.clock.wallMs();
  const claim = { session: sessionId, keys, by: ports.newId(), atMs, sinceMs: atMs - withinMs };
  return claimSayings(ports.store, home.squadDir, claim);
}
