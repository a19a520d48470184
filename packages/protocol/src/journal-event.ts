import { anything, literal, object, optional, string, type Schema } from './schema.ts';

/**
 * One line of `.squad/logs/events.ndjson`, the audit trail and the source of all metrics.
 * Losing it loses history, never correctness.
 */
export interface JournalEvent {
  readonly v: 1;
  /** ISO 8601 UTC with milliseconds. */
  readonly at: string;
  readonly id: string;
  /** What happened, as `lock.acquired`, `task.done`, `handoff.accepted`. */
  readonly kind: string;
  readonly agent: string;
  readonly session?: string;
  readonly data?: unknown;
}

/** Decoder and JSON Schema of {@link JournalEvent}. */
export const journalEventSchema: Schema<JournalEvent> = object<JournalEvent>({
  v: literal(1),
  at: string(),
  id: string(),
  kind: string({ pattern: '^[a-z][a-z-]*(?:\\.[a-z-]+)*$', expected: 'a dotted lower-case word' }),
  agent: string(),
  session: optional(string()),
  data: optional(anything()),
});
