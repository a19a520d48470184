import { schema, type Schema } from '#protocol';
import { sessionFile } from './session-record.ts';
import type { Store } from './store.ts';

/** One thing that a session was told: what, by which process, when. */
interface Saying {
  readonly key: string;
  readonly by: string;
  readonly atMs: number;
}

const { later, number, object, string } = schema;

const sayingSchema: Schema<Saying> = later(() =>
  object<Saying>({ key: string(), by: string(), atMs: number() }),
);

/** What a process is about to tell its session. */
export interface SayingClaim {
  readonly session: string;
  readonly keys: readonly string[];
  /** Unlike that of every other process. */
  readonly by: string;
  readonly atMs: number;
  /** Things said before this instant may be said again. */
  readonly sinceMs?: number;
}

/** Keys of everything that a session was told. */
export function saidIn(store: Store, squadDir: string, session: string): ReadonlySet<string> {
  return new Set(readSayings(store, squadDir, session).map(({ key }) => key));
}

/**
 * The keys that this process is the first to tell the session. Each process appends its claim in one write and then reads whose
 * stands first, so of several at once (two installations of the guard, two sub-agents) exactly one gets each key.
 */
export function claimSayings(store: Store, squadDir: string, claim: SayingClaim): readonly string[] {
  const { session, keys, by, atMs, sinceMs = 0 } = claim;
  const lines = keys.map((key) => `${JSON.stringify({ key, by, atMs } satisfies Saying)}\n`);
  if (lines.length === 0) return [];
  store.append(sayingsFile(squadDir, session), lines.join(''));
  const first = new Map<string, string>();
  for (const saying of readSayings(store, squadDir, session))
    if (saying.atMs >= sinceMs && !first.has(saying.key)) first.set(saying.key, saying.by);
  return keys.filter((key) => first.get(key) === by);
}

function sayingsFile(squadDir: string, session: string): string {
  return `${sessionFile(squadDir, session)}.said`;
}

function readSayings(store: Store, squadDir: string, session: string): readonly Saying[] {
  const lines = (store.readText(sayingsFile(squadDir, session)) ?? '').split('\n');
  return lines.flatMap((line) => decode(line) ?? []);
}

// A line that a killed process tore claims nothing.
function decode(line: string): Saying | undefined {
  if (line === '') return undefined;
  try {
    const decoded = sayingSchema.decode(JSON.parse(line));
    return decoded.ok ? decoded.value : undefined;
  } catch {
    return undefined;
  }
}
