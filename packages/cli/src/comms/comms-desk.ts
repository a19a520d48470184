import { appendBlock, journalDraftOf, readComms, type UnplacedBlock } from '#comms';
import { SquadError, type AgentId, type CommBlock } from '#protocol';
import { noteSessionActed, readSession, sessionIdFrom, toRepoPath } from '#store';
import type { Call } from '../shell/command.ts';
import { openSquad, whoAmI, type Squad } from '../shell/squad.ts';

/** Where one agent reads and writes its messages. */
export interface CommsDesk {
  readonly squad: Squad;
  readonly me: AgentId;
  /** Now, to the second, as blocks bear it. */
  readonly at: number;
  readonly newId: (prefix: string) => string;
  readonly read: () => readonly CommBlock[];
  /** Appends the block to the agent's own file, journals it, and returns the text written. */
  readonly write: (block: UnplacedBlock) => string;
  /** Repo-relative forms of paths as typed. */
  readonly paths: (typed: readonly string[]) => readonly string[];
}

/** Opens the desk of the agent that calls, or of the one named. */
export function openDesk(call: Call, me: AgentId = whoAmI(call)): CommsDesk {
  const { io } = call;
  const squad = openSquad(io);
  return {
    squad,
    me,
    at: Math.floor(io.clock.wallMs() / 1000) * 1000,
    newId: (prefix) => `${prefix}-${io.newId()}`,
    read: () => readComms(io.store, squad.squadDir).blocks,
    write(block) {
      const text = appendBlock(io.store, squad.squadDir, block);
      squad.journal.record(journalDraftOf(block));
      const session = sessionIdFrom(io.env);
      if (session !== undefined && readSession(io.store, squad.squadDir, session)?.agent === me)
        noteSessionActed(io.store, squad.squadDir, session);
      return text;
    },
    paths: (typed) =>
      typed
        .flatMap((text) => text.split(','))
        .map((text) => text.trim())
        .filter((text) => text !== '')
        .map((path) => toRepoPath(io.store, squad, { path, cwd: io.cwd })),
  };
}

/** What every block of the agent begins with. */
export function blockBase(desk: CommsDesk): { author: string; at: number; extra: Record<string, string> } {
  return { author: desk.me, at: desk.at, extra: {} };
}

/** Words of the command line as one text, or `USAGE`. */
export function wordsOf(call: Call, from: number, what: string): string {
  const text = call.positionals.slice(from).join(' ').trim();
  if (text !== '') return text;
  throw new SquadError({
    code: 'USAGE',
    message: `${what} is empty`,
    hint: `write ${what} as the last argument`,
  });
}
