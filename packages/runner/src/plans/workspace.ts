import type { Task } from '#tasks';

/** Where one task is worked on. */
export interface Workspace {
  /** Absolute. */
  readonly cwd: string;
  /** The task's own branch; absent when it works in the shared tree. */
  readonly branch?: string;
  /** The commit the branch was cut from. */
  readonly start?: string;
  /** Ports, temporary folders and the like, for the agent's environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** What an agent left when it ended. */
export interface Settlement {
  /** Tip of the branch, with what the agent had not committed. */
  readonly commit?: string;
  /** Repo-relative paths changed since the start. */
  readonly changed: readonly string[];
  /** What became of uncommitted work: `committed` to the branch, or `kept` where it is, saved as `backup`. */
  readonly leftovers: 'none' | 'committed' | 'kept';
  readonly backup?: string;
  /** Why the work cannot be merged as it stands, as a rebase under way. */
  readonly problem?: string;
}

/** What came of joining a finished task's work with that of the others. */
export type Integration =
  | { readonly kind: 'merged'; readonly commit: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] };

/** Places to work in. */
export interface Workspaces {
  /** The task's place, made from the integrated work of those it depends on; the same one again after a crash. */
  readonly open: (task: Task) => Promise<Workspace>;
  /** Brings into safety what the agent left: never removes anything, never touches the person's branch. */
  readonly settle: (task: Task, workspace: Workspace) => Promise<Settlement>;
  /** Joins the task's work to that of the run, so that dependents start from it. */
  readonly integrate: (task: Task, workspace: Workspace) => Promise<Integration>;
  /** A folder that holds the integrated work, for a validation command. */
  readonly integrated: () => Promise<string>;
  /** Removes what only validation needed, after a backup. */
  readonly close: () => Promise<void>;
  /** What `open` would do, for a dry run. */
  readonly preview: (task: Task) => { readonly cwd: string; readonly branch?: string };
}
