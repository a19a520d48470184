import { array, later, literal, object, optional, record, string, type Schema } from './schema.ts';

/**
 * How a path may be written. EXCLUSIVE: by its owner. SEQUENTIAL: by anyone, one at a time, through a lease.
 * READ-ONLY: by nobody. PARTITIONED: by everyone, each in its own fragment or region.
 */
export const ACCESS_LEVELS = ['EXCLUSIVE', 'SEQUENTIAL', 'READ-ONLY', 'PARTITIONED'] as const;

/** One of {@link ACCESS_LEVELS}. */
export type Access = (typeof ACCESS_LEVELS)[number];

/** What the guard does when a rule is broken: say nothing and journal, warn, ask the person, or refuse. */
export const ENFORCEMENT_MODES = ['observe', 'warn', 'ask', 'block'] as const;

/** One of {@link ENFORCEMENT_MODES}. */
export type EnforcementMode = (typeof ENFORCEMENT_MODES)[number];

/** One row of the matrix. */
export interface OwnershipRule {
  /** An agent id, a role, or `NONE`. */
  readonly owner: string;
  readonly access: Access;
  /** For SEQUENTIAL paths: the agents in the planned order of handoffs. */
  readonly order?: readonly string[];
  /** Patterns inside the rule's own that the rule does not cover. */
  readonly except?: readonly string[];
  /** For PARTITIONED folders: the pattern of one agent's fragments, below the folder, with `<agent>` in it. */
  readonly fragments?: string;
  /** `block` unless set. */
  readonly mode?: EnforcementMode;
  /** The CODEOWNERS section heading the rule came from. */
  readonly section?: string;
  readonly why?: string;
}

/** A never-parallel operation: commands that count as one, under one lock `op:<name>`. */
export interface Zone {
  readonly commands: readonly string[];
  readonly why?: string;
}

/** `.squad/ownership.yaml` after reading: patterns (repo-rooted, with a leading `/`) to rules. */
export interface OwnershipMatrix {
  readonly version: 1;
  /** For paths that no rule names. */
  readonly default: OwnershipRule;
  readonly zones: Readonly<Record<string, Zone>>;
  readonly paths: Readonly<Record<string, OwnershipRule>>;
}

/** Decoder and JSON Schema of {@link OwnershipRule}. */
export const ownershipRuleSchema: Schema<OwnershipRule> = later(() =>
  object<OwnershipRule>({
    owner: string({ pattern: '\\S', expected: 'an agent id, a role or NONE' }),
    access: literal(...ACCESS_LEVELS),
    order: optional(array(string())),
    except: optional(array(string())),
    fragments: optional(string()),
    mode: optional(literal(...ENFORCEMENT_MODES)),
    section: optional(string()),
    why: optional(string()),
  }),
);

/** Decoder and JSON Schema of {@link OwnershipMatrix}, the matrix as a document. */
export const ownershipMatrixSchema: Schema<OwnershipMatrix> = later(() =>
  object<OwnershipMatrix>({
    version: literal(1),
    default: ownershipRuleSchema,
    zones: record(object<Zone>({ commands: array(string()), why: optional(string()) })),
    paths: record(ownershipRuleSchema),
  }),
);
