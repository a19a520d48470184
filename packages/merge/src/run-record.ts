import { schema, type Schema } from '#protocol';

/** How branches become commits of the target. */
export const STRATEGIES = ['sequential', 'rebase', 'cherry-pick', 'squash'] as const;

/** One of {@link STRATEGIES}. */
export type Strategy = (typeof STRATEGIES)[number];

/**
 * Where one branch of a run stands. `queued merging testing` are on the way; `integrated` waits for a test of the
 * whole batch; `merged` is in and green; the others are out, for a reason.
 */
export const ENTRY_STATES = [
  'queued',
  'merging',
  'testing',
  'integrated',
  'merged',
  'nothing',
  'conflict',
  'parked',
  'blocked',
] as const;

/** One of {@link ENTRY_STATES}. */
export type EntryState = (typeof ENTRY_STATES)[number];

/** One branch of a run. */
export interface RunEntry {
  readonly name: string;
  readonly branch: string;
  /** The commit that is merged: the branch's tip when the run began. */
  readonly tip: string;
  readonly dependsOn: readonly string[];
  readonly agent?: string;
  readonly purpose?: string;
  readonly state: EntryState;
  /** The commit of the integration line that brought it in. */
  readonly commit?: string;
  readonly reason?: string;
  readonly files?: readonly string[];
  /** How conflicts were settled without a person, by path. */
  readonly settled?: Readonly<Record<string, string>>;
  /** Output of the test that was red, relative to `.squad/`. */
  readonly log?: string;
  /** The record handed to the owner, relative to `.squad/`. */
  readonly handoff?: string;
}

/** `.squad/merge/<id>/run.json`: one run of the merge queue; all that is needed to go on after a crash. */
export interface MergeRun {
  readonly version: 1;
  readonly id: string;
  readonly target: string;
  /** Where the target stood when the run began; what `undo` restores. */
  readonly from: string;
  readonly strategy: Strategy;
  readonly test: string;
  readonly batch: boolean;
  readonly state: 'running' | 'ready' | 'landed' | 'stopped' | 'undone';
  readonly reason?: string;
  /** Exit code of the test on the target before anything was merged. */
  readonly baseline?: number;
  /** The last commit of the integration line that is known to be good. */
  readonly head: string;
  /** Of a batch: the last commit whose test was green. */
  readonly verified?: string;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly entries: readonly RunEntry[];
}

const { array, boolean, literal, number, object, optional, record, string } = schema;

const entrySchema: Schema<RunEntry> = object<RunEntry>({
  name: string(),
  branch: string(),
  tip: string(),
  dependsOn: array(string()),
  agent: optional(string()),
  purpose: optional(string()),
  state: literal(...ENTRY_STATES),
  commit: optional(string()),
  reason: optional(string()),
  files: optional(array(string())),
  settled: optional(record(string())),
  log: optional(string()),
  handoff: optional(string()),
});

/** Decoder and JSON Schema of {@link MergeRun}. */
export const mergeRunSchema: Schema<MergeRun> = object<MergeRun>({
  version: literal(1),
  id: string({ pattern: '^[0-9A-Za-z-]+$', expected: 'a run id' }),
  target: string(),
  from: string(),
  strategy: literal(...STRATEGIES),
  test: string(),
  batch: boolean(),
  state: literal('running', 'ready', 'landed', 'stopped', 'undone'),
  reason: optional(string()),
  baseline: optional(number({ integer: true })),
  head: string(),
  verified: optional(string()),
  startedAt: string(),
  finishedAt: optional(string()),
  entries: array(entrySchema),
});
