import { parseAgentId, SquadError, type AgentId } from '#protocol';
import {
  findSquadHome,
  openJournal,
  readSession,
  requireSquadHome,
  sessionIdFrom,
  type Journal,
  type SquadHome,
} from '#store';
import type { Call } from './command.ts';
import type { Io } from './io.ts';

/** The `.squad/` that governs a path, ready for services. */
export interface Squad extends SquadHome {
  readonly journal: Journal;
}

/** Opens the `.squad/` that governs `from` (the working folder unless a path is acted on). */
export function openSquad(io: Io, from: string = io.cwd): Squad {
  const home = requireSquadHome(io.store, from, io.env);
  return {
    ...home,
    journal: openJournal({ store: io.store, squadDir: home.squadDir, clock: io.clock, newId: io.newId }),
  };
}

/** The option by which every command that acts for an agent can be told which. */
export const AGENT_OPTION = {
  agent: { kind: 'value', value: 'ID', summary: 'act as this agent (default: AGENT_ID)' },
} as const;

/**
 * Who is acting: `--agent`, else `AGENT_ID`, else the agent bound to the client's session.
 * Never guessed from the parent process, folder, terminal or machine.
 */
export function whoAmI(call: Call): AgentId {
  const named = call.value('agent') ?? (call.io.env['AGENT_ID'] || undefined) ?? boundAgent(call.io);
  if (named === undefined) {
    throw new SquadError({
      code: 'AGENT_ID_MISSING',
      message: 'it is not known which agent you are',
      hint: 'set AGENT_ID (export AGENT_ID=agent-1-frontend) or pass --agent ID',
    });
  }
  const parsed = parseAgentId(named);
  if (!parsed.ok)
    throw new SquadError({ code: 'AGENT_ID_INVALID', message: parsed.error, hint: 'as in agent-1-frontend' });
  return parsed.value;
}

/**
 * The person who is acting: as {@link whoAmI} where that is told, else the person logged in (`human-<login>`). Only for
 * what persons alone may do.
 */
export function whichPerson(call: Call): AgentId {
  const { env } = call.io;
  const isTold =
    call.value('agent') !== undefined || (env['AGENT_ID'] ?? '') !== '' || boundAgent(call.io) !== undefined;
  return isTold ? whoAmI(call) : personAt(env);
}

/** `human-<login>`, by the login name of the environment. */
export function personAt(env: NodeJS.ProcessEnv): AgentId {
  const login = (env['USER'] || env['LOGNAME'] || env['USERNAME'] || 'unknown')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/gu, '-')
    .replaceAll(/^[.-]+|[.-]+$/gu, '')
    .slice(0, 50);
  const id = parseAgentId(`human-${login === '' ? 'unknown' : login}`);
  if (!id.ok)
    throw new SquadError({ code: 'AGENT_ID_INVALID', message: id.error, hint: 'pass --agent human-<login>' });
  return id.value;
}

function boundAgent({ store, cwd, env }: Io): string | undefined {
  const session = sessionIdFrom(env);
  const home = session === undefined ? undefined : findSquadHome(store, cwd, env);
  return session === undefined || home === undefined
    ? undefined
    : readSession(store, home.squadDir, session)?.agent;
}
