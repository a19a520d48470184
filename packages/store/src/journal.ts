import { join } from 'node:path';
import { journalEventSchema, renderInstant, type Clock, type IdSource, type JournalEvent } from '#protocol';
import type { Store } from './store.ts';

/** What a caller knows of an event; time and id are added. */
export type EventDraft = Pick<JournalEvent, 'kind' | 'agent' | 'session' | 'data'>;

/** Writes `.squad/logs/events.ndjson`. */
export interface Journal {
  /** Appends one line in one write. A journal that cannot be written never fails the caller: history is lost, not work. */
  readonly record: (event: EventDraft) => void;
}

/** What stands in the journal; lines that are torn or foreign are counted, never fatal. */
export interface JournalReading {
  readonly events: readonly JournalEvent[];
  readonly unreadable: number;
}

/** Path of the journal in a `.squad/` folder. */
export function journalPath(squadDir: string): string {
  return join(squadDir, 'logs', 'events.ndjson');
}

/** A journal that appends to the `.squad/` folder. */
export function openJournal(ports: {
  store: Store;
  squadDir: string;
  clock: Clock;
  newId: IdSource;
}): Journal {
  const { store, squadDir, clock, newId } = ports;
  return {
    record(draft) {
      const event: JournalEvent = {
        v: 1,
        at: renderInstant(clock.wallMs(), 'milliseconds'),
        id: newId(),
        ...draft,
      };
      try {
        store.append(journalPath(squadDir), `${JSON.stringify(event)}\n`);
      } catch {
        // Deliberately nothing: see the contract.
      }
    },
  };
}

/** Reads every event of the journal, oldest first as written. */
export function readJournal(store: Store, squadDir: string): JournalReading {
  const lines = (store.readText(journalPath(squadDir)) ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const events = lines.flatMap(decodeLine);
  return { events, unreadable: lines.length - events.length };
}

function decodeLine(line: string): JournalEvent[] {
  try {
    const decoded = journalEventSchema.decode(JSON.parse(line));
    return decoded.ok ? [decoded.value] : [];
  } catch {
    return [];
  }
}
