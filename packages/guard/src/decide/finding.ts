import type { EnforcementMode, RepoPath } from '#protocol';

/** One reason why a tool should not run as it is. */
export interface Finding {
  /** What is refused, as shown: a path or an operation. */
  readonly subject: string;
  readonly path?: RepoPath;
  readonly code:
    | 'owned-by-another'
    | 'read-only'
    | 'ambiguous'
    | 'foreign-fragment'
    | 'foreign-region'
    | 'held'
    | 'lease-lost'
    | 'operation-held'
    | 'would-undo-others'
    | 'path-refused';
  readonly mode: EnforcementMode;
  /** One sentence: what is so, and since when or by which rule. */
  readonly why: string;
  /** Exact commands, or one sentence each. */
  readonly next: readonly string[];
}
