/** What a repository decides about merging; the part of `.squad/config.yaml` named `merge`. */
export interface MergeSettings {
  /** Run after each merge in the integration worktree; empty: nothing is tested. */
  readonly test: string;
  /** Run before the test, with the same consequences; empty: types are not checked. */
  readonly types: string;
  /** A test or type check that takes longer is ended and counts as red. */
  readonly testTimeout: string;
  /** Generated files by pattern, and the command that makes them anew. */
  readonly regenerate: Readonly<Record<string, string>>;
  /** Files in which both sides' lines can stand side by side. */
  readonly union: readonly string[];
}
