import { schema, type Schema } from '#protocol';
import { processIdentitySchema, type ProcessIdentity } from '#store';

/** What kind of work a run does. */
export const RUN_KINDS = ['tasks', 'fanout', 'race', 'lens'] as const;

/** `.squad/runs/<id>/run.json`: what was asked for. Written once. */
export interface RunRecord {
  readonly version: 1;
  readonly id: string;
  readonly kind: (typeof RUN_KINDS)[number];
  /** ISO 8601 UTC. */
  readonly createdAt: string;
  /** The command or client that does the work. */
  readonly command: string;
  /** Absolute path of the folder it was started in; items are relative to it. */
  readonly cwd: string;
  /** Commit that the work starts from, where there is one. */
  readonly base?: string;
  /** The person's branch at the start; absent when HEAD was detached. */
  readonly target?: string;
  /** Branch that collects the work, where there is one. */
  readonly integration?: string;
  /** Keys of the items, in their order. */
  readonly items: readonly string[];
}

/** States of an item; `running` of a run whose runner is gone means interrupted. */
export const ITEM_STATES = ['pending', 'running', 'done', 'failed', 'skipped'] as const;

/** One of {@link ITEM_STATES}. */
export type ItemState = (typeof ITEM_STATES)[number];

/** One try of an item. */
export interface AttemptRecord {
  readonly startedAt: string;
  /** Absent while it runs, and for ever when the runner died meanwhile. */
  readonly endedAt?: string;
  /** The agent's process, so that a later runner can tell whether it still lives. */
  readonly process?: ProcessIdentity;
  readonly reason?: string;
  readonly session?: string;
  readonly costUsd?: number;
  readonly tokens?: number;
  readonly durationMs?: number;
  /** Tool calls that the client, a hook or a policy refused, at most {@link MOST_DENIED}. */
  readonly denied?: readonly { readonly tool: string; readonly reason: string }[];
}

/** As many refusals of one attempt are kept. */
export const MOST_DENIED = 20;

/** `.squad/runs/<id>/items/<n>.json`: how far one item is. Replaced whole at each change. */
export interface ItemRecord {
  readonly version: 1;
  readonly key: string;
  readonly state: ItemState;
  readonly attempts: readonly AttemptRecord[];
  readonly reason?: string;
  /** Absolute path of the log. */
  readonly log?: string;
  readonly branch?: string;
  /** Commit of the branch when the item was finished. */
  readonly commit?: string;
}

const { array, literal, number, object, optional, string } = schema;

/** Decoder and JSON Schema of {@link RunRecord}. */
export const runRecordSchema: Schema<RunRecord> = object<RunRecord>({
  version: literal(1),
  id: string({ pattern: '^[\\w-]+$', expected: 'a run id' }),
  kind: literal(...RUN_KINDS),
  createdAt: string(),
  command: string(),
  cwd: string(),
  base: optional(string()),
  target: optional(string()),
  integration: optional(string()),
  items: array(string()),
});

const attempt: Schema<AttemptRecord> = object<AttemptRecord>({
  startedAt: string(),
  endedAt: optional(string()),
  process: optional(processIdentitySchema),
  reason: optional(string()),
  session: optional(string()),
  costUsd: optional(number({ min: 0 })),
  tokens: optional(number({ min: 0 })),
  durationMs: optional(number({ min: 0 })),
  denied: optional(array(object<{ tool: string; reason: string }>({ tool: string(), reason: string() }))),
});

/** Decoder and JSON Schema of {@link ItemRecord}. */
export const itemRecordSchema: Schema<ItemRecord> = object<ItemRecord>({
  version: literal(1),
  key: string(),
  state: literal(...ITEM_STATES),
  attempts: array(attempt),
  reason: optional(string()),
  log: optional(string()),
  branch: optional(string()),
  commit: optional(string()),
});
