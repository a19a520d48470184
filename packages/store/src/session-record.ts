import { hashText } from './twin.ts';
import { join } from 'node:path';
import { consistsOf, isAlphanumeric, isNameUnit, schema, type Schema } from '#protocol';
import { processIdentitySchema, type ProcessIdentity } from './host.ts';
import type { Store } from './store.ts';

/**
 * `.squad/.run/sessions/<key>.json`: which agent a client's session acts as. Machine-made; losing it loses the binding
 * (the session says who it is again), never work.
 */
export interface SessionRecord {
  readonly version: 1;
  /** The client's own id of the session. */
  readonly session: string;
  readonly client: string;
  readonly agent: string;
  /** How the agent's name came about: said by somebody, or made up because nobody did. */
  readonly named: 'environment' | 'title' | 'bound' | 'generated';
  /** Root of the checkout that the session started in. */
  readonly worktreeRoot: string;
  /** ISO 8601 UTC. */
  readonly startedAt: string;
  readonly endedAt?: string;
  /** The client's process, when it tells. */
  readonly process?: ProcessIdentity;
}

const { later, literal, object, optional, string } = schema;

/** Decoder and JSON Schema of {@link SessionRecord}. */
export const sessionRecordSchema: Schema<SessionRecord> = later(() =>
  object<SessionRecord>({
    version: literal(1),
    session: string(),
    client: string(),
    agent: string(),
    named: literal('environment', 'title', 'bound', 'generated'),
    worktreeRoot: string(),
    startedAt: string(),
    endedAt: optional(string()),
    process: optional(processIdentitySchema),
  }),
);

function folderOf(squadDir: string): string {
  return join(squadDir, '.run', 'sessions');
}

/** Path of a session's record. Ids come from outside: only harmless ones serve as file names as they are. */
export function sessionFile(squadDir: string, session: string): string {
  const isPlain =
    session.length <= 100 && isAlphanumeric(session.charCodeAt(0)) && consistsOf(session, isNameUnit);
  const name = isPlain ? session : hashText(session).slice('sha256:'.length);
  return join(folderOf(squadDir), `${name}.json`);
}

/** The record of a session, or `undefined` when there is none or it is damaged. */
export function readSession(store: Store, squadDir: string, session: string): SessionRecord | undefined {
  return decode(store.readText(sessionFile(squadDir, session)));
}

/** Replaces the record of a session. */
export function writeSession(store: Store, squadDir: string, record: SessionRecord): void {
  store.writeAtomic(sessionFile(squadDir, record.session), `${JSON.stringify(record, undefined, 2)}\n`);
}

/** Every readable session record, in the order of their file names. */
export function listSessions(store: Store, squadDir: string): readonly SessionRecord[] {
  const folder = folderOf(squadDir);
  return store
    .list(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => decode(store.readText(join(folder, name))) ?? []);
}

/** The session id that a client, or our plugin in it, puts into the environment of the commands it runs. */
export function sessionIdFrom(env: NodeJS.ProcessEnv): string | undefined {
  const names = ['CLAUDE_CODE_SESSION_ID', 'CODEX_SESSION_ID', 'GEMINI_SESSION_ID', 'SQUAD_SESSION_ID'];
  return names.map((name) => env[name]).find((id) => id !== undefined && id !== '');
}

/**
 * Notes that a session acted just now, in a file of its own, so that no record is rewritten. What an agent says is
 * thereby known to come from the session's process, which is what makes its later death provable.
 */
export function noteSessionActed(store: Store, squadDir: string, session: string): void {
  store.writeAtomic(`${sessionFile(squadDir, session)}.acted`, '');
}

/** When a session last acted or its record was written, in milliseconds since the epoch. */
export function lastHeardOfSession(store: Store, squadDir: string, session: string): number | undefined {
  const path = sessionFile(squadDir, session);
  const times = [store.stat(path), store.stat(`${path}.acted`)].flatMap((entry) => entry?.modifiedMs ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}

function decode(text: string | undefined): SessionRecord | undefined {
  if (text === undefined) return undefined;
  try {
    const decoded = sessionRecordSchema.decode(JSON.parse(text));
    return decoded.ok ? decoded.value : undefined;
  } catch {
    return undefined;
  }
}
