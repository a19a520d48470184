import type { WorktreeWorld } from '#worktree';
import type { MergeSettings } from './settings.ts';

/** What the merge service works with. */
export interface MergeWorld extends WorktreeWorld {
  readonly merge: MergeSettings;
  readonly env: NodeJS.ProcessEnv;
  /** Told of each step as it happens, for progress. */
  readonly onStep: (text: string) => void;
  /** Aborted when the person asks to stop; the queue stays and can be resumed. */
  readonly signal?: AbortSignal;
}
