import type { Clock, IdSource } from '#protocol';
import type { Store } from '#store';
import type { Task, TaskGraph } from '#tasks';
import type { Backoff } from '../attempts.ts';
import type { AgentEvent } from '../client/agent-event.ts';
import type { Client, Permissions } from '../client/client.ts';
import type { ItemRecord } from '../record/run-record.ts';

/** What `runPlans` is asked to do. Everything but `cwd` and `with` has a default. */
export interface RunOptions {
  /** A folder of the repository. */
  readonly cwd: string;
  /** `claude`, `codex`, `gemini`, `opencode`, a command with `{prompt}`, or a client of your own. */
  readonly with: string | Client | ((task: Task) => Client);
  /** The work; the plans in `.squad/`, else `task-graph.yml` and `.claude/tasks/`, unless given. */
  readonly graph?: TaskGraph;
  /** A run to go on with. */
  readonly runId?: string;
  readonly retryFailed?: boolean;
  /** Ids that are left out and count as done. */
  readonly skip?: readonly string[];
  /** Work in the shared tree instead of one worktree per task. Nothing is committed then. */
  readonly inPlace?: boolean;
  /** Nothing is joined: every task starts from the same commit and stays on its own branch, also when it writes the files of another. */
  readonly isolated?: boolean;
  /** Nothing is said in comm files: for those who look and do not work. */
  readonly silent?: boolean;
  /** Branch or commit that a task is cut from, where it is not the joined work of the run. */
  readonly baseOf?: (task: Task) => string | undefined;
  readonly wave?: number;
  /** A command that must succeed after each wave. */
  readonly validate?: string;
  readonly maxConcurrent?: number;
  readonly timeoutMs?: number;
  readonly graceMs?: number;
  readonly retries?: number;
  readonly backoff?: Backoff;
  readonly totalUsd?: number;
  readonly perTaskUsd?: number;
  /** Commands that every task needs, beside its own. */
  readonly gates?: readonly string[];
  readonly permissions?: Permissions | ((task: Task) => Permissions);
  readonly model?: string;
  readonly maxTurns?: number;
  readonly env?: NodeJS.ProcessEnv;
  /** Aborting it asks every agent to end and waits for them. */
  readonly signal?: AbortSignal;
  /** Aborting it ends every agent's process group at once. */
  readonly hardSignal?: AbortSignal;
  readonly onChange?: (item: ItemRecord) => void;
  readonly onEvent?: (task: Task, event: AgentEvent) => void;
  /** Text of the prompt template; `.squad/prompts/task.md`, else the package's, unless given. */
  readonly template?: string;
  /** Stand in for the machine's in tests. */
  readonly ports?: {
    readonly store?: Store;
    readonly clock?: Clock;
    readonly newId?: IdSource;
    readonly random?: () => number;
  };
}
