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

/** What a check is about. */
export type CheckKind = 'types' | 'test';

/** How a command judged a commit of the integration line. */
export interface Check {
  readonly kind: CheckKind;
  readonly command: string;
  /** 124: it was ended because it took too long. */
  readonly exitCode: number;
  readonly commit: string;
  readonly tookMs: number;
  /** Its output, relative to `.squad/`. */
  readonly log: string;
}

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
  /** What was run on it, the last time. */
  readonly checks?: readonly Check[];
  /** Output of the check that was red, relative to `.squad/`. */
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
  /** Empty: nothing is tested. */
  readonly test: string;
  /** Empty or missing: types are not checked. */
  readonly types?: string;
  readonly batch: boolean;
  readonly state: 'running' | 'ready' | 'landed' | 'stopped' | 'undone';
  readonly reason?: string;
  /** Exit code of the checks on the target before anything was merged: 0, or that of the first red one. */
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

const checkSchema: Schema<Check> = object<Check>({
  kind: literal('types', 'test'),
  command: string(),
  exitCode: number({ integer: true }),
  commit: string(),
  tookMs: number({ min: 0 }),
  log: string(),
});

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
  checks: optional(array(checkSchema)),
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
  types: optional(string()),
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
