import { parseInstant, type JournalEvent } from '#protocol';

/** Fields of an event's data, read one by one; what is missing or of another type is `undefined`. */
export interface EventData {
  readonly atMs: number;
  readonly text: (name: string) => string | undefined;
  readonly texts: (name: string) => readonly string[];
  readonly count: (name: string) => number | undefined;
  readonly has: (name: string) => boolean;
  readonly objects: (name: string) => readonly EventData[];
}

/** Reads an event of the journal, whoever wrote it. */
export function eventData(event: JournalEvent): EventData {
  return dataOf(event.data, parseInstant(event.at) ?? 0);
}

function dataOf(data: unknown, atMs: number): EventData {
  const fields: Readonly<Record<string, unknown>> =
    typeof data === 'object' && data !== null ? { ...data } : {};
  const list = (name: string): readonly unknown[] => (Array.isArray(fields[name]) ? fields[name] : []);
  return {
    atMs,
    text: (name) => (typeof fields[name] === 'string' ? fields[name] : undefined),
    texts: (name) => list(name).filter((item) => typeof item === 'string'),
    count: (name) => (typeof fields[name] === 'number' ? fields[name] : undefined),
    has: (name) => fields[name] !== undefined && fields[name] !== false,
    objects: (name) => list(name).map((item) => dataOf(item, atMs)),
  };
}
