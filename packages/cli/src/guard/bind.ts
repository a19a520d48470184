import { EXIT, parseAgentId, renderInstant, SquadError } from '#protocol';
import { readSession, sessionIdFrom, writeSession, type SessionRecord } from '#store';
import type { Call, Command, Outcome } from '../shell/command.ts';
import { openSquad } from '../shell/squad.ts';

/** `squad-guard bind`: says which agent a client's session is, for its hooks and for the commands it runs. */
export const bindCommand: Command = {
  name: 'bind',
  summary: 'Say which agent this session is',
  positionals: '<agent>',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    session: {
      kind: 'value',
      value: 'ID',
      summary: "the client's session (default: the one this command runs in)",
    },
  },
  examples: ['squad-guard bind agent-1-frontend'],
  action: bind,
};

function bind(call: Call): Promise<Outcome> {
  const { store, env, clock } = call.io;
  const parsed = parseAgentId(call.positionals[0] ?? '');
  if (!parsed.ok)
    throw new SquadError({ code: 'AGENT_ID_INVALID', message: parsed.error, hint: 'as in agent-1-frontend' });
  const session = call.value('session') ?? sessionIdFrom(env);
  if (session === undefined || session === '') {
    throw new SquadError({
      code: 'USAGE',
      message: 'this command does not run in a session of a client that tells its id',
      hint: `set AGENT_ID=${parsed.value} before the client starts, or name it: squad-guard bind ${parsed.value} --session ID`,
    });
  }
  const squad = openSquad(call.io);
  const before = readSession(store, squad.squadDir, session);
  const record: SessionRecord = {
    version: 1,
    session,
    client: 'unknown',
    worktreeRoot: squad.worktreeRoot,
    startedAt: renderInstant(clock.wallMs()),
    ...before,
    agent: parsed.value,
    named: 'bound',
  };
  writeSession(store, squad.squadDir, record);
  squad.journal.record({
    kind: 'session.bound',
    agent: parsed.value,
    session,
    data: { was: before?.agent ?? '' },
  });
  const was = before === undefined || before.agent === parsed.value ? '' : ` (was ${before.agent})`;
  return Promise.resolve({
    exitCode: EXIT.done,
    json: { session, agent: parsed.value, was: before?.agent ?? null },
    text: `this session is ${parsed.value}${was}`,
  });
}
