import { schema, type Schema } from '#protocol';
import { processIdentitySchema, type ProcessIdentity } from '#store';

/** How one file or folder that git does not carry reached a worktree. */
export interface CarriedEntry {
  readonly path: string;
  readonly how: 'copy' | 'link';
  /** Of a copied file: the hash of its bytes then, by which an untouched copy is known. */
  readonly hash?: string;
}

/** A test command's last outcome in a worktree, and the commit it judged. */
export interface TestOutcome {
  readonly command: string;
  readonly exitCode: number;
  readonly commit: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** `.squad/worktrees/<name>.json`: one worktree of one agent, task or feature. */
export interface WorktreeRecord {
  readonly version: 1;
  readonly name: string;
  readonly branch: string;
  /** Absolute. */
  readonly path: string;
  /** `creating` and `removing` outlive only a process that was killed; `prune` finishes them. */
  readonly state: 'creating' | 'ready' | 'removing';
  /** What it is compared with and synced from: a branch, unless it was cut from a bare commit. */
  readonly base: { readonly ref?: string; readonly commit: string };
  /** The commit it was cut from: the base, or the base with its dependencies merged. */
  readonly start: string;
  /** False when the branch existed before; then `remove` leaves it. */
  readonly createdBranch: boolean;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
  readonly agent?: string;
  readonly purpose?: string;
  /** Names of worktrees whose work this one builds on. */
  readonly dependsOn: readonly string[];
  readonly carried: readonly CarriedEntry[];
  /** Ports, databases and temporary folder held for it, as environment variables. */
  readonly env: Readonly<Record<string, string>>;
  readonly lastTest?: TestOutcome;
  /** The process that is making or removing it. */
  readonly maker?: ProcessIdentity;
}

const { array, boolean, literal, number, object, optional, record, string } = schema;

const carriedSchema: Schema<CarriedEntry> = object<CarriedEntry>({
  path: string(),
  how: literal('copy', 'link'),
  hash: optional(string()),
});

const testSchema: Schema<TestOutcome> = object<TestOutcome>({
  command: string(),
  exitCode: number({ integer: true }),
  commit: string(),
  at: string(),
});

/** Decoder and JSON Schema of {@link WorktreeRecord}. */
export const worktreeRecordSchema: Schema<WorktreeRecord> = object<WorktreeRecord>({
  version: literal(1),
  name: string({ pattern: '\\S', expected: 'a worktree name' }),
  branch: string({ pattern: '\\S', expected: 'a branch' }),
  path: string({ pattern: '\\S', expected: 'an absolute path' }),
  state: literal('creating', 'ready', 'removing'),
  base: object<WorktreeRecord['base']>({ ref: optional(string()), commit: string() }),
  start: string(),
  createdBranch: boolean(),
  createdAt: string(),
  agent: optional(string()),
  purpose: optional(string()),
  dependsOn: array(string()),
  carried: array(carriedSchema),
  env: record(string()),
  lastTest: optional(testSchema),
  maker: optional(processIdentitySchema),
});
